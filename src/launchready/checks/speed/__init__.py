"""Is it fast enough that nobody leaves?"""
