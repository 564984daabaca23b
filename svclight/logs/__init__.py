"""Raw columns -> typed columns over accepted rows: what a definition sees of a log.

Events become cases, rows of other logs are joined, customers are known again, rows that no criterion rates are named.
"""
