from __future__ import annotations

import pytest
from twisted.internet.endpoints import (
    HostnameEndpoint,
    TCP4ClientEndpoint,
    TCP6ClientEndpoint,
    UNIXClientEndpoint,
)
from twisted.internet.testing import MemoryReactorClock

from monitorapp.core.campaign.target import parse_target
from monitorapp.web.campaign.endpoints import client_endpoint


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("http://127.0.0.1:80/", TCP4ClientEndpoint),
        ("http://[::1]:80/", TCP6ClientEndpoint),
        ("http://example.org/", HostnameEndpoint),
        ("unix:/run/web", UNIXClientEndpoint),
    ],
)
def test_each_kind_of_target_has_its_endpoint(url: str, kind: type) -> None:
    endpoint = client_endpoint(MemoryReactorClock(), parse_target(url), is_own=True)
    assert isinstance(endpoint, kind)
