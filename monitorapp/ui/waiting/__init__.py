"""The pane of the requests that wait now."""
