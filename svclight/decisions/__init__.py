"""Conclusions from the frozen tables of a card alone: check, compare, control limits, funnel."""
