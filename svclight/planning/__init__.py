"""What asks the rows again: what to mend first, which segments explain it, what would be if, other limits."""
