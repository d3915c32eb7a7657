"""Tells what the overlays do, action by action, as Markdown for a pull request: target, evidence, before and after."""

import difflib
import re
from collections.abc import Iterator, Sequence

from codegen.errors import display_path
from codegen.overlays import ABSENT, Action, Change, Overlay
from codegen.paths import to_jsonpath
from codegen.resolve import Resolved
from codegen.yaml_io import dump_yaml

SHOWN_PLACES = 3
SHOWN_LINES = 30


def report(resolved: Resolved) -> str:
    """One section an overlay, one part an action."""
    changes: dict[Action, list[Change]] = {}
    for change in resolved.changes:
        changes.setdefault(change.action, []).append(change)
    actions = sum(len(overlay.actions) for overlay in resolved.overlays)
    counts = [
        _count(len(resolved.overlays), "overlay"),
        _count(actions, "action"),
        _count(len(resolved.changes), "change"),
    ]
    lines = [
        "# What the overlays change",
        "",
        f"{_code(display_path(resolved.spec_path))} and {', '.join(counts)}; digest `{resolved.digest[:12]}`.",
    ]
    for overlay in resolved.overlays:
        lines += ["", *_overlay(overlay, changes)]
    return "\n".join(lines) + "\n"


def _overlay(overlay: Overlay, changes: dict[Action, list[Change]]) -> Iterator[str]:
    yield f"## `{overlay.file.name}`: {overlay.title}"
    for action in overlay.actions:
        yield ""
        yield f"### {action.number}. {'remove' if action.removes else 'update'} {_code(action.target)}"
        yield ""
        yield from (f"> {line}".rstrip() for line in action.description.strip().splitlines())
        for places, diff in _diffs(changes.get(action, [])):
            yield ""
            yield from _places(places)
            yield ""
            yield from _folded(diff)


def _diffs(changes: Sequence[Change]) -> list[tuple[list[str], list[str]]]:
    """Each different diff once, with all the places at which it happened, in the order in which they were first seen."""
    nodes: dict[str, tuple[dict[str, object], dict[str, object]]] = {}
    for change in changes:
        name = change.path[-1]
        inside = isinstance(name, str)
        before, after = nodes.setdefault(to_jsonpath(change.path[:-1] if inside else change.path), ({}, {}))
        label = name if isinstance(name, str) else "removed"
        if change.before is not ABSENT:
            before[label] = change.before
        if change.after is not ABSENT:
            after[label] = change.after
    grouped: dict[tuple[str, ...], list[str]] = {}
    for place, (before, after) in nodes.items():
        grouped.setdefault(tuple(_diff(before, after)), []).append(place)
    return [(places, list(diff)) for diff, places in grouped.items()]


def _diff(before: dict[str, object], after: dict[str, object]) -> Iterator[str]:
    old, new = (dump_yaml(side).splitlines() if side else [] for side in (before, after))
    for line in list(difflib.unified_diff(old, new, n=2, lineterm=""))[2:]:
        yield "@@" if line.startswith("@@") else line


def _places(places: list[str]) -> Iterator[str]:
    if len(places) <= SHOWN_PLACES:
        yield f"At {', '.join(map(_code, places))}:"
    else:
        yield from _details(f"At {len(places)} places, alike:", [f"- {_code(place)}" for place in places])


def _folded(diff: list[str]) -> Iterator[str]:
    lines = diff[1:] if sum(line == "@@" for line in diff) == 1 else diff
    fence = "`" * max(3, 1 + _longest_run("\n".join(lines)))
    block = [f"{fence}diff", *lines, fence]
    yield from block if len(lines) <= SHOWN_LINES else _details(f"{len(lines)} lines", block)


def _details(summary: str, lines: list[str]) -> list[str]:
    return [f"<details><summary>{summary}</summary>", "", *lines, "", "</details>"]


def _longest_run(text: str) -> int:
    """The length of the longest run of backticks."""
    return max(map(len, re.findall("`+", text)), default=0)


def _code(text: str) -> str:
    """Text as a code span, also with backticks in it."""
    fence = "`" * (1 + _longest_run(text))
    gap = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{gap}{text}{gap}{fence}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
