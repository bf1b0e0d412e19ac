"""Text that is safe to show, and values as a user reads them."""
