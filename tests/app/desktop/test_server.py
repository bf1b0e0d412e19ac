from __future__ import annotations

import pytest
from PyQt5.QtWidgets import QAction, QLabel, QLineEdit, QPushButton
from twisted.internet.error import CannotListenError

from monitorapp.app.desktop.server import ServerPresenter
from monitorapp.ui.widgets.message_bar import Severity
from monitorapp.web.server.server import LEAVE_IDLE_S
from tests.app.desktop.desk import ENDPOINT, Desk
from tests.web.channel import AbortableTransport

URL = "http://127.0.0.1:8080/"


class Served:
    def __init__(self, desk: Desk) -> None:
        self.announced: list[str] = []
        self.presenter = ServerPresenter(
            desk.services.server,
            ENDPOINT,
            desk.window,
            desk.window.message_bar,
            self.announced.append,
        )
        self.bar = desk.window.message_bar
        self.toggle = desk.child(QAction, "server_toggle_action")
        self.address = desk.child(QLineEdit, "server_address")
        self.status = desk.child(QLabel, "server_status")


@pytest.fixture
def served(desk: Desk) -> Served:
    return Served(desk)


def refuse(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def listen(port: int, *_: object, **__: object) -> None:
        raise CannotListenError("127.0.0.1", port, OSError(98, "Address already in use"))

    monkeypatch.setattr(desk.reactor, "listenTCP", listen)


def test_it_is_started_and_stopped_by_the_user(served: Served, desk: Desk) -> None:
    served.toggle.trigger()
    assert served.address.text() == desk.services.server.url
    assert served.status.text() == f"Listening on {desk.services.server.url}"
    assert served.announced == [f"Listening on {desk.services.server.url}"]
    served.toggle.trigger()
    assert not desk.services.server.is_listening
    assert served.status.text() == "Stopped"


def test_it_listens_where_the_user_says(served: Served, desk: Desk) -> None:
    desk.window.listen_requested.emit(" tcp:9090:interface=127.0.0.1 ")
    assert desk.reactor.tcpServers[-1][0] == 9090
    served.toggle.trigger()
    served.toggle.trigger()
    assert [port for port, *_ in desk.reactor.tcpServers] == [9090, 9090]


def test_a_port_in_use_is_explained_and_another_one_offered(
    served: Served, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        refuse(desk, patch)
        served.presenter.start()
    assert "port 8080 is in use" in served.bar.text()
    assert served.bar.severity is Severity.ERROR
    assert served.status.text() == "Stopped"
    desk.child(QPushButton, "message_free_port").click()
    assert desk.reactor.tcpServers[-1][0] == 0
    assert served.bar.isHidden()
    assert desk.services.server.is_listening


def test_trying_again_clears_only_what_the_server_said(
    served: Served, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    served.bar.show_message("The history is in use.", Severity.WARNING, source="history")
    with monkeypatch.context() as patch:
        refuse(desk, patch)
        served.presenter.start()
    desk.child(QPushButton, "message_try_again").click()
    assert desk.services.server.is_listening
    assert served.bar.text() == "The history is in use."


def test_a_malformed_endpoint_leaves_the_server_as_it_is(served: Served, desk: Desk) -> None:
    served.presenter.start()
    url = desk.services.server.url
    desk.window.listen_requested.emit("tcp:seven")
    assert "'seven' is not a port number" in served.bar.text()
    assert served.address.text() == url


def test_a_shortage_of_descriptors_is_said_until_it_is_over(served: Served, desk: Desk) -> None:
    served.bar.show_message("The history is in use.", Severity.WARNING, source="history")
    desk.services.server.crowded.emit(1_024)
    assert served.bar.text().startswith("All 1,024 file descriptors are in use")
    served.bar.show_message("A file is broken.", Severity.ERROR, source="files")
    desk.services.server.crowded.emit(None)
    assert served.bar.text() == "A file is broken."
    served.bar.clear_message("files")
    assert served.bar.text() == "The history is in use."


def test_a_busy_port_leaves_the_server_as_it_is(
    served: Served, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    served.presenter.start()
    url = desk.services.server.url
    with monkeypatch.context() as patch:
        refuse(desk, patch)
        desk.window.listen_requested.emit("9090")
    assert "is in use" in served.bar.text()
    assert served.address.text() == url
    served.toggle.trigger()
    assert served.bar.isHidden()  # it is of no interest any more
    served.toggle.trigger()
    assert [port for port, *_ in desk.reactor.tcpServers] == [8080, 8080]


def test_another_port_can_be_tried_again(
    served: Served, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    served.presenter.start()
    with monkeypatch.context() as patch:
        refuse(desk, patch)
        desk.window.listen_requested.emit("9090")
    desk.child(QPushButton, "message_try_again").click()
    port, _, _, interface = desk.reactor.tcpServers[-1]
    assert (port, interface) == (9090, "127.0.0.1")
    assert served.bar.isHidden()


def test_who_still_waits_elsewhere_is_said_and_can_be_dropped(served: Served, desk: Desk) -> None:
    served.presenter.start()
    transport = AbortableTransport(desk.reactor)
    transport.connect(desk.reactor.tcpServers[-1][1])
    transport.protocol.dataReceived(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    desk.window.listen_requested.emit("9090")
    desk.reactor.advance(LEAVE_IDLE_S)
    assert "stay connected until they are answered" in served.bar.text()
    assert served.bar.severity is Severity.INFO
    desk.child(QPushButton, "message_drop_leaving").click()
    desk.reactor.pump([0, 0])
    assert desk.services.tracker.counts.waiting == 0
    assert served.bar.isHidden()
