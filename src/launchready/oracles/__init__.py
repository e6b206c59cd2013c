"""Judge what a chatbot answered, by evidence: pure functions over transcripts, without a model.

A text is a leak because something stands in it that it can only have from where it must not have it from. It is never
safe because it sounds like a refusal. Each oracle is a module; `judge` brings them into an order.
"""
