"""The method played on arrays, part by part: rows of a typed log -> states and reasons -> counts."""
