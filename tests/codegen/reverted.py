"""Finds overlay actions that a later action reverts: a fact that is stated, and is then not so in the resolved document."""

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from codegen.overlays import ABSENT, Change
from codegen.paths import NodePath, node_at, to_jsonpath


@dataclass(frozen=True, slots=True)
class Reverted:
    """A change, and the later one after which nothing is left of it, or not all."""

    earlier: Change
    later: Change

    def __str__(self) -> str:
        first, second = self.earlier.action, self.later.action
        did = "removes" if self.earlier.after is ABSENT else "sets"
        return (
            f"{first.file.name}: {first.place} {did} {to_jsonpath(self.earlier.path)}, "
            f"which {second.file.name}: {second.place} takes back; drop one of the two"
        )


def reverted(changes: Sequence[Change]) -> list[Reverted]:
    """The changes that later ones take back.

    A removal counts as taken back when what was removed is there again, or when another overlay puts something else in its
    place. Within one overlay, removing a value and giving another is how Overlay 1.0 replaces a list or an object: one fact, two
    actions.
    """
    found: list[Reverted] = []
    for number, change in enumerate(changes):
        later = _taken_back_by(change, changes[number + 1 :])
        if later is not None:
            found.append(Reverted(change, later))
    return found


def _taken_back_by(change: Change, following: Sequence[Change]) -> Change | None:
    """The change after which this one no longer held, up to the end."""
    # What left a list is looked for in the whole list: its index belongs to its neighbour by now.
    place: NodePath | None = change.path[:-1] if _leaves_list(change) else change.path
    value: object = copy.deepcopy(change.after)
    culprit: Change | None = None
    for later in following:
        if place is None:
            break
        if not _overlap(place, later):
            continue
        place, value = _replayed(place, value, later)
        culprit = None if _holds(change, value, later) else culprit or later
    return culprit


def _overlap(place: NodePath, later: Change) -> bool:
    shifts = len(later.path) - 1 if _leaves_list(later) else len(later.path)
    shorter = min(len(place), shifts)
    return place[:shorter] == later.path[:shorter]


def _leaves_list(change: Change) -> bool:
    return change.after is ABSENT and isinstance(change.path[-1], int)


def _replayed(place: NodePath, value: object, later: Change) -> tuple[NodePath | None, object]:
    """Where the changed node lies after a later change, and what it holds then; None when it cannot come back."""
    above = len(later.path) - 1
    if _leaves_list(later) and len(place) > above:
        index, removed = place[above], later.path[above]
        assert isinstance(index, int) and isinstance(removed, int)  # noqa: PT018 - both are steps into one list
        if index == removed:
            return None, ABSENT
        return (*place[:above], index - (index > removed), *place[above + 1 :]), value
    if len(later.path) <= len(place):
        try:
            return place, copy.deepcopy(node_at(later.after, place[len(later.path) :]))
        except (KeyError, IndexError, TypeError):
            return place, ABSENT
    if value is not ABSENT:
        holder: Any = node_at(value, later.path[len(place) : -1])
        if later.after is ABSENT:
            del holder[later.path[-1]]
        else:
            holder[later.path[-1]] = copy.deepcopy(later.after)
    return place, value


def _holds(change: Change, value: object, later: Change) -> bool:
    if _leaves_list(change):
        return not isinstance(value, list) or change.before not in value
    if change.after is not ABSENT:
        before = change.before if isinstance(change.before, list) else []
        return _covers(value, change.after, len(before))
    return value is ABSENT or (value != change.before and later.action.file == change.action.file)


def _covers(value: object, wanted: object, known: int = 0) -> bool:
    """Whether everything wanted is still in the value; the first `known` items of a list were not wanted, but there."""
    if isinstance(wanted, dict):
        return isinstance(value, dict) and all(name in value and _covers(value[name], wanted[name]) for name in wanted)
    if isinstance(wanted, list):
        return isinstance(value, list) and all(any(_covers(item, new) for item in value) for new in wanted[known:])
    return type(value) is type(wanted) and value == wanted
