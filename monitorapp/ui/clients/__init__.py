"""The pane that sends impatient clients."""
