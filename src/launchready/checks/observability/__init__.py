"""Does the product say the truth about itself?"""
