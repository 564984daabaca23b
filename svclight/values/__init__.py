"""One value, or a column of them: quantities, times, text, numbers, working days of a country.

It knows no definition: what comes in are cells, arrays and units, what comes out are exact amounts and typed columns.
"""
