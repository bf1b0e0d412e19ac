"""A request while it waits, while it is worked for, and once it has ended."""
