"""The quick part of Twisted's own reactor tests; all of it: tests/conformance."""

from __future__ import annotations

import importlib.util
import select
import sys
from pathlib import Path
from types import ModuleType

import pytest

pytestmark = pytest.mark.skipif(not hasattr(select, "epoll"), reason="compares with epoll")

PATH = Path(__file__).resolve().parents[1] / "conformance" / "conformance.py"


@pytest.fixture(scope="module")
def conformance() -> ModuleType:
    spec = importlib.util.spec_from_file_location("conformance", PATH)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["conformance"] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("module", ["test_core", "test_fdset", "test_socket", "test_threads"])
def test_not_one_worse_than_epoll(conformance: ModuleType, module: str) -> None:
    results = conformance.compare(["epoll", "QtEPollReactor"], [module])
    ours, epoll = results["QtEPollReactor"], results["epoll"]
    assert ours.outcomes.keys() == epoll.outcomes.keys()
    assert ours.count()["ok"] > 5
    assert conformance.worse(ours, epoll) == []


@pytest.mark.parametrize("module", ["test_tcp", "test_unix"])
def test_not_one_worse_where_hamcrest_is(conformance: ModuleType, module: str) -> None:
    pytest.importorskip("hamcrest")
    results = conformance.compare(["epoll", "QtEPollReactor"], [module])
    assert results["QtEPollReactor"].count()["ok"] > 20
    assert conformance.worse(results["QtEPollReactor"], results["epoll"]) == []


def test_hang_and_abort_are_survived(conformance: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "troubled.py").write_text(
        "import os, time\n"
        "from twisted.internet.epollreactor import EPollReactor\n"
        "class Troubled(EPollReactor):\n"
        "    made = 0\n"
        "    def run(self, *args, **kwargs):\n"
        "        if self.trouble('test_runAfterCrash'):\n"
        "            time.sleep(600)\n"
        "        if self.trouble('test_multipleRun'):\n"
        "            os.abort()\n"
        "        return super().run(*args, **kwargs)\n"
        "    def trouble(self, name):\n"
        "        import sys\n"
        "        frame = sys._getframe()\n"
        "        while frame:\n"
        "            if frame.f_code.co_name == name:\n"
        "                return True\n"
        "            frame = frame.f_back\n"
        "        return False\n"
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(tmp_path))
        result = conformance.run_module("troubled.Troubled", "test_core", timeout_s=1.0)
    counts = result.count()
    assert (counts["hang"], counts["abort"]) == (1, 1)
    assert counts["ok"] > 5
    assert conformance.worse(conformance.Result(), result) == []
