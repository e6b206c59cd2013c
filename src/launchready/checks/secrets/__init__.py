"""Are the keys where nobody else can read them?"""
