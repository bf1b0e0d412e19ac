"""Opens a row's render method in the user's editor."""
