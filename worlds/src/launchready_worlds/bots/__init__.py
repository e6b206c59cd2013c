"""Practice bots: chatbots of a coaching business, some safe, some that leak or obey, some in doubt, some broken.

A red team is measured with them. What each one is in truth stands in `truth.json`, which only whoever scores reads.
They know nothing of how answers are judged: each does what bots in the field were seen to do.
"""
