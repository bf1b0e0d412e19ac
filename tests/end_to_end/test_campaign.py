"""Many clients that give up, against the real server."""

from __future__ import annotations

import datetime
import socket
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from tests.end_to_end.monitor import Monitor, running


def plan(monitor: Monitor, **fields: object) -> None:
    monitor.ask(f"find('campaign_form').set_fields({fields!r})")


def summary(monitor: Monitor) -> str:
    monitor.wait_until("find('client_start').text()", "&Start")
    text: str = monitor.ask("find('client_summary').toPlainText()")
    return text


@pytest.mark.parametrize(
    ("leaving", "reason"),
    [
        ("close", "closed by the client"),
        ("reset", "reset"),
        ("half_close", "closed by the client"),
    ],
)
def test_all_that_give_up_are_recorded(monitor: Monitor, leaving: str, reason: str) -> None:
    monitor.url()
    monitor.ask("click('client_action')")
    plan(
        monitor,
        count=50,
        at_once=20,
        path="/campaign",
        leaving=leaving,
        patience="log_normal",
        median_s=0.1,
        spread=2,
    )
    monitor.ask("click('client_start')")
    assert "Asked 50: 0 answered, 50 interrupted." in summary(monitor)
    assert "The server recorded 50 interrupted responses: it agrees." in summary(monitor)
    monitor.wait_until("rows()", 50)
    reasons = monitor.ask("[cells(row)[6] for row in range(50)]")
    # One that comes right after another has left looks like its next try.
    assert {told.partition(" \N{MIDDLE DOT} try")[0] for told in reasons} == {reason}
    assert set(monitor.ask("[cells(row)[2] for row in range(50)]")) == {"/campaign"}
    monitor.ask("click('client_show_rows')")
    monitor.wait_until("find('filter_count').text()", "50 of 50")


def test_some_are_answered_and_some_give_up() -> None:
    with running("--delay", "0.5") as monitor:
        monitor.url()
        plan(monitor, count=50, at_once=50, patience="uniform", least_s=0, most_s=1)
        monitor.ask("click('client_start')")
        said = summary(monitor)
        assert said.startswith("Asked 50: ")
        monitor.wait_until("find('counter_waiting').text()", "Waiting 0")
        answered, interrupted = monitor.counts()[1:]
        answers = int(answered.removeprefix("Answered "))
        assert 10 < answers < 40
        assert f"recorded {50 - answers} interrupted responses" in said
        assert "it agrees" in said
        assert interrupted.startswith(f"Interrupted {50 - answers} ")
        assert "Stopping factory" not in "\n".join(monitor.log)


@pytest.mark.parametrize("leaving", ["wait", "slow_read"])
def test_those_that_stay_are_answered(leaving: str) -> None:
    with running("--delay", "0.1") as monitor:
        monitor.url()
        plan(monitor, count=20, at_once=10, leaving=leaving, patience="fixed", fixed_s=0.2)
        monitor.ask("click('client_start')")
        said = summary(monitor)
        assert "Asked 20: 20 answered, 0 interrupted." in said
        assert "The server recorded 0 interrupted responses: it agrees." in said


def test_cancelling_interrupts_those_that_wait(monitor: Monitor) -> None:
    monitor.url()
    plan(monitor, count=100_000, at_once=300, leaving="wait")
    monitor.ask("click('client_start')")
    monitor.wait_until("find('counter_waiting').text()", "Waiting 300")
    assert monitor.ask("find('client_start').text()") == "&Cancel"
    monitor.ask("click('client_start')")
    said = summary(monitor)
    assert "Asked 300: 0 answered, 300 interrupted." in said
    assert "99,700 not sent any more." in said
    assert "it agrees" in said


def test_quitting_amid_a_campaign_is_orderly(monitor: Monitor) -> None:
    monitor.url()
    plan(monitor, count=100_000, at_once=300, leaving="wait")
    monitor.ask("click('client_start')")
    monitor.wait_until("find('counter_waiting').text()", "Waiting 300")
    code, took_s = monitor.end()
    assert code == 0
    assert took_s < 10  # a hang, not a measurement
    text = "\n".join(monitor.log)
    assert text.count("Async response demo interrupted response") == 300
    assert "Unhandled" not in text
    assert "Unexpected error" not in text


def test_a_target_that_refuses_is_said_in_a_sentence(monitor: Monitor) -> None:
    monitor.url()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    plan(monitor, count=100_000, at_once=100, target=f"http://127.0.0.1:{port}/")
    monitor.ask("click('client_start')")
    said = summary(monitor)
    assert "Asked 0: 0 answered, 0 interrupted." in said
    assert "failed to connect: Connection was refused by other side: 111" in said
    assert "Another host: nothing is recorded here." in said


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"patience": "uniform", "least_s": 3, "most_s": 1}, "longer than the longest"),
        ({"target": "localhost"}, "not to 'localhost'"),
    ],
)
def test_bad_input_is_said_in_a_sentence(
    monitor: Monitor, fields: dict[str, object], problem: str
) -> None:
    monitor.url()
    plan(monitor, **fields)
    monitor.ask("click('client_start')")
    monitor.wait_until(f"{problem!r} in find('client_problem').text()", True)
    assert monitor.ask("find('client_start').text()") == "&Start"


def test_a_stopped_server_is_said(monitor: Monitor) -> None:
    monitor.url()
    monitor.ask("find('main_window').stop_requested.emit()")
    monitor.wait_until("find('server_toggle').text()", "Start")
    monitor.ask("click('client_start')")
    monitor.wait_until("find('client_problem').text()[:27]", "The server does not listen.")


def test_a_unix_socket_is_asked_too(tmp_path: Path) -> None:
    with running("--delay", "30", "--listen", f"unix:{tmp_path}/web") as monitor:
        monitor.url()
        plan(monitor, count=20, at_once=20, leaving="close", patience="fixed", fixed_s=0.1)
        monitor.ask("click('client_start')")
        assert "The server recorded 20 interrupted responses: it agrees." in summary(monitor)


def test_a_certificate_of_its_own_is_trusted(tmp_path: Path) -> None:
    key, certificate = self_signed(tmp_path)
    listen = f"ssl:0:interface=127.0.0.1:privateKey={key}:certKey={certificate}"
    with running("--delay", "30", "--listen", listen) as monitor:
        assert monitor.url().startswith("https:")
        plan(monitor, count=20, at_once=20, leaving="close", patience="fixed", fixed_s=0.1)
        monitor.ask("click('client_start')")
        assert "The server recorded 20 interrupted responses: it agrees." in summary(monitor)
        plan(monitor, leaving="half_close")
        monitor.ask("click('client_start')")
        monitor.wait_until("'no half-close' in find('client_problem').text()", True)


def self_signed(folder: Path) -> tuple[Path, Path]:
    """Write a key and its certificate; return their files."""
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.timezone.utc)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now)
        .not_valid_after(now + datetime.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    files = folder / "key.pem", folder / "certificate.pem"
    files[0].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    files[1].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    return files


def test_few_descriptors_mean_few_clients_at_a_time() -> None:
    with running("--delay", "30", descriptors=128) as monitor:
        monitor.url()
        plan(
            monitor,
            count=100_000,
            at_once=1000,
            leaving="close",
            patience="fixed",
            fixed_s=0.05,
        )
        monitor.ask("click('client_start')")
        monitor.wait_until("'128 files' in find('client_problem').text()", True)
        monitor.wait_until("int(find('client_progress').value()) > 200", True)
        monitor.ask("click('client_start')")
        said = summary(monitor)
        assert "failed" not in said
        assert "it agrees" in said


def test_a_server_that_is_stopped_amid_a_campaign_is_told(monitor: Monitor) -> None:
    monitor.url()
    plan(monitor, count=5_000, at_once=100, leaving="wait")
    monitor.ask("click('client_start')")
    monitor.wait_until("find('counter_waiting').text()", "Waiting 100")
    monitor.ask("find('main_window').stop_requested.emit()")
    said = summary(monitor)
    assert "Asked 100: 0 answered, 0 interrupted." in said
    assert "100 ended by the server without an answer." in said
    assert "The server recorded 100 interrupted responses: it agrees." in said
    assert "failed to connect: Connection was refused" in said
    assert "not sent any more." in said
