"""What the user asked for on the command line."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_data_path

from monitorapp.core.records.store import DEFAULT_KEEP
from monitorapp.web.server.endpoint import DEFAULT_ENDPOINT
from monitorapp.web.server.transport import DEFAULT_VANISHED_AFTER_S


@dataclass(frozen=True, slots=True)
class Options:
    """How the server runs and what is kept.

    Attributes:
        listen: Twisted server endpoint string.
        delay_s: The delay to begin with, in seconds; None to take the one of last time.
        keep: How many interruptions are kept.
        history: The file in which all records are kept; None to keep none.
        vanished_after_s: How long a client may be silent to the kernel before its connection is
            given up, in seconds; 0 for ever.
        seed: The seed of random delays, so that a run can be repeated; None for a different
            run each time.
    """

    listen: str = DEFAULT_ENDPOINT
    delay_s: float | None = None
    keep: int = DEFAULT_KEEP
    history: Path | None = None
    vanished_after_s: float = DEFAULT_VANISHED_AFTER_S
    seed: int | None = None


def default_history() -> Path:
    """Return the user's history file, where the platform keeps such data."""
    return user_data_path("monitorapp", appauthor=False) / "history.sqlite"
