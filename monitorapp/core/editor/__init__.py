"""Which command opens a file at a line in the user's editor."""
