"""Reports to mutmut which of the changed functions a test reached in the processes that it started, and runs the quick tests first.

In the copy of the tree it is called `sitecustomize`, so that each Python process loads it at its start; pytest loads it as a plugin
(PYTEST_DONT_REWRITE: by then it is loaded already).
"""

import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).with_name("reached")


def _report_from_here() -> None:
    """Write down each function at its first call: the process may be killed at any time."""
    from mutmut.mutation import trampoline  # pyright: ignore[reportMissingImports]  # it is installed by `make mutants-runtime` alone

    known: set[str] = set()

    def report(name: str, caller: str | None = None) -> None:
        if name not in known:
            known.add(name)
            _FOLDER.mkdir(exist_ok=True)
            with (_FOLDER / str(os.getpid())).open("a", encoding="utf-8") as file:
                file.write(f"{name}\n")

    trampoline.__dict__["record_trampoline_hit"] = report


# Not in the process of the tests themselves, where mutmut writes down each test again what it reaches.
if os.environ.get("MUTANT_UNDER_TEST") == "stats" and "pytest" not in sys.modules:
    _report_from_here()


def pytest_runtest_makereport() -> None:
    """Take over what was written down, before mutmut asks at the end of a test."""
    if _FOLDER.exists():
        from mutmut.state import state  # pyright: ignore[reportMissingImports]

        for file in _FOLDER.iterdir():
            state()._stats.update(file.read_text(encoding="utf-8").split())
        shutil.rmtree(_FOLDER)


def pytest_collection_modifyitems(items: list[Any]) -> None:
    """Run the tests that took the least time first: most mutants are noticed by many, and the first one ends the run.

    Without those that have a backslash in their name: where mutmut cannot select one of its tests, it takes the mutant to be noticed.
    """
    items[:] = [item for item in items if "\\" not in item.nodeid]
    known = Path("mutmut-stats.json")
    if known.exists():
        seconds = json.loads(known.read_text(encoding="utf-8"))["duration_by_test"]
        # The first of PostgreSQL starts its server.
        items.sort(key=lambda item: ("postgresql" in item.nodeid, seconds.get(item.nodeid, 0)))
