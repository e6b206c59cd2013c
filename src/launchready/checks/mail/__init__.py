"""Do receivers take our mail for ours?"""
