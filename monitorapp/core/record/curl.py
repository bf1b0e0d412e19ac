"""A command line that sends a request again, and gives up again."""

from __future__ import annotations

import shlex
from typing import Final
from urllib.parse import urlsplit

from monitorapp.core.record.interruption import Interruption

SHORTEST_S: Final = 0.001
"""The least patience, in seconds, that curl takes for one: 0 would be for ever."""


def curl_command(interruption: Interruption, base_url: str) -> str | None:
    """Return a `curl` command that sends the same request and waits as long.

    It is quoted for a POSIX shell, so that nothing in it is a command of its own. The body of the
    request and headers that were not recorded are not in it.

    Args:
        interruption: The record of the request.
        base_url: URL of the server, such as `http://127.0.0.1:8080/`; if it is empty the host is
            the one that the client named.

    Returns:
        The command, or None if the request is not known or no host is.
    """
    host = interruption.header("Host")
    base = urlsplit(base_url if "://" in base_url else f"http://{host}")
    if not (interruption.method and interruption.uri and base.netloc):
        return None
    patience_s = max(interruption.waited_s or 0.0, SHORTEST_S)
    words = ["curl", "--globoff", "--max-time", f"{patience_s:.3f}"]
    if interruption.method == "HEAD":
        words.append("--head")
    elif interruption.method != "GET":
        words += ["--request", interruption.method]
    if base.scheme == "https":
        words.append("--insecure")
    for name, value in interruption.headers:
        if name != "Host" or value != base.netloc:
            words += ["--header", f"{name}: {value}"]
    origin = f"{base.scheme}://{base.netloc}"
    if interruption.uri.startswith("/"):
        words += ["--path-as-is", origin + interruption.uri]
    else:  # such as OPTIONS *
        words += ["--request-target", interruption.uri, origin]
    return shlex.join(words)
