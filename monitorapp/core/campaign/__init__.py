"""What a campaign of impatient clients is asked to do, and what came of it."""
