"""The pack that a founder runs the product with, made from live facts. What is missing is an open item with a name."""
