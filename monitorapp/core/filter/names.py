"""What the terms of the filter language can ask for."""

from __future__ import annotations

from typing import Final

FIELDS: Final = ("path", "client", "method", "reason", "type", "agent", "is")
"""What can stand before a colon."""

COMPARED: Final = ("waited", "delay", "remaining", "time", "tries")
"""What can stand before a sign of comparison."""
