"""Run Twisted's own reactor tests against this project's reactors and others.

    python tests/conformance/conformance.py [--reactors NAME ...] [--modules NAME ...]

`twisted.internet.test` makes its reactors through `ReactorBuilder`. Every
module is run in a process of its own, with one reactor class: a test that
hangs or aborts the process is named as such, and the rest of its module is run
in a new process. Tests that make no reactor of their own are left out.
"""

from __future__ import annotations

import argparse
import os
import select
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, Queue

REACTORS = {
    "epoll": "twisted.internet.epollreactor.EPollReactor",
    "qt5reactor": "qt5reactor.core.QtReactor",
    "QtNotifierReactor": "monitorapp.reactor.QtNotifierReactor",
    "QtEPollReactor": "monitorapp.reactor.QtEPollReactor",
}
"""What the table compares, by short name; a dotted name is taken as it is."""

OUTCOMES = ("ok", "not ok", "skip", "hang", "abort")

MODULES = (
    "test_core",
    "test_fdset",
    "test_newtls",
    "test_process",
    "test_socket",
    "test_stdio",
    "test_tcp",
    "test_threads",
    "test_time",
    "test_tls",
    "test_udp",
    "test_unix",
)
"""The modules of `twisted.internet.test` that use `ReactorBuilder`."""

TEST_TIMEOUT_S = 30.0
"""How long one test may take before it counts as hung."""

START_TIMEOUT_S = 60.0
"""How long a process may take until its first test."""

_CHILD = "--child"
_ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Result:
    """What became of a run.

    Attributes:
        outcomes: Test id to one of `OUTCOMES`.
        reasons: Test id to the last line of its trouble, where there is one.
    """

    outcomes: dict[str, str] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)

    def count(self) -> Counter[str]:
        """How many tests had each outcome."""
        return Counter(self.outcomes.values())


def run_module(
    reactor: str,
    module: str,
    only: str = "",
    timeout_s: float = TEST_TIMEOUT_S,
) -> Result:
    """Run a module's reactor tests in processes of their own.

    Args:
        reactor: A key of `REACTORS`, or a dotted class name.
        module: A name out of `MODULES`.
        only: Run no more than the tests with this in their id.
        timeout_s: How long one test may take.

    Returns:
        The outcome of every test. A process that ends before its time stands
        as an abort of the test it was in.
    """
    result = Result()
    while True:
        before = len(result.outcomes)
        finished = _run_process(reactor, module, only, timeout_s, result)
        if finished or len(result.outcomes) == before:
            return result


def _run_process(reactor: str, module: str, only: str, timeout_s: float, result: Result) -> bool:
    """Run what of the module has no outcome yet; returns whether it came to its end.

    Raises:
        RuntimeError: if the process ended before its first test, or does not come to it.
    """
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:  # tests leave files
        return _run_in(Path(folder), reactor, module, only, timeout_s, result)


def _run_in(
    folder: Path, reactor: str, module: str, only: str, timeout_s: float, result: Result
) -> bool:
    environment = dict(os.environ)
    environment.setdefault("QT_QPA_PLATFORM", "offscreen")
    paths = [str(_ROOT), environment.get("PYTHONPATH", "")]
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, paths))
    command = [
        sys.executable,
        str(Path(__file__).resolve()),
        _CHILD,
        REACTORS.get(reactor, reactor),
        module,
        only,
    ]
    child = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=environment,
        cwd=folder,
    )
    assert child.stdin is not None
    assert child.stdout is not None
    child.stdin.write("\n".join(result.outcomes) + "\n\n")
    child.stdin.flush()
    lines: Queue[str] = Queue()
    reader = threading.Thread(target=_read_lines, args=(child.stdout, lines), daemon=True)
    reader.start()
    running = ""
    try:
        while True:
            try:
                line = lines.get(timeout=timeout_s if running else START_TIMEOUT_S)
            except Empty:
                if not running:
                    raise RuntimeError(f"{module} with {reactor} does not start") from None
                result.outcomes[running] = "hang"
                return False
            verb, _, rest = line.rstrip("\n").partition("\t")
            if verb == "start":
                running = rest
            elif verb == "end":
                return True
            elif verb == "":
                if not running:
                    raise RuntimeError(f"{module} with {reactor} cannot be run: try {command}")
                result.outcomes[running] = "abort"
                return False
            else:
                test, _, reason = rest.partition("\t")
                result.outcomes[test] = verb
                if reason:
                    result.reasons[test] = reason
                running = ""
    finally:
        child.kill()
        child.wait()
        reader.join()
        child.stdin.close()
        child.stdout.close()


def _read_lines(stream: Iterable[str], lines: Queue[str]) -> None:
    for line in stream:
        if line.startswith(("start\t", "end\t", *(f"{outcome}\t" for outcome in OUTCOMES))):
            lines.put(line)
    lines.put("")


def compare(
    reactors: Sequence[str],
    modules: Sequence[str],
    only: str = "",
    timeout_s: float = TEST_TIMEOUT_S,
    progress: bool = False,
) -> dict[str, Result]:
    """Run the modules with each of the reactors; returns a result for each."""
    results = {reactor: Result() for reactor in reactors}
    for module in modules:
        for reactor in reactors:
            start_s = time.monotonic()
            result = run_module(reactor, module, only, timeout_s)
            results[reactor].outcomes.update(result.outcomes)
            results[reactor].reasons.update(result.reasons)
            if progress:
                counts = ", ".join(f"{result.count()[outcome]} {outcome}" for outcome in OUTCOMES)
                took_s = time.monotonic() - start_s
                print(f"{module} {reactor}: {counts} ({took_s:.0f} s)", file=sys.stderr)
    return results


def table(results: dict[str, Result]) -> str:
    """The results as a Markdown table, and below it what went wrong where."""
    lines = ["| reactor | " + " | ".join(OUTCOMES) + " |", "|---" * (len(OUTCOMES) + 1) + "|"]
    for reactor, result in results.items():
        counts = result.count()
        cells = " | ".join(str(counts[outcome]) for outcome in OUTCOMES)
        lines.append(f"| {reactor} | {cells} |")
    lines.append("")
    for test in sorted({test for result in results.values() for test in result.outcomes}):
        outcomes = {name: result.outcomes.get(test, "absent") for name, result in results.items()}
        if set(outcomes.values()) <= {"ok"} or set(outcomes.values()) == {"skip"}:
            continue
        told = "; ".join(f"{name} {outcome}" for name, outcome in outcomes.items())
        lines.append(f"* {test}: {told}")
        for name, result in results.items():
            if test in result.reasons and outcomes[name] != "ok":
                lines.append(f"    * {name}: {result.reasons[test]}")
    return "\n".join(lines)


def worse(result: Result, than: Result) -> list[str]:
    """The ids of the tests in which `result` is worse off than `than`.

    A skip is as good as an ok: Twisted skips by what a reactor provides.
    """
    good = ("ok", "skip")
    return [
        test
        for test, outcome in result.outcomes.items()
        if outcome not in good and than.outcomes.get(test) in good
    ]


def _child(reactor: str, module: str, only: str) -> None:
    """Run the tests whose ids do not stand on stdin, telling each one's fate on stdout."""
    import unittest

    known = set()
    for line in sys.stdin:
        if line == "\n":
            break
        known.add(line.strip())
    # The tests' own output, and that of their child processes, goes elsewhere.
    report = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    os.close(0)
    os.open(os.devnull, os.O_RDONLY)

    application = None
    if "Qt" in reactor:
        from PyQt5.QtWidgets import QApplication

        application = QApplication(["conformance"])
    from twisted.internet.test.reactormixins import ReactorBuilder
    from twisted.python.reflect import namedAny

    ReactorBuilder._reactors = [reactor]
    tests = namedAny(f"twisted.internet.test.{module}")
    short = reactor.split(".")[-1]

    class Report(unittest.TestResult):
        def _tell(self, verb: str, test: unittest.TestCase, reason: str = "") -> None:
            reason = " ".join(reason.split())[-300:]
            report.write(f"{verb}\t{name_of(test)}\t{reason}\n")

        def startTest(self, test: unittest.TestCase) -> None:
            self.told = False
            report.write(f"start\t{name_of(test)}\n")

        def _tell_once(self, verb: str, test: unittest.TestCase, reason: object) -> None:
            if not self.told:
                self.told = True
                self._tell(verb, test, str(reason))

        def addError(self, test: unittest.TestCase, err: object) -> None:
            self._tell_once("not ok", test, why(err))

        def addFailure(self, test: unittest.TestCase, err: object) -> None:
            self._tell_once("not ok", test, why(err))

        def addSkip(self, test: unittest.TestCase, reason: str) -> None:
            self._tell_once("skip", test, reason)

        def addExpectedFailure(self, test: unittest.TestCase, *error: object) -> None:
            self._tell_once("ok", test, "")

        def stopTest(self, test: unittest.TestCase) -> None:
            self._tell_once("ok", test, "")

    def why(err: object) -> str:
        value = err[1] if isinstance(err, tuple) else getattr(err, "value", err)
        return f"{type(value).__name__}: {value}"

    def name_of(test: unittest.TestCase) -> str:
        return test.id().replace(f"_{short}Tests", "").removeprefix("twisted.internet.test.")

    result = Report()
    for name, value in sorted(vars(tests).items()):
        if not (isinstance(value, type) and name.endswith(f"_{short}Tests")):
            continue
        for test in unittest.defaultTestLoader.loadTestsFromTestCase(value):
            assert isinstance(test, unittest.TestCase)
            if name_of(test) not in known and only in name_of(test):
                test.run(result)
    report.write("end\t\n")
    report.close()
    del application
    os._exit(0)


def main(arguments: Sequence[str]) -> int:
    """Print the table; returns 1 if a reactor of this project is worse than epoll."""
    if arguments[:1] == [_CHILD]:
        _child(*arguments[1:])
    parser = argparse.ArgumentParser(description="Twisted's reactor tests, side by side.")
    parser.add_argument("--reactors", nargs="+", default=list(REACTORS))
    parser.add_argument("--modules", nargs="+", default=list(MODULES))
    parser.add_argument("--only", default="", help="no more than tests with this in their id")
    parser.add_argument("--timeout-s", type=float, default=TEST_TIMEOUT_S)
    options = parser.parse_args(arguments)
    if not hasattr(select, "epoll"):
        options.reactors = [name for name in options.reactors if "epoll" not in name.lower()]
    results = compare(options.reactors, options.modules, options.only, options.timeout_s, True)
    print(table(results))
    if "epoll" not in results or "QtEPollReactor" not in results:
        return 0
    return 1 if worse(results["QtEPollReactor"], results["epoll"]) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
