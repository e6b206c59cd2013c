"""Does a customer get through?"""
