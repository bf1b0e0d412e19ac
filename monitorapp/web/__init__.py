"""The web server and what it knows of its requests: Twisted, no Qt."""
