"""The User-Agents of this app's own clients, by which their requests are known."""

from __future__ import annotations

from typing import Final

CAMPAIGN: Final = "monitorapp-client"
"""That of campaigns; a slash and what distinguishes one from the others follow."""

INTERRUPT_ONE: Final = "monitorapp"
"""That of the button that sends one request."""


def is_own(agent: str) -> bool:
    """Return whether a request with this User-Agent comes from such a client, of any process."""
    return agent == INTERRUPT_ONE or agent.startswith(f"{CAMPAIGN}/")
