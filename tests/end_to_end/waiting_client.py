"""A client that asks, says so, and waits to be killed: HOST PORT."""

import signal
import socket
import sys

host, port = sys.argv[1:]
connection = socket.create_connection((host, int(port)))
connection.sendall(b"GET /killed HTTP/1.1\r\nHost: localhost\r\n\r\n")
print(flush=True)
signal.pause()
