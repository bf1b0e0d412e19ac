"""The table of interrupted responses, whose rows open."""
