"""Grammars: one module a specification, text or bytes in, a typed value or that module's own error out."""
