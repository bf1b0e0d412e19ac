"""What the terms of the filter language can ask for."""

from __future__ import annotations

from typing import Final

from monitorapp.core.record.outcome import Outcome

FIELDS: Final = ("path", "client", "method", "reason", "outcome", "type", "agent", "render", "is")
"""Fields that can be followed by a colon, by `=` or by `!=`."""

COMPARED: Final = ("waited", "delay", "remaining", "time", "tries")
"""Fields that can be followed by a comparison sign."""

EQUATED: Final = ("delay", "tries")
"""Those of them that can be followed by `=` or `!=`: measured times are hardly ever equal."""

NeededOutcome = tuple[str, frozenset[Outcome]]
"""A word and outcomes: what has none of the outcomes has the word, if there is one."""
