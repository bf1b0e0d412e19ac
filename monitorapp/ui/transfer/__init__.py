"""Exports and imports files while the window keeps running."""
