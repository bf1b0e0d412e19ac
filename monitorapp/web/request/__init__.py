"""The tracked request, from its first byte to what becomes of its work."""
