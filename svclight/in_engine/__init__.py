"""The method played on expressions, as one query in an engine: the same counts, without the rows leaving it.

Rows that engines could read differently come back and are judged by `judging`; both counts are added.
"""
