"""Joins the services and the window."""
