"""The text of a record in which words are looked for."""

from __future__ import annotations

from monitorapp.core.record.interruption import Interruption


def searched_text(interruption: Interruption) -> str:
    """Return all that words are looked for in, in lower case."""
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
