"""The small decoders that generated ones are put together from: each gives a value, or MISMATCH, and never raises."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from .shapes import (
    MISMATCH,
    Field,
    Mismatched,
    Record,
    Shape,
    find_mismatch,
    is_finite,
    is_integer,
    is_number,
)

__all__ = [
    "MISMATCH",
    "Field",
    "Mismatched",
    "Record",
    "Shape",
    "decode_anything",
    "decode_boolean",
    "decode_integer",
    "decode_number",
    "decode_string",
    "is_finite",
    "is_integer",
    "list_of",
    "map_of",
    "masked",
    "mismatch_error",
    "or_null",
    "to_json",
]

T = TypeVar("T")


def decode_anything(value: object) -> object | Mismatched:
    """Decode any JSON whose numbers are finite."""
    return value if is_finite(value) else MISMATCH


def decode_number(value: Any) -> float | Mismatched:  # noqa: ANN401 - whatever JSON holds
    """Decode a finite number."""
    return value if is_number(value) else MISMATCH  # type: ignore[no-any-return]  # is_number has looked


def decode_integer(value: Any) -> int | Mismatched:  # noqa: ANN401 - whatever JSON holds
    """Decode a whole number; 1.0 is one."""
    return int(value) if is_integer(value) else MISMATCH


def decode_string(value: object) -> str | Mismatched:
    """Decode a string."""
    return value if isinstance(value, str) else MISMATCH


def decode_boolean(value: object) -> bool | Mismatched:
    """Decode true or false."""
    return value if isinstance(value, bool) else MISMATCH


def or_null(decode: Callable[[object], T | Mismatched]) -> Callable[[object], T | Mismatched | None]:
    """Let null stand as well."""
    return lambda value: None if value is None else decode(value)


def list_of(decode: Callable[[object], T | Mismatched]) -> Callable[[object], list[T] | Mismatched]:
    """Decode an array."""

    def decode_list(value: Any) -> list[T] | Mismatched:  # noqa: ANN401 - whatever JSON holds
        if type(value) is not list:
            return MISMATCH
        decoded: list[T] = []
        append = decoded.append
        for item in value:
            one = decode(item)
            if one is MISMATCH:
                return MISMATCH
            append(one)
        return decoded

    return decode_list


def map_of(decode: Callable[[object], T | Mismatched]) -> Callable[[object], dict[str, T] | Mismatched]:
    """Decode an object whose values are all of one kind."""

    def decode_map(value: Any) -> dict[str, T] | Mismatched:  # noqa: ANN401 - whatever JSON holds
        if type(value) is not dict:
            return MISMATCH
        decoded: dict[str, T] = {}
        for name, item in value.items():
            one = decode(item)
            if one is MISMATCH:
                return MISMATCH
            decoded[name] = one
        return decoded

    return decode_map


def to_json(value: object) -> object:
    """Turn models, however deep in lists and maps, into plain JSON values."""
    if isinstance(value, list):
        return [to_json(item) for item in value]
    if isinstance(value, dict):
        return {name: to_json(item) for name, item in value.items()}
    to_dict = getattr(value, "to_dict", None)
    return value if to_dict is None else to_dict()


def masked(value: object) -> str:
    """Show of a secret only whether there is one."""
    return "None" if value is None else "'***'"


def mismatch_error(name: str, value: object, shape: Shape) -> ValueError:
    """Make the error for a value that is given to `from_dict` and is not of its shape."""
    return ValueError(f"this is no {name}: {find_mismatch(value, shape)}")
