"""Reads YAML as if it were JSON with comments (`codegen.emit` writes it): what one reader could take differently is refused.

PyYAML's parser (libyaml's where it is there) supplies the events; what they mean is decided here, because YAML 1.1 reads `NO`
as false, `12:30` as 750 and `0777` as 511, keeps the last of two equal keys, and lets two places share one object.
"""

import copy
import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import yaml

from codegen.emit import dump_yaml
from codegen.problems import BuildError

__all__ = ["dump_yaml", "load_yaml", "parse_yaml", "read_bytes"]

MAX_BYTES = 8_000_000
MAX_DEPTH = 64
MAX_NODES = 500_000

EventLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_JSON_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_WORDS: dict[str, bool | None] = {"null": None, "true": True, "false": False}


def load_yaml(path: Path) -> dict[str, Any]:
    """The mapping in a YAML file, of JSON's types only, no two places of which share an object.

    Raises:
        BuildError: The file cannot be read, or says anything that JSON could not say or a reader could take in two ways.
    """
    return parse_yaml(read_bytes(path), path)


def read_bytes(path: Path) -> bytes:
    """The file's content, a missing or unreadable file being a BuildError."""
    try:
        return path.read_bytes()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise BuildError(path, "", f"cannot be read: {reason}", "check the path and its permissions") from error


def parse_yaml(content: bytes, path: Path) -> dict[str, Any]:
    """Like `load_yaml`, for content that was read already; `path` only serves the messages."""
    text = _decoded(content, path)
    try:
        return _Reading(text, path).document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f"line {mark.line + 1}" if mark else ""
        said = " ".join(part for part in (error.context, error.problem) if part)
        raise BuildError(path, place, f"this is not YAML: {said}", "correct the line or the one before it") from error
    except yaml.YAMLError as error:
        said = " ".join(str(error).split())
        raise BuildError(path, "", f"this is not YAML: {said}", "correct it") from error


def _decoded(content: bytes, path: Path) -> str:
    if len(content) > MAX_BYTES:
        raise BuildError(
            path, "", f"{len(content)} bytes are more than the {MAX_BYTES} that are read", "split the file"
        )
    if content.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        raise BuildError(path, "line 1", "the file starts with a byte order mark", "save it as UTF-8 without one")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise BuildError(path, f"line {line}", f"byte {error.start} is not UTF-8", "save the file as UTF-8") from error


class _Reading:
    """One pass over the events of one file."""

    def __init__(self, text: str, path: Path) -> None:
        self._path = path
        self._events: Iterator[Any] = yaml.parse(text, Loader=EventLoader)
        self._anchors: dict[str, tuple[Any, int]] = {}
        self._nodes = 0

    def document(self) -> dict[str, Any]:
        next(self._events)  # the stream's start
        event = next(self._events)
        if isinstance(event, yaml.StreamEndEvent):
            raise BuildError(self._path, "", "the file is empty", "a mapping is expected")
        first = next(self._events)
        value = self._value(first, 0)
        if not isinstance(value, dict):
            self._refuse(first, f"the file holds {_kind(value)}", "a mapping is expected")
        next(self._events)  # the document's end
        event = next(self._events)
        if not isinstance(event, yaml.StreamEndEvent):
            self._refuse(event, "a second document starts here", "one file holds one document: drop the '---'")
        return value

    def _value(self, event: Any, depth: int) -> Any:  # noqa: ANN401 - PyYAML's events are untyped, and JSON is any of seven types
        if depth > MAX_DEPTH:
            self._refuse(event, f"nested deeper than {MAX_DEPTH} levels", "make the document flatter")
        if isinstance(event, yaml.AliasEvent):
            return self._copied(event, depth)
        if event.tag is not None:
            self._refuse(
                event, f"the tag {_short_tag(event.tag)} is not JSON's", "drop the tag; quote what is a string"
            )
        before = self._nodes
        self._count(event, 1)
        value: Any
        if isinstance(event, yaml.ScalarEvent):
            value = self._scalar(event)
        elif isinstance(event, yaml.SequenceStartEvent):
            value = [self._value(item, depth + 1) for item in self._until(yaml.SequenceEndEvent)]
        else:
            value = self._mapping(depth)
        if event.anchor is not None:
            self._anchors[event.anchor] = (value, self._nodes - before)
        return value

    def _mapping(self, depth: int) -> dict[str, Any]:
        mapping: dict[str, Any] = {}
        lines: dict[str, int] = {}
        for event in self._until(yaml.MappingEndEvent):
            key = self._key(event, depth)
            if key in mapping:
                reason = f"the key {key!r} is there already, on line {lines[key]}"
                self._refuse(event, reason, "keep one of the two")
            lines[key] = event.start_mark.line + 1
            mapping[key] = self._value(next(self._events), depth + 1)
        return mapping

    def _key(self, event: Any, depth: int) -> str:  # noqa: ANN401 - PyYAML's events are untyped
        if isinstance(event, yaml.ScalarEvent) and event.value == "<<" and not event.style:
            self._refuse(event, "merge keys ('<<') are not JSON's", "write out what is to be merged")
        if not isinstance(event, (yaml.ScalarEvent, yaml.AliasEvent)):
            self._refuse(event, "a key is a list or a mapping", "keys are strings")
        key = self._value(event, depth)
        if not isinstance(key, str):
            self._refuse(event, f"the key is {_kind(key)}, not a string", f"put it in quotes: '{_event_text(event)}'")
        return key

    def _scalar(self, event: Any) -> str | bool | float | None:  # noqa: ANN401 - PyYAML's events are untyped
        text: str = event.value
        if event.style:
            if any("\ud800" <= character <= "\udfff" for character in text):
                self._refuse(event, "half of a surrogate pair is not a character", "write the character itself")
            return text
        if text == "":
            self._refuse(event, "the value is empty", 'write null, "", [] or {}, whichever is meant')
        if text == "~":
            self._refuse(event, "a bare ~ is null to some readers and a string to others", 'write null or "~"')
        if text in _WORDS:
            return _WORDS[text]
        if match := _JSON_NUMBER.fullmatch(text):
            return self._number(event, text, integral=match.group(1) is None and match.group(2) is None)
        return text

    def _number(self, event: Any, text: str, *, integral: bool) -> int | float:  # noqa: ANN401 - PyYAML's events are untyped
        if len(text) > 400:
            self._refuse(event, f"a number of {len(text)} characters", "put it in quotes")
        number = int(text) if integral else float(text)
        if math.isinf(number):
            self._refuse(event, f"the number {text} is too large for a double", "put it in quotes")
        return number

    def _copied(self, event: Any, depth: int) -> Any:  # noqa: ANN401 - PyYAML's events are untyped
        if event.anchor not in self._anchors:
            self._refuse(event, f"the alias *{event.anchor} has no anchor before it that is complete", "write it out")
        value, size = self._anchors[event.anchor]
        self._count(event, size)
        if depth + _depth(value) > MAX_DEPTH:
            self._refuse(event, f"nested deeper than {MAX_DEPTH} levels", "make the document flatter")
        return copy.deepcopy(value)

    def _count(self, event: Any, nodes: int) -> None:  # noqa: ANN401 - PyYAML's events are untyped
        self._nodes += nodes
        if self._nodes > MAX_NODES:
            self._refuse(event, f"more than {MAX_NODES} values, aliases written out", "use fewer aliases")

    def _until(self, end: type) -> Iterator[Any]:
        while not isinstance(event := next(self._events), end):
            yield event

    def _refuse(self, event: Any, reason: str, cure: str) -> NoReturn:  # noqa: ANN401 - PyYAML's events are untyped
        raise BuildError(self._path, f"line {event.start_mark.line + 1}", reason, cure)


def _event_text(event: Any) -> str:  # noqa: ANN401 - PyYAML's events are untyped
    """What a key looks like in the file."""
    return str(event.value) if isinstance(event, yaml.ScalarEvent) else f"*{event.anchor}"


def _depth(value: object) -> int:
    if isinstance(value, dict):
        return 1 + max(map(_depth, value.values()), default=0)
    if isinstance(value, list):
        return 1 + max(map(_depth, value), default=0)
    return 0


def _short_tag(tag: str) -> str:
    return tag.replace("tag:yaml.org,2002:", "!!")


def _kind(value: object) -> str:
    """What JSON calls a value's type, with its article."""
    match value:
        case None:
            return "null"
        case bool():
            return "a boolean"
        case int() | float():
            return "a number"
        case str():
            return "a string"
        case list():
            return "a list"
        case _:
            return "a mapping"
