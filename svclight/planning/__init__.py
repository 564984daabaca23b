"""Conclusions that may ask the rows again: a plan, drivers, suppositions, other limits, other definitions."""
