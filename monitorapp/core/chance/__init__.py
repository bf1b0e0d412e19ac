"""Random durations: one description for delays and for patiences."""
