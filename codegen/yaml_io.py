"""Reads and writes YAML as JSON with comments: what two YAML readers could take differently is refused or quoted.

PyYAML does the parsing and the writing. Its types are not used, because YAML 1.1 reads `NO` as false, `12:30` as 750 and `0777` as
511, keeps the last of two equal keys, and lets two places share one object.
"""

import json
import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import yaml

from codegen.errors import BuildError, shown

_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]*)")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_WORDS: dict[str, bool | None] = {"null": None, "true": True, "false": False}


def load_yaml(path: Path) -> dict[str, Any]:
    """Read the mapping in a YAML file; it holds JSON's types only, and what JSON cannot say is a BuildError."""
    return parse_yaml(read_bytes(path), path)


def read_bytes(path: Path) -> bytes:
    """Read a file; a missing or unreadable one is a BuildError."""
    try:
        return path.read_bytes()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise BuildError(path, "", f"cannot be read: {reason}", "check the path and its permissions") from error


def parse_yaml(content: bytes, path: Path) -> dict[str, Any]:
    """Like `load_yaml`, for content that was read already; `path` only serves the messages."""
    try:
        return _Reader(content.decode("utf-8"), path).document()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise BuildError(path, f"line {line}", f"byte {error.start} is not UTF-8", "save the file as UTF-8") from error
    except RecursionError:
        raise BuildError(path, "", "it is nested too deeply", "make it flatter") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        parts = [getattr(error, "context", None), getattr(error, "problem", None)] if mark else [str(error)]
        reason = " ".join(" ".join(part for part in parts if part).split())
        place = f"line {mark.line + 1}" if mark else ""
        raise BuildError(path, place, f"this is not YAML: {reason}", "correct the line or the one before it") from error


class _Reader:
    """One pass over the parser's events. Events are untyped in PyYAML, hence `Any`."""

    def __init__(self, text: str, path: Path) -> None:
        self._path = path
        self._events: Iterator[Any] = yaml.parse(text, Loader=yaml.CSafeLoader)

    def document(self) -> dict[str, Any]:
        _, start = next(self._events), next(self._events)
        if isinstance(start, yaml.StreamEndEvent):
            raise BuildError(self._path, "", "the file is empty", "a mapping is expected")
        root = next(self._events)
        value = self._value(root)
        if not isinstance(value, dict):
            self._refuse(root, f"the file holds {shown(value)}", "a mapping is expected")
        _, end = next(self._events), next(self._events)
        if not isinstance(end, yaml.StreamEndEvent):
            self._refuse(end, "a second document starts here", "one file holds one document: drop the '---'")
        return value

    def _value(self, event: Any) -> Any:  # noqa: ANN401 - see the class
        if event.anchor is not None:
            sign = "*" if isinstance(event, yaml.AliasEvent) else "&"
            self._refuse(event, f"JSON has no anchors and aliases ({sign}{event.anchor})", "write the value out")
        if event.tag is not None:
            tag = event.tag.replace("tag:yaml.org,2002:", "!!")
            self._refuse(event, f"JSON has no tags ({tag})", "drop the tag; quote what is a string")
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event)
        if isinstance(event, yaml.SequenceStartEvent):
            return [self._value(item) for item in self._until(yaml.SequenceEndEvent)]
        mapping: dict[str, Any] = {}
        lines: dict[str, int] = {}
        for item in self._until(yaml.MappingEndEvent):
            key = self._key(item)
            if key in mapping:
                self._refuse(item, f"the key {key!r} is there already, on line {lines[key]}", "keep one of the two")
            lines[key] = item.start_mark.line + 1
            mapping[key] = self._value(next(self._events))
        return mapping

    def _key(self, event: Any) -> str:  # noqa: ANN401 - see the class
        if isinstance(event, yaml.ScalarEvent) and event.value == "<<" and not event.style:
            self._refuse(event, "JSON has no merge keys ('<<')", "write out what is to be merged")
        key = self._value(event)
        if not isinstance(key, str):
            self._refuse(event, f"the key is {shown(key)}, not a string", "put it in quotes")
        return key

    def _scalar(self, event: Any) -> str | bool | float | None:  # noqa: ANN401 - see the class
        text: str = event.value
        if event.style:
            return text
        if text in {"", "~"}:
            what = f"{text or 'an empty value'} is null to some readers and a string to others"
            self._refuse(event, what, 'write null, "", [] or {}, whichever is meant')
        if text in _WORDS:
            return _WORDS[text]
        if not _NUMBER.fullmatch(text):
            return text
        if math.isinf(float(text)):
            self._refuse(event, f"{text[:20]} is too large for a double", "put it in quotes")
        return int(text) if _INTEGER.fullmatch(text) else float(text)

    def _until(self, end: type) -> Iterator[Any]:
        while not isinstance(event := next(self._events), end):
            yield event

    def _refuse(self, event: Any, reason: str, hint: str) -> NoReturn:  # noqa: ANN401 - see the class
        raise BuildError(self._path, f"line {event.start_mark.line + 1}", reason, hint)


def dump_yaml(document: dict[str, Any]) -> str:
    """Write a document of JSON's types as YAML in its own order; `parse_yaml` reads exactly the same document from it."""
    if json.loads(json.dumps(document, allow_nan=False)) != document:
        raise TypeError("JSON knows strings as keys, and lists: no other keys, no tuples")
    # Not the C dumper: it folds lines in other places, and the bytes must not depend on whether libyaml is there.
    return str(yaml.dump(document, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110))


class _Dumper(yaml.SafeDumper):
    """Quotes what readers of YAML 1.1 or 1.2 could take for something other than a string; indents lists; writes no aliases."""

    def ignore_aliases(self, data: object) -> bool:
        del data
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: FBT001, FBT002 - PyYAML's signature
        del indentless
        super().increase_indent(flow, False)  # noqa: FBT003 - PyYAML's signature

    def write_text(self, text: str) -> yaml.ScalarNode:
        text.encode()  # half of a surrogate pair raises UnicodeEncodeError, which is a ValueError
        lines = text.removesuffix("\n").split("\n")
        style = None if text.isprintable() else '"'
        plain = all(line == line.strip() and line.isprintable() for line in lines)
        if len(lines) > 1 and lines[0] and lines[-1] and plain:
            style = "|"
        elif len(text) > 90 and text == " ".join(text.split()) and " " in text and text.isprintable():
            style = ">"
        return self.represent_scalar("tag:yaml.org,2002:str", text, style)


_Dumper.add_representer(str, _Dumper.write_text)
_Dumper.add_implicit_resolver("tag:yaml.org,2002:float", _NUMBER, list("-0123456789"))
