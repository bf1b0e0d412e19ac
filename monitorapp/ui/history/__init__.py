"""The list of runs that the history keeps."""
