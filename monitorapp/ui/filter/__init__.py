"""The filter's box, its completion and the saved filters."""
