"""Would a browser go on?"""
