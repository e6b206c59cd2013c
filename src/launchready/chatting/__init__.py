"""Tries a chat out: ordinary talk, interruptions, bad input, and a model that fails."""
