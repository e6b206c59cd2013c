"""Core types: subjects, readings, facts, probes, checks, verdicts. Standard library only, no I/O, no clock."""
