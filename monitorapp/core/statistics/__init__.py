"""Statistics of many waits: rates, and how long clients wait."""
