"""What a chatbot product runs behind: health, version, redacted logs, log-in throttling.

Pure ASGI throughout: nothing here buffers a response, so streamed answers stay streamed.
"""
