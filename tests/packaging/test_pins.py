"""What `make` installs has its version in constraints.txt and its hashes in constraints-hashes.txt; an action of a workflow, its commit."""

import re
import tomllib
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]


def test_every_pin_has_its_hashes() -> None:
    pins = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    hashed = [
        line
        for line in (ROOT / "constraints-hashes.txt").read_text(encoding="utf-8").splitlines()
        if not line.startswith("#")
    ]
    assert [line.split()[0] for line in hashed] == pins, "run `make hashes`"
    for line in hashed:
        assert re.fullmatch(r"\S+==\S+( --hash=sha256:[0-9a-f]{64})+", line), line


def test_everything_that_make_installs_has_a_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    pins = dict(line.split("==") for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines())
    pinned = {canonicalize_name(name): version for name, version in pins.items()}
    waiting = [Requirement("aig-billing[all]"), *_group(project, "dev"), *_group(project, "mutants")]
    seen: set[tuple[str, frozenset[str]]] = set()
    while waiting:
        wanted = waiting.pop()
        name = canonicalize_name(wanted.name)
        if (name, frozenset(wanted.extras)) in seen:
            continue
        seen.add((name, frozenset(wanted.extras)))
        if name != "aig-billing":
            assert name in pinned, f"{name} has no version in constraints.txt"
        try:
            requires = distribution(name).requires or []
        except PackageNotFoundError:
            continue  # of a group that was not asked for yet
        waiting += [
            one
            for one in map(Requirement, requires)
            if one.marker is None or any(one.marker.evaluate({"extra": extra}) for extra in ("", *wanted.extras))
        ]
    assert len(seen) > 100


def test_every_action_of_a_workflow_is_named_by_its_commit() -> None:
    """A tag can be moved to other code, which would then run with the workflow's token."""
    workflows = [*(ROOT / ".github/workflows").glob("*.yml"), *(ROOT / "deploy/github").glob("*.yml")]
    actions = [
        line.strip() for file in workflows for line in file.read_text(encoding="utf-8").splitlines() if "uses:" in line
    ]
    assert len(actions) >= 9
    for action in actions:
        assert re.fullmatch(r"- uses: \S+@[0-9a-f]{40} # v\d+\.\d+\.\d+", action), action


def _group(project: dict[str, Any], name: str) -> Iterator[Requirement]:
    for entry in project["dependency-groups"][name]:
        if isinstance(entry, str):
            yield Requirement(entry)
        else:
            yield from _group(project, entry["include-group"])
