"""A definition, a limit, a condition in words: long for the service standard, short for tables, as text of Markdown."""
