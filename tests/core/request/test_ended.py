from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitorapp.core.record.failure import FailureText
from monitorapp.core.record.identity import RequestId
from monitorapp.core.record.reason import Reason
from tests.core.request.ends import HeadersOf, end

GONE = FailureText("E", "gone", "Failure: E: gone", has_frames=False)


@given(st.binary(max_size=50), st.binary(max_size=50))
def test_what_came_over_the_network_is_made_visible(uri: bytes, agent: bytes) -> None:
    one = end(uri=uri, agent=agent)
    record = one.record(GONE, number=1, time_s=2.0, reason=Reason.CLOSED, cancelled=False)
    assert record.path == one.path
    assert record.header("User-Agent") == one.header("User-Agent")
    for text in (record.uri, one.path, one.header("User-Agent")):
        assert text.isprintable()


def test_a_record_says_what_the_end_and_the_failure_say() -> None:
    one = end(reason=Reason.CLOSED, late_s=0.5, remaining_s=3.5, awaited="answer", bytes_written=9)
    record = one.record(GONE, number=3, time_s=2.0, reason=Reason.CLOSED, cancelled=True)
    assert record.identity == one.identity == RequestId("a-process", 7)
    assert (record.method, record.uri, record.version) == ("GET", "/a?b", "HTTP/1.1")
    assert (record.client, record.headers) == ("192.0.2.1:5", ())
    assert (record.began_s, record.waited_s, record.delay_s) == (1_000.0, 1.5, 5.0)
    assert (record.late_s, record.remaining_s, record.bytes_written) == (0.5, 3.5, 9)
    assert (record.awaited, record.cancelled) == ("answer", True)
    assert (record.number, record.time_s, record.reason) == (3, 2.0, Reason.CLOSED)
    assert (record.failure_type, record.message, record.traceback) == GONE[:3]


def test_headers_that_were_sent_are_recorded_even_if_they_are_empty() -> None:
    headers = HeadersOf({b"host": [b"a", b"b"], b"referer": [b""], b"cookie": [b"secret"]})
    one = end(headers=headers)
    record = one.record(GONE, number=1, time_s=2.0, reason=Reason.CLOSED, cancelled=False)
    assert record.headers == (("Host", "a, b"), ("Referer", ""))


@pytest.mark.parametrize("reason", Reason)
def test_only_some_reasons_are_the_clients_own_doing(reason: Reason) -> None:
    one = end(reason=reason)
    assert not one.answered
    assert one.left == (reason in (Reason.CLOSED, Reason.RESET, Reason.STREAM_RESET))


def test_an_answered_client_has_not_left() -> None:
    assert (end().answered, end().left) == (True, False)
