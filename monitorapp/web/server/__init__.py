"""The listening server, its connections and their transports."""
