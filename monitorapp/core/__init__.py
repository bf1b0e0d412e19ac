"""What an interrupted response is: no Qt, no sockets, no reactor."""
