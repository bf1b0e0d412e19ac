"""What all tests share: no window on the screen, and nothing of the user is read or written."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from platformdirs import user_cache_path

from tests.windows import no_window_left, pytest_pyfunc_call, pytest_runtest_protocol, qtbot

__all__ = ["no_window_left", "pytest_pyfunc_call", "pytest_runtest_protocol", "qtbot"]

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# By hand each run tries other examples, and those that failed once first. In CI all runs are alike.
os.environ.setdefault(
    "HYPOTHESIS_STORAGE_DIRECTORY", str(user_cache_path("monitorapp-tests") / "hypothesis")
)
settings.register_profile(
    "by_hand",
    deadline=None,  # as load on the machine would break it
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.register_profile(
    "ci", settings.get_profile("by_hand"), derandomize=True, database=None, print_blob=True
)
settings.load_profile("ci" if os.environ.get("CI") else "by_hand")


def pytest_collection_finish() -> None:
    """Let the collections after tests pass by what stays for all of them."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Paths of folders, another one each time. Only those that are needed are made."""
    folder = tmp_path_factory.mktemp("homes")
    return (folder / str(number) for number in count())


@pytest.fixture(scope="session")
def runtime_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder for sockets, which Qt wants to be there."""
    folder = tmp_path_factory.mktemp("runtime")
    folder.chmod(0o700)
    return folder


@pytest.fixture(autouse=True)
def private_folders(
    homes: Iterator[Path], runtime_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = next(homes)
    for variable in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(variable, str(home / variable.lower()))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime_folder))
