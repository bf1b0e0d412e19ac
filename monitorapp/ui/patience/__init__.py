"""The pane that shows how long clients wait."""
