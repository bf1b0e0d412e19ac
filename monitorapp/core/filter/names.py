"""What the terms of the filter language can ask for."""

from __future__ import annotations

from typing import Final

FIELDS: Final = ("path", "client", "method", "reason", "type", "agent", "is")
"""Fields that can be followed by a colon."""

COMPARED: Final = ("waited", "delay", "remaining", "time", "tries")
"""Fields that can be followed by a comparison sign."""
