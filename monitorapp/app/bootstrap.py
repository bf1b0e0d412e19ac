"""Start the app: Qt first, then the reactor, then everything else.

The order is forced. The reactor needs a QApplication (it would make a QCoreApplication,
which has no widgets), and whatever imports `twisted.internet.reactor` first decides which
reactor there is. This is the only module that touches the global reactor.
"""

from __future__ import annotations

import contextlib
import gc
import os
import sys
from typing import Final, NoReturn

from monitorapp.app.display import OFFSCREEN, display_problem, explain_missing, missing_packages
from monitorapp.app.options import Options

GARBAGE_THRESHOLDS: Final = (20_000, 20, 50)


def run_window(options: Options) -> NoReturn:
    """Run the app with its window; the process ends with its exit code."""
    problem = display_problem(os.environ)
    if problem is not None:
        _announce(f"monitorapp: no window: {problem}; continuing with Qt's offscreen platform.")
        os.environ["QT_QPA_PLATFORM"] = OFFSCREEN
    packages = missing_packages(os.environ)
    if packages:
        sys.exit(f"monitorapp: {explain_missing(packages)}")
    try:
        import PyQt5.QtSvg
        import PyQt5.QtWidgets  # noqa: F401
    except ImportError as error:
        sys.exit(f"monitorapp: Qt could not be loaded: {error}")
    sys.exit(_run(options))


def _run(options: Options) -> int:
    from PyQt5 import sip
    from PyQt5.QtCore import Qt
    from PyQt5.QtWidgets import QApplication

    QApplication.setAttribute(Qt.ApplicationAttribute.AA_EnableHighDpiScaling)
    QApplication.setAttribute(Qt.ApplicationAttribute.AA_UseHighDpiPixmaps)
    application = QApplication(sys.argv[:1])
    application.setApplicationName("monitorapp")
    application.setDesktopFileName("monitorapp")
    application.setQuitOnLastWindowClosed(False)  # the app ends when the server has stopped

    from monitorapp.reactor import install

    install()

    from twisted.internet import reactor
    from twisted.logger import globalLogBeginner, globalLogPublisher, textFileLogObserver

    from monitorapp.app.desktop.app import App
    from monitorapp.ui.settings import Settings
    from monitorapp.web.server.descriptors import raise_descriptor_limit

    raise_descriptor_limit()
    app = App(reactor, application, options, Settings.for_user(), _announce)
    app.uncaught.install()
    app.start(globalLogBeginner, globalLogPublisher, textFileLogObserver(sys.stderr))
    tune_garbage_collector()
    reactor.run()
    # Python takes objects apart in any order when it ends, and widgets must not outlive what they
    # draw with: now and then that was a segmentation fault.
    sip.delete(app.window)
    sip.delete(application)
    return 0


def tune_garbage_collector() -> None:
    """Make full garbage collections rare and short, as they stop server and window alike.

    What exists now is kept until the end, so it need not be scanned again and again. The
    rest, mostly records and the requests that wait, is scanned less often.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GARBAGE_THRESHOLDS)


def _announce(line: str) -> None:
    with contextlib.suppress(OSError):  # nobody reads it; the window shows it too
        print(line, file=sys.stderr, flush=True)
