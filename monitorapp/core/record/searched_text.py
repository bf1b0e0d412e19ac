"""The text of a record that a search for words looks in."""

from __future__ import annotations

from monitorapp.core.record.interruption import Interruption


def searched_text(interruption: Interruption) -> str:
    """Return that text, in lower case."""
    parts = [
        f"{interruption.method} {interruption.uri} {interruption.version}",
        interruption.client,
        interruption.reason.value,
        *(f"{name}: {value}" for name, value in interruption.headers),
        f"{interruption.began_in} {interruption.began_at} {interruption.awaited}",
        interruption.failure_type,
        interruption.message,
        interruption.traceback,
    ]
    return "\n".join(parts).lower()
