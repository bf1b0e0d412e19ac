"""Building blocks that all rooms of the window share."""
