"""YAML text -> a checked document, or every problem of it with its place.

What is written is read strictly, becomes frozen models, and is held against the rules that its keys must keep together.
"""
