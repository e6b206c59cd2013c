"""Do the product's open doors withstand abuse?"""
