"""Records to files and from files."""
