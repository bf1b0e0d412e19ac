"""The pane that shows interruptions and lag over time."""
