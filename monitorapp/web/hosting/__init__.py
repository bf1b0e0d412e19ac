"""What the server serves."""
