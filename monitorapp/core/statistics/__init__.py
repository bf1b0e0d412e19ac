"""What many waits say: rates, and how long clients wait."""
