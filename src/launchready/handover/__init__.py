"""The pack that a founder runs the product with, from live facts."""
