"""The server and its clients: Twisted, no Qt."""
