"""Rows folded into groups."""
