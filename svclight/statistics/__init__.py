"""Formulas of statistics on numbers and small arrays, each with its source.

It knows no definition and no card: counts go in, shares, intervals, limits and tests come out.
"""
