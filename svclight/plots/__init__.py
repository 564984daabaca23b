"""Plain data -> matplotlib axes. A plot takes an axis, gives it back, and computes nothing."""
