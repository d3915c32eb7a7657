"""Processes that are killed at every step of a charge, in short; `make chaos` plays a thousand schedules and more."""

import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="forks and signals of POSIX")


def figures(*arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "tests.charges.chaos", "--workers", "1", "--settled", "1000", *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    print(done.stdout)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.slow
def test_killed_processes_never_charge_twice_and_lose_no_outcome() -> None:
    # One for each place at which a process can die, and a few more.
    assert "double charges 0, outcomes lost 0, invented 0, contradicted 0" in figures("--schedules", "32")


@pytest.mark.slow
def test_nor_do_they_on_postgresql(postgresql_place: str) -> None:
    assert "double charges 0, outcomes lost 0, invented 0, contradicted 0" in figures(
        "--schedules", "16", "--journal", postgresql_place
    )
