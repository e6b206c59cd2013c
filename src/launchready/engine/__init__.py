"""Plan, gather, judge, rank, decide. Knows no particular probe or check."""
