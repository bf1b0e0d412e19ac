"""A reactor that hangs in one of Twisted's tests and aborts in another."""

from __future__ import annotations

import os
import sys
import time

from twisted.internet.epollreactor import EPollReactor


class Troubled(EPollReactor):
    def run(self, installSignalHandlers: bool = True) -> None:
        if _runs_in("test_runAfterCrash"):
            time.sleep(600)
        if _runs_in("test_multipleRun"):
            os.abort()
        super().run(installSignalHandlers)


def _runs_in(test: str) -> bool:
    frame = sys._getframe()
    while frame.f_back:
        frame = frame.f_back
        if frame.f_code.co_name == test:
            return True
    return False
