"""Tells what the overlays do, action by action, as Markdown for a pull request: target, evidence, before and after."""

import difflib
from collections.abc import Iterator

from codegen.errors import display_path
from codegen.overlays import ABSENT, Change
from codegen.paths import to_jsonpath
from codegen.resolve import Resolved
from codegen.yaml_io import dump_yaml


def report(resolved: Resolved) -> str:
    """One section an overlay, one part an action."""
    return "\n".join(_lines(resolved)) + "\n"


def _lines(resolved: Resolved) -> Iterator[str]:
    actions = sum(len(overlay.actions) for overlay in resolved.overlays)
    counts = {"overlay": len(resolved.overlays), "action": actions, "change": len(resolved.changes)}
    counted = ", ".join(f"{number} {noun}{'' if number == 1 else 's'}" for noun, number in counts.items())
    yield "# What the overlays change"
    yield f"\n`{display_path(resolved.spec_path)}` and {counted}; digest `{resolved.digest[:12]}`."
    for overlay in resolved.overlays:
        yield f"\n## `{overlay.file.name}`: {overlay.title}"
        for action in overlay.actions:
            yield f"\n### {action.number}. {'remove' if action.update is ABSENT else 'update'} `{action.target}`\n"
            yield from (f"> {line}".rstrip() for line in action.description.strip().splitlines())
            for diff, places in _diffs([change for change in resolved.changes if change.action is action]).items():
                yield f"\nAt {', '.join(f'`{place}`' for place in places)}:\n"
                yield from ("```diff", *diff, "```")


def _diffs(changes: list[Change]) -> dict[tuple[str, ...], list[str]]:
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
    for place, sides in nodes.items():
        old, new = (dump_yaml(side).splitlines() if side else [] for side in sides)
        diff = list(difflib.unified_diff(old, new, n=2, lineterm=""))[2:]  # without the names of the two files
        hunks = ["@@" if line.startswith("@@") else line for line in diff]
        grouped.setdefault(tuple(hunks[1:] if hunks.count("@@") == 1 else hunks), []).append(place)
    return grouped
