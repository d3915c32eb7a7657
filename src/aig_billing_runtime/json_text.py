"""From the bytes of an answer to JSON values, refusing what is no JSON: NaN, half characters, foreign encodings, endless nesting.

Nothing here raises: a traceback would show the answer. With `orjson` installed (extra `[speed]`) it reads what both readers read
alike; the standard library is the referee for everything else, so the outcome is the same with and without it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, NamedTuple, NoReturn

from .shapes import Json

_fast: Callable[[bytes], Any] | None
try:
    from orjson import loads
except ImportError:
    _fast = None
else:
    _fast = loads


class Unreadable(NamedTuple):
    """Why a body could not be read."""

    reason: str


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


_decode: Callable[[str], Any] = json.JSONDecoder(parse_constant=_refuse_constant).decode
# An integer of 19 digits may be beyond 64 bits, and orjson makes a float of it. Translating every digit to one and searching for a
# run takes a tenth of the time that a regular expression does, and looking at every fifth byte first saves most of that: three of
# them in a row are in any run of 19 digits, and hardly anywhere else.
_DIGITS_ALIKE = bytes(ord("0") if ord("0") <= byte <= ord("9") else ord(" ") for byte in range(256))


def _may_be_beyond_64_bits(content: bytes) -> bool:
    return b"0" * 3 in content[::5].translate(_DIGITS_ALIKE) and b"0" * 19 in content.translate(_DIGITS_ALIKE)


def read_json(content: bytes) -> Json | Unreadable:
    """Read a JSON text in UTF-8; Unreadable, with the reason, when it is none."""
    if _fast is not None and not _may_be_beyond_64_bits(content):
        try:
            value: Json = _fast(content)
        except ValueError:
            pass
        else:
            return value
    return _read_as_the_standard_library_does(content)


def _read_as_the_standard_library_does(content: bytes) -> Json | Unreadable:
    if not content:
        return Unreadable("it is empty")
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        return Unreadable(f"it is not UTF-8 (byte {error.start})")
    try:
        value: Json = _decode(text)
    except json.JSONDecodeError as error:
        return Unreadable(f"it is not JSON ({error.msg} at character {error.pos}){_resembles(text)}")
    except RecursionError:
        return TOO_DEEP
    except ValueError as error:
        return Unreadable(f"it is not JSON ({str(error)[:80]})")
    # Searching for one character costs a twentieth of searching for several: most answers hold no backslash.
    if "\\" in text and ("\\ud" in text or "\\uD" in text) and not _whole_characters(value):
        return Unreadable("it holds half a character (a lone surrogate)")
    return value


TOO_DEEP = Unreadable("it is nested too deeply")


def _whole_characters(value: Json) -> bool:
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except (UnicodeEncodeError, RecursionError):
        return False
    return True


def _resembles(text: str) -> str:
    return "; it looks like an HTML page" if text.lstrip()[:1] == "<" else ""
