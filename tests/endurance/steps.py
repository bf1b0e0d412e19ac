"""What a random user and random clients do, a step at a time."""

from __future__ import annotations

import time
from pathlib import Path
from random import Random
from typing import Final

from tests.endurance.clients import Process, State
from tests.endurance.session import Session, Wrong

MOST_CLIENTS: Final = 120

FILTERS: Final = (
    "",
    "path:/r/1",
    "path=/r/7",
    "-path:/r/2",
    "waited>0.2s",
    "reason:closed",
    "is:starred",
    "path:/[13579]$/ or reason:reset",
    "not (path:/r/3 waited<1s)",
    "r/4",
    "client:127.0.0.0/8",
    "-is:starred r/5",
    "path:/own",
    "agent:nobody",
)
INVALID: Final = ("waited>", "(", "color:red", "path:/[/", "waited>soon", "a or", "time>99:99")
TYPED: Final = ("pa", "path:", "path:/r/", "wai", "reason:cl", "-cl", "x", "path:%", ")", '"')


class Steps(Session):
    """The steps: each returns False if it was not possible.

    What is random in one is thrown with the dice that it is given.
    """

    def _connect(self, dice: Random) -> bool:
        if len(self.clients.open) >= MOST_CLIENTS:
            return False
        done = False
        for _ in range(dice.choice((1, 1, 3, 10))):
            done = self.clients.connect(self.url, [self._path()], self.seen["port"])
        return done

    def _pipeline(self, dice: Random) -> bool:
        if len(self.clients.open) >= MOST_CLIENTS:
            return False
        return self.clients.connect(
            self.url, [self._path() for _ in range(dice.randint(2, 6))], self.seen["port"]
        )

    def _leave(self, dice: Random) -> bool:
        if not self.clients.open:
            return False
        how = dice.choice(("close", "reset", "half_close"))
        count = dice.choice((1, 1, 2, 8))
        going = [dice.choice(self.clients.open) for _ in range(count)]
        self._said(f"{how} {len(going)}")
        certain = self._certain(self.ask("waiting"))
        self.clients.read()
        for one in going:
            if not one.is_over:
                self.clients.mark_certain(
                    [each for each in certain if each[1] in {asked.path for asked in one.asked}]
                )
                one.leave(how)
        return True

    def _kill_client(self, dice: Random) -> bool:
        path = self._path()
        try:
            process = Process(self.url, path)
        except ConnectionRefusedError:
            return False
        asked = self.clients.begin(path)
        for _ in range(20):
            waiting = self.ask("waiting")
            if path in [one[1] for one in waiting]:
                break
            time.sleep(0.01)
        self.clients.mark_certain([one for one in self._certain(waiting) if one[1] == path])
        process.kill()
        asked.state = State.LEFT
        return True

    def _finish(self, dice: Random) -> bool:
        return self._steer("finish_now", dice)

    def _abort(self, dice: Random) -> bool:
        return self._steer("abort", dice)

    def _extend(self, dice: Random) -> bool:
        return self._steer("extend", dice)

    def _steer(self, kind: str, dice: Random) -> bool:
        picks = [dice.randrange(1000) for _ in range(dice.choice((1, 1, 5)))]
        chosen = self.ask("steer", kind, picks)
        if kind == "abort":
            self.clients.mark_certain(self._certain(chosen))
        return bool(chosen)

    def _delay(self, dice: Random) -> bool:
        how = dice.choice(("type", "type", "preset", "kind", "minus", "plus", "restart"))
        value = dice.choice((0.05, 0.5, 3, 30, 600)) if how == "type" else dice.randrange(9)
        self._said(f"{how} {value}")
        return bool(self.ask("set_delay", how, value))

    def _also_waiting(self, dice: Random) -> bool:
        return bool(self.ask("press", "also_waiting_check"))

    def _stop(self, dice: Random) -> bool:
        self._settle()
        if self.seen["state"] == "stopped":
            return self._start_server()
        self.clients.mark_certain(self._certain(self.ask("stop_server")))
        self._settle()
        self.is_listen_failed = False
        if dice.random() < 0.7:
            return self._start_server()
        return True

    def _start_server(self) -> bool:
        """Start it where it was to listen last, which may not be possible."""
        self.ask("press", "server_toggle")
        self._settle()
        self.is_listen_failed = self.seen["state"] == "stopped"
        return True

    def _listen(self, dice: Random) -> bool:
        self._settle()
        self._endpoints += 1
        kind = dice.choice(("free", "free", "unix", "taken", "bad", "same"))
        endpoint = {
            "free": "tcp:0:interface=127.0.0.1",
            "unix": f"unix:{self.folder}/web{self._endpoints}",
            "taken": "tcp:1:interface=192.0.2.1",
            "bad": dice.choice(("tcp:seven", "what", "stdio:", "ssl:0", "tcp:99999")),
            "same": self.seen["url"].rsplit(":", 1)[-1].strip("/") or "0",
        }[kind]
        self._said(endpoint)
        if not self.ask("listen", endpoint):
            return False
        self._settle()
        self.is_listen_failed = kind in ("taken", "bad") or (
            kind == "same" and self.seen["url"].startswith("unix:")
        )
        if kind == "same":  # a bare port, or a path that is no endpoint
            self.is_listen_failed = "server" in self.seen["messages"]
        return True

    def _drop_leaving(self, dice: Random) -> bool:
        waiting = self.ask("drop_leaving")
        old = {
            asked.path
            for one in self.clients.open
            if one.port != self.seen["port"]
            for asked in one.asked
        }
        self.clients.mark_certain([one for one in self._certain(waiting) if one[1] in old])
        return bool(waiting)

    def _clear(self, dice: Random) -> bool:
        return bool(self.ask("clear"))

    def _undo(self, dice: Random) -> bool:
        return bool(self.ask("undo_clear"))

    def _star(self, dice: Random) -> bool:
        return bool(self.ask("star", [dice.randrange(1000) for _ in range(dice.choice((1, 3)))]))

    def _filter(self, dice: Random) -> None:
        expression = dice.choice(FILTERS)
        self._said(expression)
        found = self.ask("set_filter", expression)
        if found.strip() != expression:
            raise Wrong(f"the filter is {found!r} and not {expression!r}")
        self.expected_filter = expression

    def _bad_filter(self, dice: Random) -> None:
        expression = dice.choice(INVALID)
        self._said(expression)
        found = self.ask("set_filter", expression)
        if self.expected_filter is not None and found.strip() != self.expected_filter:
            raise Wrong(f"after an invalid one the filter is {found!r}")

    def _type_filter(self, dice: Random) -> None:
        text = dice.choice(TYPED)
        self._said(text)
        self.ask("type_filter", text)
        for key in dice.choice(((), ("Down",), ("Return",), ("Escape",), ("Tab",), ("Backspace",))):
            self.ask("press_key", "filter_box", key)
        self.expected_filter = None

    def _sort(self, dice: Random) -> None:
        self.ask("sort", dice.randrange(12), dice.choice(("table", "groups")))

    def _group(self, dice: Random) -> bool:
        kind = dice.choice(("none", "none", "fingerprint", "client", "path"))
        self._said(kind)
        return bool(self.ask("press", f"group_by_{kind}_action"))

    def _open_group(self, dice: Random) -> None:
        self.ask("open_group", dice.randrange(1000), dice.random() < 0.6)

    def _open_rows(self, dice: Random) -> None:
        self.ask("toggle_rows", [dice.randrange(1000) for _ in range(dice.choice((1, 4)))])

    def _close_rows(self, dice: Random) -> bool:
        return bool(self.ask("press", "close_rows_action"))

    def _newest(self, dice: Random) -> bool:
        return bool(self.ask("press", "newest_action"))

    def _scroll(self, dice: Random) -> None:
        self.ask("scroll", dice.choice((0.0, 1.0, dice.random())))

    def _keys(self, dice: Random) -> None:
        keys = ("Up", "Down", "Left", "Right", "Return", "Home", "End", "PageUp", "PageDown")
        self.ask("move_keys", [dice.choice(keys) for _ in range(dice.randint(1, 5))])

    def _resize(self, dice: Random) -> None:
        self.ask("resize", dice.randint(300, 1600), dice.randint(200, 1100))

    def _dock(self, dice: Random) -> None:
        what = dice.choice(("toggle", "toggle", "toggle", "float", "move"))
        place = dice.randrange(20)
        self._said(f"{what} {place}")
        self.ask("docks", place, what)

    def _export(self, dice: Random) -> bool:
        suffix = dice.choice((".jsonl", ".csv", ".html"))
        self._said(suffix)
        shown = self.ask("export", str(self.folder / f"export{suffix}"))
        if shown < 0:
            return False
        self.has_file_message = None if shown == 0 else False
        return True

    def _import(self, dice: Random) -> bool:
        names = ("export.jsonl", "junk.bin", "empty.jsonl", "lines.jsonl", "none", "history.sqlite")
        name = dice.choice(names)
        self._said(name)
        path = Path("/dev/zero") if dice.random() < 0.05 else self.folder / name
        if not self.ask("import_files", [str(path)]):
            return False
        self.has_file_message = None if name in ("export.jsonl", "history.sqlite") else True
        return True

    def _cancel_file(self, dice: Random) -> bool:
        if not self.ask("press", "task_cancel_button"):
            return False
        self.has_file_message = None
        return True

    def _file_dialog(self, dice: Random) -> None:
        self.ask("ask_and_cancel", dice.choice(("export", "import")))

    def _runs(self, dice: Random) -> bool:
        if not self.ask("press", "runs_action"):
            return False
        if not self._wait(lambda: self.ask("has_dialog", "runs_dialog"), 5):
            return False
        if dice.random() < 0.8:
            row = dice.randrange(50)
            self._said(f"open {row}")
            self.ask("open_run", row)
            self.has_file_message = None  # it goes with the source that is left
        self.ask("close_dialogs")
        return True

    def _back(self, dice: Random) -> bool:
        if not self.ask("press", "past_back_button"):
            return False
        self.has_file_message = None
        return True

    def _campaign(self, dice: Random) -> bool:
        fields = {
            "count": dice.choice((1, 20, 100)),
            "at_once": dice.choice((1, 10, 50)),
            "path": "/campaign",
            "target": "",
            "leaving": dice.choice(("close", "reset", "half_close")),
            "patience": dice.choice(("fixed", "uniform", "exponential", "log_normal")),
        }
        self._said(f"{fields['count']} {fields['leaving']}")
        return bool(self.ask("campaign", fields))

    def _cancel_campaign(self, dice: Random) -> bool:
        return bool(self.ask("cancel_campaign"))

    def _interrupt_one(self, dice: Random) -> bool:
        return bool(self.ask("press", "interrupt_one_action"))

    def _close_message(self, dice: Random) -> bool:
        owner = self.ask("close_message")
        if owner == "server":
            self.is_listen_failed = False
        elif owner == "files":
            self.has_file_message = None
        elif owner == "former address":
            self.is_leaving_dismissed = True
        return bool(owner)

    def _colours(self, dice: Random) -> bool:
        return bool(self.ask("press", f"colours_{dice.choice(('system', 'light', 'dark'))}_action"))

    def _copy(self, dice: Random) -> bool:
        return bool(self.ask("press", dice.choice(("copy_action", "copy_command_action"))))

    def _column(self, dice: Random) -> None:
        self.ask("show_column", dice.randrange(20), dice.random() < 0.7)

    def _chart(self, dice: Random) -> bool:
        """Go over a chart with the keys, and filter by a second."""
        keys = ["Left"] * dice.randint(1, 9) + [dice.choice(("Return", "Return", "Escape"))]
        done = bool(self.ask("chart_keys", dice.choice(("rate_chart", "lag_chart")), keys))
        if done:
            self.expected_filter = None
        return done

    def _close_dialogs(self, dice: Random) -> None:
        self.ask("close_dialogs")

    def _pause(self, dice: Random) -> None:
        time.sleep(dice.random() * 0.2)


STEPS: Final = (
    (16, "connect"),
    (6, "pipeline"),
    (12, "leave"),
    (1, "kill_client"),
    (4, "finish"),
    (4, "abort"),
    (2, "extend"),
    (4, "delay"),
    (1, "also_waiting"),
    (1, "stop"),
    (2, "listen"),
    (2, "drop_leaving"),
    (1, "clear"),
    (1, "undo"),
    (3, "star"),
    (5, "filter"),
    (2, "bad_filter"),
    (4, "type_filter"),
    (2, "sort"),
    (2, "group"),
    (2, "open_group"),
    (4, "open_rows"),
    (1, "close_rows"),
    (1, "newest"),
    (3, "scroll"),
    (3, "keys"),
    (3, "resize"),
    (3, "dock"),
    (1, "export"),
    (1, "import"),
    (1, "cancel_file"),
    (1, "file_dialog"),
    (1, "runs"),
    (2, "back"),
    (1, "campaign"),
    (1, "cancel_campaign"),
    (1, "interrupt_one"),
    (1, "close_message"),
    (1, "close_dialogs"),
    (2, "pause"),
    (1, "colours"),
    (1, "copy"),
    (1, "column"),
    (2, "chart"),
    (0.3, "quit"),
)
