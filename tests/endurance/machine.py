"""A random user and random clients of the real app: what they did is compared with what it says."""

from __future__ import annotations

import signal
import time
from pathlib import Path
from random import Random
from typing import Final

from tests.endurance.comparing import Comparing
from tests.endurance.session import QUIET_S, Wrong
from tests.endurance.steps import STEPS, Steps

SHOWN_AT_START: Final = 1_000
CAMPAIGN_S: Final = 2.0
"""How long a check waits for a campaign to end by itself."""


class Machine(Steps, Comparing):
    """Does one random step after the other, and compares now and then.

    Args:
        seed: Decides all that is random.
        folder: Where the history and other files go.
        most_steps: How many steps there are at most between two comparisons.
    """

    def __init__(self, seed: int, folder: Path, most_steps: int = 40) -> None:
        super().__init__(seed, folder)
        self._most_steps = most_steps

    def run(self, seconds: float) -> None:
        """Start the app, and do steps for so long; compare now and then, and in the end."""
        self.start()
        until_s = time.monotonic() + seconds
        while time.monotonic() < until_s:
            self.round()

    def round(self) -> None:
        """Do some steps, and compare."""
        for _ in range(self.random.randint(3, self._most_steps)):
            self.step()
        self.check()

    def start(self) -> None:
        """Start the app, and look whether the rows of earlier runs are there."""
        self._start_app()
        self._check_earlier(min(self.seen["keep"], SHOWN_AT_START))

    def close(self) -> None:
        """End the app in the orderly way, and look at what it leaves."""
        if self.monitor.process.returncode is None:
            self._quit("SIGTERM")

    def kill(self) -> None:
        if self.monitor is not None:
            self.clients.end()
            self.monitor.kill()

    def step(self) -> None:
        weights = [weight for weight, _ in STEPS]
        ((_, name),) = self.random.choices(STEPS, weights)
        self._note(name)
        # What is done must not depend on how fast it was: the dice are thrown first.
        dice = Random(self.random.random())
        done = getattr(self, f"_{name}")(dice)
        (self.totals.skipped if done is False else self.totals.steps)[name] += 1
        self.clients.read()
        if dice.random() < 0.2:
            time.sleep(dice.random() * 0.03)

    def _quit(self, dice: Random | str) -> None:
        how = dice
        if isinstance(dice, Random):
            how = dice.choice(("quit", "close", "SIGTERM", "SIGINT", "SIGKILL"))
            self._said(how)
        if how == "SIGKILL":
            self.check()
        self.clients.read()
        self._take_log()
        certain = self._certain(self.ask("waiting"))
        if how in ("quit", "close"):
            certain = self._certain(self.ask("leave_app", how))
        elif isinstance(how, str):
            self.monitor.process.send_signal(getattr(signal, how))
        code = self.monitor.wait()
        self.clients.read()
        self.clients.end()
        if how != "SIGKILL":
            if code != 0:
                log = "\n".join(self.monitor.log[-60:])
                raise Wrong(f"the app ended with {code}:\n{log}")
            self.clients.mark_certain(certain)
        self._take_log()
        self._check_ended(is_killed=how == "SIGKILL")
        self.monitor.close()
        if isinstance(dice, Random):
            self.start()

    def check(self) -> None:
        """Wait until all is quiet, and compare."""
        self._note("check")
        self.totals.checks += 1
        self.ask("press", "task_cancel_button") if self.random.random() < 0.2 else None
        if self.seen.get("task"):
            self.has_file_message = None
        problems: list[str] = ["nothing was seen"]
        cancel_s = time.monotonic() + CAMPAIGN_S

        def is_quiet() -> bool:
            self.clients.read()
            self.look()
            if self.seen["campaign"] != "&Start" and time.monotonic() > cancel_s:
                self.ask("cancel_campaign")
            problems[:] = self._problems()
            return not problems

        if not self._wait(is_quiet, QUIET_S):
            self._take_log()
            raise Wrong("; ".join([*problems, *self.ask("diagnose")]))
        self._take_log()
        self._check_rows({})
