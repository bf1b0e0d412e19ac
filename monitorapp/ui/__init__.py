"""What the user sees: PyQt5, no Twisted."""
