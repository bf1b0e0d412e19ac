"""What can be typed: the tree of commands and options, and one file for each command."""
