"""What a look can bring back, one module a topic. Frozen records; text from the target is kept as it came."""
