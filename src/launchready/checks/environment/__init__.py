"""Does the product get the values that it was written for?"""
