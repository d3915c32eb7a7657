"""From the bytes of an answer to JSON values, refusing what is no JSON: NaN, half characters, foreign encodings, endless nesting.

Nothing here raises: a traceback would show the answer. With `orjson` installed (extra `[speed]`) it reads the plain cases, and the
standard library stays the referee for all others, so the outcome is the same with and without it.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, NoReturn

_GZIP_OR_ZLIB = 47
_RAW_DEFLATE = -15


class Unreadable(NamedTuple):
    """Why a body could not be read."""

    reason: str


def unpack(content: bytes, headers: Mapping[str, str], limit: int) -> bytes | Unreadable:
    """Undo the compression that the headers tell, never making more than `limit` bytes."""
    for coding in reversed([part.strip().lower() for part in headers.get("content-encoding", "").split(",")]):
        if coding in {"", "identity"}:
            continue
        if coding not in {"gzip", "x-gzip", "deflate"}:
            return Unreadable(f"it is compressed with {coding[:20]!r}, which was not asked for")
        unpacked = _inflate(content, limit)
        if isinstance(unpacked, Unreadable):
            return unpacked
        content = unpacked
    return content


def _inflate(content: bytes, limit: int) -> bytes | Unreadable:
    for window in (_GZIP_OR_ZLIB, _RAW_DEFLATE):
        inflater = zlib.decompressobj(window)
        try:
            unpacked = inflater.decompress(content, limit + 1)
        except zlib.error:
            continue
        if len(unpacked) > limit:
            return Unreadable(f"it is more than {limit:,} bytes")
        if not inflater.eof:
            return Unreadable("its compressed form is cut off")
        return unpacked
    return Unreadable("it is not compressed as its headers say")


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


_decode: Callable[[str], Any] = json.JSONDecoder(parse_constant=_refuse_constant).decode


def read_json(content: bytes) -> object:
    """Read a JSON text in UTF-8; Unreadable, with the reason, when it is none."""
    if not content:
        return Unreadable("it is empty")
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        return Unreadable(f"it is not UTF-8 (byte {error.start})")
    try:
        value = _decode(text)
    except json.JSONDecodeError as error:
        return Unreadable(f"it is not JSON ({error.msg} at character {error.pos}){_resembles(text)}")
    except RecursionError:
        return Unreadable("it is nested too deeply")
    except ValueError as error:
        return Unreadable(f"it is not JSON ({str(error)[:80]})")
    if ("\\ud" in text or "\\uD" in text) and not _whole_characters(value):
        return Unreadable("it holds half a character (a lone surrogate)")
    return value


def _whole_characters(value: object) -> bool:
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except (UnicodeEncodeError, RecursionError):
        return False
    return True


def _resembles(text: str) -> str:
    return "; it looks like an HTML page" if text.lstrip()[:1] == "<" else ""
