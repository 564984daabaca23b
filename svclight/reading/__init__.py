"""Frames and files -> raw columns, and the lines that could not be read.

A column lies here as it was written; what it means is for `logs`.
"""
