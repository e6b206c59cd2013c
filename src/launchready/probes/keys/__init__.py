"""Find keys in a repository: the scanner with our own rules, and what a found key is."""
