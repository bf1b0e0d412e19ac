"""The window: widgets and models, without Twisted and without the web server."""
