"""Tables that people counted by hand -> a card."""
