"""Render a verdict for people and programs. A report decides nothing and touches nothing: values in, text out."""
