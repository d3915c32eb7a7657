"""From the bytes of an answer to JSON values, refusing what is not JSON: NaN, half characters, other encodings, endless nesting.

Nothing here raises: a traceback would show the answer. With `orjson` installed (extra `[speed]`) it reads what both readers read
alike; the standard library is the referee for everything else, so the outcome is the same with and without it.

No digit of a number is lost. Floats keep 15 significant digits in every case, so only numbers with more are read in a way that
costs more: integers as Python's own, which have any length, and others as floats that remember their text.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, NoReturn, Self

from .named_tuple import NamedTuple
from .schema import Json

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


_LONG = 16
"""A number is long from so many digits on (its decimal point is counted too): a float may not hold them all."""


class ExactFloat(float):
    """A number of more digits than a float holds: a float like any other, and its `text` says which number it is exactly."""

    __slots__ = ("text",)
    text: str

    def __new__(cls, text: str) -> Self:
        """Read a number, and keep its text."""
        made = super().__new__(cls, text)
        made.text = text
        return made

    def __reduce__(self) -> tuple[type[Self], tuple[str]]:
        """Give what a copy or a pickle is made from."""
        return type(self), (self.text,)


def digits_of(number: float) -> str:
    """Give a number as it was written, as far as its digits mean anything: `Decimal(digits_of(x))` is exact."""
    return number.text if isinstance(number, ExactFloat) else repr(number)


def _read_float(text: str) -> float:
    number = float(text)
    return number if repr(number) == text or _significant_digits(text) < _LONG else ExactFloat(text)


def _significant_digits(text: str) -> int:
    return len(text.lower().partition("e")[0].replace(".", "").strip("-0"))


class _HoldsFloats(Exception):  # noqa: N818 - no error: a text that does is read in another way
    pass


def _note_float(_text: str) -> NoReturn:
    raise _HoldsFloats


_decode_without_floats: Callable[[str], Any] = json.JSONDecoder(
    parse_constant=_refuse_constant, parse_float=_note_float
).decode
_decode: Callable[[str], Any] = json.JSONDecoder(parse_constant=_refuse_constant).decode
_decode_long: Callable[[str], Any] = json.JSONDecoder(parse_constant=_refuse_constant, parse_float=_read_float).decode
# Translating every digit to one and searching for a run takes a tenth of the time that a regular expression does, and looking at every
# fifth byte first saves most of that: three of them in a row are in any run of 15, and hardly anywhere else.
_DIGITS_ALIKE = bytes(ord("0") if chr(byte) in "0123456789." else ord(" ") for byte in range(256))


def _may_hold_a_long_number(content: bytes) -> bool:
    return b"0" * 3 in content[::5].translate(_DIGITS_ALIKE) and b"0" * _LONG in content.translate(_DIGITS_ALIKE)


def read_json(content: bytes) -> Json | Unreadable:
    """Read a JSON text in UTF-8; Unreadable, with the reason, when it is not one."""
    if _fast is not None and not _may_hold_a_long_number(content):
        try:
            value: Json = _fast(content)
        except ValueError:
            pass
        else:
            return value
    try:
        # Integers are exact, so a text without another number need not be searched for long ones.
        return _read_as_the_standard_library_does(content, _decode_without_floats)
    except _HoldsFloats:
        decode = _decode_long if _may_hold_a_long_number(content) else _decode
    return _read_as_the_standard_library_does(content, decode)


def _read_as_the_standard_library_does(content: bytes, decode: Callable[[str], Any]) -> Json | Unreadable:
    if not content:
        return Unreadable("it is empty")
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        return Unreadable(f"it is not UTF-8 (byte {error.start})")
    try:
        value: Json = decode(text)
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
