"""Install a reactor in a fresh process and print the name of its class.

With an argument, the platform has no epoll.
"""

from __future__ import annotations

import select
import sys

from PyQt5.QtWidgets import QApplication
from qt5reactor.core import QtReactor
from twisted.internet import error


def main() -> None:
    if sys.argv[1:]:
        del select.epoll
    from monitorapp.reactor import install

    application = QApplication(["test"])
    installed: object = install()
    from twisted.internet import reactor  # noqa: TID251  it is the one that was installed

    assert reactor is installed
    assert isinstance(reactor, QtReactor)
    try:
        install()
    except error.ReactorAlreadyInstalledError:
        print(type(reactor).__name__)
    del application


if __name__ == "__main__":
    main()
