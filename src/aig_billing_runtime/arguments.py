"""Checks of arguments against the document's constraints, before anything is sent; and how they are written into a request.

Generated code calls one check for each parameter and body field. Every message says which argument, what was given, and what to
write instead. A ValueError or TypeError from here means that nothing was sent.
"""

from __future__ import annotations

import datetime as dt
import json
import math
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Literal, TypeAlias
from urllib.parse import urlencode

from .money import Money
from .times import UNIX_AUTO_BOUNDARY, to_unix_ms

Unit: TypeAlias = Literal["cents"] | None
Scalar: TypeAlias = str | int | float | bool | None

_PATH_SEGMENT = re.compile(r"[A-Za-z0-9._~-]{1,256}")


def path_segment(name: str, value: object) -> str:
    """Check a value that becomes a part of the path: nothing that could lead to another path may stand in it."""
    if not isinstance(value, str):
        raise TypeError(f"{name} must be a string, not {type(value).__name__}")
    if not _PATH_SEGMENT.fullmatch(value) or value in {".", ".."}:
        raise ValueError(
            f"{name}={_shown(value)} cannot stand in a path: use letters, digits, '-', '_', '.' and '~' only, and 256 at most"
        )
    return value


def text(name: str, value: object) -> str:
    """Check a string."""
    if not isinstance(value, str):
        raise TypeError(f"{name} must be a string, not {type(value).__name__}")
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise ValueError(f"{name}={_shown(value)} holds half a character (a lone surrogate), which cannot be sent")
    return value


def choice(name: str, value: object, allowed: tuple[str, ...]) -> str:
    """Check one of several words."""
    if value not in allowed or not isinstance(value, str):
        raise ValueError(f"{name}={_shown(value)} is none of {', '.join(map(repr, allowed))}")
    return value


def flag(name: str, value: object) -> bool:
    """Check true or false."""
    if not isinstance(value, bool):
        raise TypeError(f"{name} must be True or False, not {_shown(value)}")
    return value


def integer(
    name: str, value: object, *, minimum: float | None = None, maximum: float | None = None, unit: Unit = None
) -> int:
    """Check a whole number, within its limits; `unit` makes the messages say what it counts."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{name} must be a whole number{_of(unit)}, an int, not {_shown(value)}{_advice(unit, value)}")
    _within(name, value, minimum, maximum, unit)
    return int(value)


def number(
    name: str, value: object, *, minimum: float | None = None, maximum: float | None = None, unit: Unit = None
) -> float:
    """Check a finite number, within its limits; `unit` makes the messages say what it counts."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError(f"{name} must be a number{_of(unit)}, not {_shown(value)}{_advice(unit, value)}")
    if not math.isfinite(value):
        raise ValueError(f"{name}={value!r} is not a finite number")
    _within(name, value, minimum, maximum, unit)
    return value


def unix_ms(name: str, value: object) -> float:
    """Check a time, an aware datetime or Unix milliseconds, and give Unix milliseconds.

    A number that would lie in the first three years of 1970 is refused: it is a time in seconds, a thousand times too small.
    """
    if isinstance(value, dt.datetime):
        return to_unix_ms(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError(f"{name} must be an aware datetime or Unix milliseconds, not {_shown(value)}")
    if not math.isfinite(value):
        raise ValueError(f"{name}={value!r} is not a finite number")
    if 0 < value < UNIX_AUTO_BOUNDARY:
        raise ValueError(
            f"{name}={value!r} looks like Unix seconds, and the API takes milliseconds: pass an aware datetime, or {name}={value * 1000!r}"
        )
    return value


def encode_query(values: Mapping[str, Scalar]) -> str:
    """Write query parameters, without those that are None."""
    return urlencode({name: _in_query(value) for name, value in values.items() if value is not None})


def encode_body(values: Mapping[str, object]) -> bytes:
    """Write a JSON body, without what is None, in the order given and without spaces."""
    present = {name: value for name, value in values.items() if value is not None}
    return json.dumps(present, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def _in_query(value: Scalar) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _within(name: str, value: float, minimum: float | None, maximum: float | None, unit: Unit) -> None:
    if minimum is not None and value < minimum:
        raise ValueError(
            f"{name}={_shown(value)}{_meaning(unit, value)}: the least is {_plain(minimum)}{_meaning(unit, minimum)}{_advice(unit, value)}"
        )
    if maximum is not None and value > maximum:
        raise ValueError(
            f"{name}={_shown(value)}{_meaning(unit, value)}: the most is {_plain(maximum)}{_meaning(unit, maximum)}"
        )


def _plain(limit: float) -> str:
    return str(limit).removesuffix(".0")


def _of(unit: Unit) -> str:
    return " of cents" if unit == "cents" else ""


def _meaning(unit: Unit, value: float) -> str:
    return f" cents ({Money.from_cents(value)})" if unit == "cents" else ""


def _advice(unit: Unit, value: object) -> str:
    if unit != "cents":
        return ""
    meant = (
        str(value).strip().removeprefix("$")
        if isinstance(value, (int, float, str, Decimal)) and not isinstance(value, bool)
        else ""
    )
    example = meant if re.fullmatch(r"[1-9][0-9]{0,6}(\.[0-9]{1,2})?", meant) else "50"
    return f'. Amounts are in cents: for ${example} write usd("{example}")'


def _shown(value: object) -> str:
    shown = repr(value)
    return shown if len(shown) <= 60 else f"{shown[:57]}..."
