"""The result, and views of it as plain values: tables, lights, values over zones, the usual course, interactions.

`card_tables.CardTables` is what every view and every decision takes; texts, pages and plots are made of the views.
"""
