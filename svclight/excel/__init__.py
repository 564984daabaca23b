"""Plain data -> Excel files: the report of a card, the empty sheet of a hand-kept table."""
