"""Charts that any pane can show."""
