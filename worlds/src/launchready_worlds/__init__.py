"""A small internet on loopback around coachbot."""
