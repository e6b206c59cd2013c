"""Checks of what stands in front of the product, and of ways around it."""
