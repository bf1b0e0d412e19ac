"""The plan of a campaign of impatient clients, and its result."""
