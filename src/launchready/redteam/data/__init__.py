"""The attacks and harmless questions themselves, one file a category."""
