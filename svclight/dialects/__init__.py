"""Engines in their own words: DuckDB, Polars, Spark, and databases through ibis.

It knows no rule of the method. `dialect.Dialect` says what differs between engines; each engine has a module.
"""
