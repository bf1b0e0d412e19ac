"""Small dialogs of the main window."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PyQt5.QtCore import Qt
from PyQt5.QtWidgets import QInputDialog, QMessageBox, QWidget

from monitorapp import __version__
from monitorapp.ui.widgets.icons import app_icon

_WIDTH_PX: Final = 460
_ABOUT: Final = """monitorapp {version}

It runs a Twisted Web server and shows each response that a client interrupts: \
who it was, how long it had waited, and why it ended.

Free software under the GNU General Public License, version 3 or later."""


def ask_endpoint(endpoint: str, choose: Callable[[str], None], parent: QWidget) -> None:
    """Ask for an endpoint string to listen on, beginning with `endpoint`."""
    dialog = QInputDialog(parent)
    dialog.setObjectName("listen_dialog")
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setWindowTitle("Listen on")
    dialog.setLabelText(
        "Twisted server endpoint, such as tcp:8080:interface=127.0.0.1, or a port number"
    )
    dialog.setTextValue(endpoint)
    dialog.resize(_WIDTH_PX, dialog.sizeHint().height())
    dialog.textValueSelected.connect(choose)
    dialog.open()


def tell_about(parent: QWidget) -> None:
    """Show version and licence."""
    box = QMessageBox(parent)
    box.setObjectName("about_box")
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setWindowTitle("About monitorapp")
    box.setIconPixmap(app_icon().pixmap(64, 64))
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(_ABOUT.format(version=__version__))
    box.open()
