"""Attacks on a chatbot: as data, disguised, planted, sent and written down. What they bring is judged elsewhere."""
