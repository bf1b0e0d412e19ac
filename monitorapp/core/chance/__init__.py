"""Durations by chance: one description for delays and for patiences."""
