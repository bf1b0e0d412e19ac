"""One interrupted response: what is recorded of it, and how that reads."""
