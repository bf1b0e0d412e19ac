"""Start and stop the server, and see, copy and open its address."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Final

from PyQt5.QtCore import QEvent, QSize, Qt, QUrl, pyqtSignal
from PyQt5.QtGui import (
    QDesktopServices,
    QGuiApplication,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPalette,
)
from PyQt5.QtWidgets import QAction, QHBoxLayout, QLineEdit, QSizePolicy, QToolButton, QWidget

from monitorapp.ui.widgets.icons import icon

_LONGEST_ADDRESS: Final = 64  # characters shown at once where there is room
_LINE_MARGIN_PX: Final = 4
_SHORTEST_ADDRESS: Final = 18  # and where there is not


class ServerState(Enum):
    """What the server is doing."""

    STOPPED = "stopped"
    STARTING = "starting"
    LISTENING = "listening"
    STOPPING = "stopping"


# The toggle's text, icon and tooltip, and what stands in place of an address.
_LOOK: Final = {
    ServerState.STOPPED: ("Start", "start", "Start listening", "Not listening"),
    ServerState.STARTING: ("Starting…", "start", "The server is starting", "Not listening yet"),
    ServerState.LISTENING: ("Stop", "stop", "Stop listening", ""),
    ServerState.STOPPING: ("Stopping…", "stop", "The server is stopping", "Not listening any more"),
}


class _AddressLine(QLineEdit):
    """One selectable line, as wide as its text where there is room, else elided in the middle."""

    def sizeHint(self) -> QSize:
        return self._size_for(self.text()[:_LONGEST_ADDRESS])

    def minimumSizeHint(self) -> QSize:
        return self._size_for(self.text()[:_SHORTEST_ADDRESS])

    def paintEvent(self, event: QPaintEvent | None) -> None:
        elided = self.fontMetrics().elidedText(
            self.text(), Qt.TextElideMode.ElideMiddle, self.width() - _LINE_MARGIN_PX
        )
        if elided == self.text() or self.hasFocus() or self.hasSelectedText():
            super().paintEvent(event)
            return
        painter = QPainter(self)
        painter.setPen(self.palette().color(QPalette.ColorRole.Text))
        area = self.rect().adjusted(_LINE_MARGIN_PX // 2, 0, 0, 0)
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, elided)
        painter.end()

    def _size_for(self, text: str) -> QSize:
        size = super().sizeHint()
        size.setWidth(self.fontMetrics().horizontalAdvance(text) + 8)
        return size


class ServerBar(QWidget):
    """The server's switch and address.

    The bar shows what `set_state` gives it; it asks by its signals only. Its actions can be put
    into a menu as well.

    Signals:
        start_requested(): Emitted when the user wants the server to listen.
        stop_requested(): Emitted when the user wants it to stop.
        copied(str): Emitted with the address that was put on the clipboard.

    Attributes:
        toggle_action: Starts or stops; Ctrl+T.
        copy_action: Copies the address; Ctrl+Shift+C.
        open_action: Opens the address in the browser; Ctrl+Shift+O.
    """

    start_requested = pyqtSignal()
    stop_requested = pyqtSignal()
    copied = pyqtSignal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("server_bar")
        self.setAccessibleName("Server")
        self._state = ServerState.STOPPED
        self._address = ""

        self.toggle_action = self._action("server_toggle", "Ctrl+T", self._toggle)
        self.copy_action = self._action("server_copy", "Ctrl+Shift+C", self._copy)
        self.copy_action.setText("Copy address")
        self.copy_action.setToolTip(_tooltip("Copy the address", self.copy_action))
        self.open_action = self._action("server_open", "Ctrl+Shift+O", self._open)
        self.open_action.setText("Open in browser")
        self.open_action.setToolTip(_tooltip("Open the address in the browser", self.open_action))

        self._toggle_button = self._button(self.toggle_action, "server_toggle")
        self._toggle_button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._toggle_button.setAutoRaise(False)
        copy_button = self._button(self.copy_action, "server_copy")
        copy_button.setAccessibleName("Copy the address")
        open_button = self._button(self.open_action, "server_open")
        open_button.setAccessibleName("Open the address in the browser")

        self._line = _AddressLine(self)
        self._line.setObjectName("server_address")
        self._line.setReadOnly(True)
        self._line.setFrame(False)
        self._line.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        clear = QPalette()
        clear.setColor(QPalette.ColorRole.Base, Qt.GlobalColor.transparent)
        self._line.setPalette(clear)
        self._line.setAccessibleName("Address of the server")
        self._line.setToolTip("Where the server listens; it can be selected and copied")

        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self._toggle_button)
        row.addWidget(self._line)
        icons = QHBoxLayout()
        icons.setSpacing(2)
        icons.addWidget(copy_button)
        icons.addWidget(open_button)
        row.addLayout(icons)
        self._show_state()
        self._keep_toggle_width()

    @property
    def state(self) -> ServerState:
        """The state last set."""
        return self._state

    def set_state(self, state: ServerState, address: str = "") -> None:
        """Show what the server is doing.

        Args:
            state: What it is doing now.
            address: Where it listens, such as `http://127.0.0.1:8080/`; shown as it is while
                listening, and not otherwise.
        """
        self._state = state
        self._address = address if state is ServerState.LISTENING else ""
        self._show_state()

    def _action(self, name: str, shortcut: str, slot: Callable[[], None]) -> QAction:
        action = QAction(self)
        action.setObjectName(f"{name}_action")
        action.setShortcut(QKeySequence(shortcut))
        action.setAutoRepeat(False)
        action.triggered.connect(lambda: slot())
        return action

    def _button(self, action: QAction, name: str) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(name)
        button.setDefaultAction(action)
        button.setAutoRaise(True)
        button.setIconSize(QSize(16, 16))
        return button

    def _show_state(self) -> None:
        text, _, tooltip, instead = _LOOK[self._state]
        self.toggle_action.setText(text)
        self.toggle_action.setToolTip(_tooltip(tooltip, self.toggle_action))
        self.toggle_action.setEnabled(self._state in (ServerState.STOPPED, ServerState.LISTENING))
        self._toggle_button.setAccessibleName(tooltip)
        self._line.setText(self._address or instead)
        self._line.setCursorPosition(0)
        self._line.setEnabled(bool(self._address))
        self._line.updateGeometry()
        self.copy_action.setEnabled(bool(self._address))
        self.open_action.setEnabled(_is_web(self._address))
        self._set_icons()

    def _keep_toggle_width(self) -> None:
        self._toggle_button.setMinimumWidth(0)
        text = self.toggle_action.text()
        width = 0
        for look, *_ in _LOOK.values():
            self.toggle_action.setText(look)
            width = max(width, self._toggle_button.sizeHint().width())
        self.toggle_action.setText(text)
        self._toggle_button.setMinimumWidth(width)

    def _set_icons(self) -> None:
        palette = self.palette()
        self.toggle_action.setIcon(icon(_LOOK[self._state][1], palette))
        self.copy_action.setIcon(icon("copy", palette))
        self.open_action.setIcon(icon("open-in-browser", palette))

    def changeEvent(self, event: QEvent | None) -> None:
        """Draw the icons again with the palette; measure again with the font."""
        super().changeEvent(event)
        if event is not None and event.type() == QEvent.Type.PaletteChange:
            self._set_icons()
        elif event is not None and event.type() in (
            QEvent.Type.FontChange,
            QEvent.Type.StyleChange,
        ):
            self._keep_toggle_width()

    def _toggle(self) -> None:
        if self._state is ServerState.STOPPED:
            self.start_requested.emit()
        elif self._state is ServerState.LISTENING:
            self.stop_requested.emit()

    def _copy(self) -> None:
        clipboard = QGuiApplication.clipboard()
        if self._address and clipboard is not None:
            clipboard.setText(self._address)
            self.copied.emit(self._address)

    def _open(self) -> None:
        if _is_web(self._address):
            QDesktopServices.openUrl(QUrl(self._address))


def _is_web(address: str) -> bool:
    url = QUrl(address)
    return url.isValid() and url.scheme() in ("http", "https") and bool(url.host())


def _tooltip(text: str, action: QAction) -> str:
    return f"{text} ({action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)})"
