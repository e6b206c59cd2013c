"""Is what runs what you think runs?"""
