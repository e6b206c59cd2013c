"""A small internet on loopback around coachbot, with faults injected from outside."""
