"""What a chatbot product runs behind."""
