"""Do the links that customers are sent keep their promise?"""
