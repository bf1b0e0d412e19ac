"""How many connections the process has file descriptors for."""

from __future__ import annotations

import contextlib
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

if sys.platform != "win32":
    import resource

# Spare descriptors are for files, and for the connections of one last round of accepts,
# which Twisted makes up to 20 longer than it was set to.
_FEWEST_SPARE: Final = 32
_MOST_SPARE: Final = 256


@dataclass(frozen=True, slots=True)
class DescriptorBudget:
    """What the process may open.

    Attributes:
        limit: How many file descriptors the system allows the process.
        connections: How many connections may be open, so that some descriptors are spare.
        accepts: How many connections may be accepted at a time without looking again.
    """

    limit: int
    connections: int
    accepts: int


def raise_descriptor_limit() -> None:
    """Raise this process's limit of file descriptors to the most that the system allows."""
    if sys.platform != "win32":
        _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        # macOS names no limit and then refuses it.
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def descriptor_budget() -> DescriptorBudget | None:
    """Return what the process may open besides what is open now; None if there is no limit."""
    if sys.platform == "win32":
        return None
    limit, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if limit == resource.RLIM_INFINITY:
        return None
    spare = min(max(limit // 8, _FEWEST_SPARE), _MOST_SPARE)
    return DescriptorBudget(
        limit=limit,
        connections=max(1, limit - _open_descriptors() - spare),
        accepts=spare // 4,
    )


def _open_descriptors() -> int:
    folder = Path("/proc/self/fd")
    return sum(1 for _ in (folder if folder.exists() else Path("/dev/fd")).iterdir())
