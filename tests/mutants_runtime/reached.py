"""Reports to mutmut which of the changed functions a test reached in the processes that it started.

In the copy of the tree it is called `sitecustomize`, so that each Python process loads it at its start; pytest loads it as a plugin
(PYTEST_DONT_REWRITE: by then it is loaded already).
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

_FOLDER = Path(__file__).with_name("reached")


def _report_from_here() -> None:
    """Write down each function at its first call: the process may be killed at any time."""
    from mutmut.mutation import trampoline

    known: set[str] = set()

    def report(name: str, caller: str | None = None) -> None:
        if name not in known:
            known.add(name)
            _FOLDER.mkdir(exist_ok=True)
            with (_FOLDER / str(os.getpid())).open("a", encoding="utf-8") as file:
                file.write(f"{name}\n")

    vars(trampoline)["record_trampoline_hit"] = report


if os.environ.get("MUTANT_UNDER_TEST") == "stats":
    _report_from_here()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown() -> Iterator[Any]:
    from mutmut.state import state

    if _FOLDER.exists():
        for file in _FOLDER.iterdir():
            state()._stats.update(file.read_text(encoding="utf-8").split())
        shutil.rmtree(_FOLDER)
    return (yield)
