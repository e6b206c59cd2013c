"""Does the name lead to the product?"""
