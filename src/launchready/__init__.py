"""May this product take paying traffic, and if not, what first?"""

__version__ = "0.1.0"
