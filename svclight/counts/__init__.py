"""Counts in terms of no engine: what was counted of a process, put together and laid out as tidy tables."""
