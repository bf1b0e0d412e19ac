"""What can be shown: the live records, a run of the history, a file."""
