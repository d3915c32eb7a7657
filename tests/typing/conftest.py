"""What the typing tests share: what a checker said of a program is kept for all workers of a run, since checkers take their time."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock

from tests.typing.checkers import Findings

Checked = Callable[[Callable[[Path, Path], Findings], str, str], Findings]


@pytest.fixture(scope="session")
def checked(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Checked:
    """Check a program by its name, once a run."""
    base = tmp_path_factory.getbasetemp()
    folder = (base if worker_id == "master" else base.parent) / "typing"
    folder.mkdir(exist_ok=True)

    def check_it(check: Callable[[Path, Path], Findings], name: str, text: str) -> Findings:
        said = folder / f"{name}-{check.__name__}.json"
        # One at a time, so that the second program finds what the first one left in the checker's cache.
        with FileLock(folder / f"{check.__name__}.lock"):
            if not said.exists():
                program = folder / name / f"{check.__name__}_program.py"
                program.parent.mkdir(exist_ok=True)
                program.write_text(text, encoding="utf-8")
                said.write_text(json.dumps(check(program, folder / "cache").as_json()), encoding="utf-8")
        return Findings.from_json(json.loads(said.read_text(encoding="utf-8")))

    return check_it
