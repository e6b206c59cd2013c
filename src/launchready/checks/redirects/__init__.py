"""Do visitors end where the owner wants them?"""
