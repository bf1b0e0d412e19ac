"""Joins core, web and ui, and starts and stops them."""
