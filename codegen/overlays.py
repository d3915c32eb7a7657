"""Applies OpenAPI Overlay 1.0 documents to a document, and lists what each action changed.

Values are merged by the rules that 1.1.0 spells out; where the two versions give different results (a list appended to a list is one
entry by 1.0 and several by 1.1) the action is refused, so that every tool gets the same document. Stricter than the standard: a target
that matches nothing, a match that stays as it was, an action with neither or both of update and remove, one without a description.
"""

import copy
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import jsonpath
from attrs import field, frozen
from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from codegen.errors import BuildError, shorten, shown
from codegen.paths import NodePath, node_at, to_jsonpath
from codegen.yaml_io import parse_yaml, read_bytes

FILE_NAME = re.compile(r"([0-9]{2})-[a-z0-9]+(?:-[a-z0-9]+)*\.yaml")
_OVERLAY_1_0 = Draft202012Validator(json.loads(Path(__file__).with_name("overlay-1.0.schema.json").read_text("utf-8")))
_JSONPATH = jsonpath.JSONPathEnvironment(strict=True)


ABSENT: Final = ...
"""The value where there is none: null is a value."""


@frozen
class Action:
    """One action of an overlay, counted from 1 in its file; `update` is ABSENT when the action removes."""

    file: Path
    number: int
    target: str
    description: str
    update: object = field(hash=False)

    @property
    def place(self) -> str:
        """How an error names it."""
        return f"action {self.number} ({self.target})"

    def refused(self, reason: str, hint: str) -> BuildError:
        """The error that says what is wrong with it."""
        return BuildError(self.file, self.place, reason, hint)


@frozen
class Overlay:
    """One overlay document; `extends` is the document that it says it is for, relative to itself."""

    file: Path
    content: bytes
    title: str
    extends: str | None
    actions: tuple[Action, ...]


@frozen
class Change:
    """One place that one action changed, by its path at that moment; ABSENT stands for what was added or removed."""

    action: Action
    path: NodePath
    before: object
    after: object


def load_overlays(folder: Path) -> list[Overlay]:
    """The overlays of a folder, in the order of their numbers; it holds nothing else."""
    by_number: dict[str, Path] = {}
    for file in sorted(folder.glob("*")):
        match = FILE_NAME.fullmatch(file.name)
        if not match or not file.is_file():
            raise BuildError(file, "", "this is not an overlay's name", "name it NN-name.yaml, or move it elsewhere")
        if other := by_number.get(match[1]):
            reason = f"the number {match[1]} is taken by {other.name}, so their order is unclear"
            raise BuildError(file, "", reason, "give one of them another number")
        by_number[match[1]] = file
    if not by_number:
        raise BuildError(folder, "", "there is no overlay", "overlays are files NN-name.yaml in it")
    return [_overlay(file) for file in by_number.values()]


def _overlay(file: Path) -> Overlay:
    content = read_bytes(file)
    document = parse_yaml(content, file)
    if error := best_match(_OVERLAY_1_0.iter_errors(document)):
        place, hint = _place(document, list(error.absolute_path)), "correct it as the standard says"
        raise BuildError(file, place, f"not an Overlay 1.0 document: {shorten(error.message)}", hint)
    actions = tuple(_action(file, number, entry) for number, entry in enumerate(document["actions"], 1))
    return Overlay(file, content, document["info"]["title"], document.get("extends"), actions)


def _action(file: Path, number: int, entry: Any) -> Action:  # noqa: ANN401 - the published schema says nothing of its type
    if not isinstance(entry, dict):
        hint = "give an object with target and description"
        raise BuildError(file, f"action {number}", f"it is {shown(entry)}", hint)
    action = Action(file, number, entry["target"], entry.get("description", ""), entry.get("update", ABSENT))
    if ("update" in entry) == bool(entry.get("remove")):
        raise action.refused("it says both update and remove, or neither", "say one of the two in each action")
    if not action.description.strip():
        raise action.refused("it has no description", "say what is so and what the evidence is")
    _query(action)
    return action


def _place(document: dict[str, Any], path: list[str | int]) -> str:
    """Names the action where there is one, since a person counts actions and not indices."""
    match path:
        case ["actions", int(index), *_]:
            target = document["actions"][index].get("target")
            return f"action {index + 1} ({target if isinstance(target, str) else 'no target'})"
    return to_jsonpath(path)


def _query(action: Action) -> Any:  # noqa: ANN401 - a compiled path of python-jsonpath, seen only here
    try:
        return _JSONPATH.compile(action.target)
    except jsonpath.JSONPathError as error:
        said = error.args[0] if error.args else type(error).__name__
        raise action.refused(f"the target is not an RFC 9535 JSONPath: {said}", "correct the target") from error


def apply(document: dict[str, Any], overlays: Sequence[Overlay]) -> tuple[dict[str, Any], list[Change]]:
    """A copy of the document with every action done in order, and all that changed; an action that does nothing is refused."""
    result = copy.deepcopy(document)
    changes = [change for overlay in overlays for action in overlay.actions for change in _done(result, action)]
    return result, changes


def _done(document: dict[str, Any], action: Action) -> list[Change]:
    nodes = _matches(document, action)
    if action.update is ABSENT:
        return _removed(document, action, nodes)
    changes: list[Change] = []
    for path, node in nodes.items():
        if isinstance(node, dict):
            if not isinstance(action.update, dict):
                reason = f"the update is {shown(action.update)}, but {to_jsonpath(path)} is an object"
                raise action.refused(reason, "an object takes an object of properties to merge")
            found = list(_merged(action, path, node, action.update))
        else:
            if isinstance(action.update, list):
                reason = f"the update is a list, but what {to_jsonpath(path)} takes is one entry"
                hint = "append the entries by an action each, or update the object that holds the list"
                raise action.refused(reason, hint)
            found = [_appended(action, path, node, [action.update])]
        if not found:
            reason = f"the update changes nothing at {to_jsonpath(path)}: it says what is there already"
            raise action.refused(reason, "drop the action, or narrow the target")
        changes += found
    return changes


def _matches(document: dict[str, Any], action: Action) -> dict[NodePath, Any]:
    """The nodes that a target selects, each once, in document order."""
    nodes: dict[NodePath, Any] = {match.parts: match.obj for match in _query(action).finditer(document)}
    if not nodes:
        reason = "the target matches nothing: the document has moved under the overlay"
        raise action.refused(reason, "correct the target or drop the action")
    for path, node in nodes.items():
        if not isinstance(node, (dict, list)):
            what = f"{shown(node)} at {to_jsonpath(path)}"
            reason = f"the target selects {what}, and Overlay 1.0 knows objects and lists only"
            raise action.refused(reason, "select the object that holds it")
    if len({type(node) for node in nodes.values()}) > 1 and action.update is not ABSENT:
        raise action.refused("the target selects both objects and lists", "make two actions of it")
    return nodes


def _merged(action: Action, path: NodePath, node: dict[str, Any], update: dict[str, Any]) -> Iterator[Change]:
    for name, new in update.items():
        place = (*path, name)
        old = node.get(name, ABSENT)
        if isinstance(old, dict) and isinstance(new, dict):
            yield from _merged(action, place, old, new)
        elif isinstance(old, list) and isinstance(new, list):
            if new:
                yield _appended(action, place, old, new)
        elif old is ABSENT or not (isinstance(old, (dict, list)) or isinstance(new, (dict, list))):
            if type(old) is not type(new) or old != new:  # to JSON true is not 1
                node[name] = copy.deepcopy(new)
                yield Change(action, place, old, new)
        else:
            reason = f"the update has {shown(new)} for {to_jsonpath(place)}, which is {shown(old)}"
            raise action.refused(reason, "remove what is there in an action before, or give a value of the same kind")


def _appended(action: Action, path: NodePath, items: list[Any], new: list[Any]) -> Change:
    before = copy.deepcopy(items)
    items += copy.deepcopy(new)
    return Change(action, path, before, copy.deepcopy(items))


def _removed(document: dict[str, Any], action: Action, nodes: dict[NodePath, Any]) -> list[Change]:
    """Takes the matches out, later items of a list first, so that the indices of the earlier ones stay true."""
    changes: list[Change] = []
    for path in sorted(nodes, reverse=True):  # two steps that differ are into one node, and so of one type
        if any(path[:length] in nodes for length in range(len(path))):
            continue  # it goes with an object around it that was selected as well
        if not path:
            raise action.refused("the target is the whole document", "remove a part of it")
        del node_at(document, path[:-1])[path[-1]]
        changes.append(Change(action, path, nodes[path], ABSENT))
    return changes
