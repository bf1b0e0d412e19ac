"""Impatient clients that send real requests."""
