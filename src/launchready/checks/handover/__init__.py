"""Can somebody else run the product?"""
