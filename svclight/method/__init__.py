"""The rule book: what an interaction is by a criterion, each rule written once, over a view of the log."""
