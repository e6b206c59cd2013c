"""Composition: the only place that names both probes and checks, and the only one that reads the clock."""
