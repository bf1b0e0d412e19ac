"""Shows and changes the delay."""
