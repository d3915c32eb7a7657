"""Writes a document as YAML that people can read and review: block style, in the document's order, the same bytes every time.

PyYAML's own emitter is not used, because libyaml's and the one in Python differ in where they fold lines, and because it leaves
unquoted what readers other than ours take for a number or a boolean. Whatever could be read in two ways is quoted here.
"""

import json
import math
import re
import textwrap
from collections.abc import Iterator
from typing import Any

WIDTH = 120
_INDENT = "  "

_PLAIN_START = re.compile(r"[A-Za-z_/$(]")
_NOT_PLAIN = re.compile(r": |:$| #| $")
# What some version of YAML reads as a boolean or a null, in any case.
_WORDS = frozenset({"null", "true", "false", "yes", "no", "on", "off", "y", "n"})
# Line breaks to some readers, marks, and what YAML does not allow: none of them may stand bare, even in quotes.
_ESCAPED = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


def dump_yaml(document: dict[str, Any]) -> str:
    """The document as YAML; `parse_yaml` reads exactly the same document from it.

    Raises:
        ValueError: The document holds what JSON cannot: a number that is none, half of a surrogate pair, a key that is no string.
    """
    return "".join(f"{line}\n" for line in _mapping(document, "")) if document else "{}\n"


def _mapping(mapping: dict[str, Any], indent: str) -> Iterator[str]:
    for key, value in mapping.items():
        if not isinstance(key, str):
            raise TypeError(f"the key {key!r} is not a string")
        yield from _entry(f"{indent}{_inline(key)}:", value, indent)


def _sequence(items: list[Any], indent: str) -> Iterator[str]:
    for item in items:
        if isinstance(item, (dict, list)) and item:
            lines = _nested(item, indent + _INDENT)
            yield f"{indent}- {next(lines)[len(indent) + len(_INDENT) :]}"
            yield from lines
        else:
            yield from _entry(f"{indent}-", item, indent)


def _nested(value: dict[str, Any] | list[Any], indent: str) -> Iterator[str]:
    return _mapping(value, indent) if isinstance(value, dict) else _sequence(value, indent)


def _entry(label: str, value: object, indent: str) -> Iterator[str]:
    """A value behind its key or its dash; blocks go one step further in."""
    inner = indent + _INDENT
    if isinstance(value, (dict, list)) and value:
        yield label
        yield from _nested(value, inner)
    elif isinstance(value, str) and "\n" in value and _literal(value):
        yield f"{label} |" if value.endswith("\n") else f"{label} |-"
        for line in value.removesuffix("\n").split("\n"):
            yield f"{inner}{line}" if line else ""
    elif isinstance(value, str) and len(label) + 1 + len(value) > WIDTH and _foldable(value):
        yield f"{label} >-"
        width = max(WIDTH - len(inner), 40)
        yield from (
            inner + line for line in textwrap.wrap(value, width, break_long_words=False, break_on_hyphens=False)
        )
    else:
        yield f"{label} {_inline(value)}"


def _literal(text: str) -> bool:
    """Whether a text of several lines can stand as it is: printable, with no blank at the start or at the end of a line."""
    lines = text.removesuffix("\n").split("\n")
    return (
        bool(lines[0])
        and bool(lines[-1])
        and all(line.isprintable() and line == line.strip() for line in lines if line)
    )


def _foldable(text: str) -> bool:
    return text.isprintable() and text == " ".join(text.split()) and " " in text


def _inline(value: object) -> str:
    match value:
        case dict():
            return "{}"
        case list():
            return "[]"
        case str():
            return value if _plain(value) else _quoted(value)
        case float() if not math.isfinite(value):
            raise ValueError(f"{value!r} is not JSON")
        case None | bool() | int() | float():
            return json.dumps(value)
    raise TypeError(f"{type(value).__name__} is not JSON")


def _plain(text: str) -> bool:
    return (
        _PLAIN_START.match(text) is not None
        and text.isprintable()
        and _NOT_PLAIN.search(text) is None
        and text.lower() not in _WORDS
    )


def _quoted(text: str) -> str:
    text.encode()  # half of a surrogate pair raises UnicodeEncodeError, which is a ValueError
    return _ESCAPED.sub(lambda match: f"\\u{ord(match[0]):04x}", json.dumps(text, ensure_ascii=False))
