"""The owner's `launchready.toml`: strict reading into a `Product`, and the words that say what to mend."""
