"""How long a response is delayed."""
