"""Release a product with its owner's own commands, see that it works, and bring the former release back where not."""
