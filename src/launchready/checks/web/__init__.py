"""Is what the pages do safe for visitors?"""
