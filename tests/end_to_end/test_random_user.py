"""A short turn of what `tests.endurance.window` does for as long as one likes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.endurance.machine import Machine

ROUNDS = 3
SEED = 1


@pytest.mark.slow
def test_what_the_window_says_agrees_with_what_its_clients_did(tmp_path: Path) -> None:
    machine = Machine(SEED, tmp_path, most_steps=25)
    try:
        machine.start()
        for _ in range(ROUNDS):
            machine.round()
        machine.close()
    except AssertionError as wrong:
        steps = "\n".join(machine.done)
        raise AssertionError(f"seed {SEED}:\n{steps}\n{wrong}") from wrong
    finally:
        machine.kill()
    assert machine.totals.checks >= ROUNDS
