"""Exports and imports files while the window goes on."""
