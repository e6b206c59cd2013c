"""The command line: reads arguments, prints, and writes files. Everything else is done below."""
