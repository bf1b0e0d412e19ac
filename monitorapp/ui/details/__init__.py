"""All that is known of the current row."""
