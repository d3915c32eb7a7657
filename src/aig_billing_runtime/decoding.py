"""The small decoders that generated ones are put together from: each gives a value, or MISMATCH, and never raises."""

from __future__ import annotations

from collections.abc import Callable, Container
from typing import Any, Protocol, TypeVar

from .shapes import (
    MISMATCH,
    Field,
    Json,
    Mismatched,
    Record,
    Shape,
    find_mismatch,
    is_finite,
    is_integer,
    is_number,
)

__all__ = [
    "ABSENT",
    "MISMATCH",
    "Field",
    "Json",
    "Mismatched",
    "Record",
    "Shape",
    "allocate",
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
    "new_dict",
    "or_null",
    "take_others",
    "to_json",
]

T = TypeVar("T")

ABSENT: Any = object()
"""Stands for a required field that is not there while its object is decoded; null is something else."""


allocate = object.__new__
"""Makes an instance with nothing in it yet, for a decoder that fills in every field itself."""

new_dict: Callable[[], dict[str, object]] = dict
"""`dict`, with the types that its results have: a factory for fields costs nothing more for being typed."""


class HasDict(Protocol):
    """A model."""

    def to_dict(self) -> dict[str, object]:
        """Give its JSON form."""
        ...


def decode_anything(value: Json) -> object | Mismatched:
    """Decode any JSON whose numbers are finite."""
    return value if is_finite(value) else MISMATCH


def decode_number(value: Json) -> float | Mismatched:
    """Decode a finite number."""
    return value if is_number(value) else MISMATCH


def decode_integer(value: Json) -> int | Mismatched:
    """Decode a whole number; 1.0 is one."""
    return int(value) if is_integer(value) else MISMATCH


def decode_string(value: Json) -> str | Mismatched:
    """Decode a string."""
    return value if isinstance(value, str) else MISMATCH


def decode_boolean(value: Json) -> bool | Mismatched:
    """Decode true or false."""
    return value if isinstance(value, bool) else MISMATCH


def or_null(decode: Callable[[Json], T | Mismatched]) -> Callable[[Json], T | Mismatched | None]:
    """Let null stand as well."""
    return lambda value: None if value is None else decode(value)


def take_others(found: dict[str, object], src_dict: dict[str, Json], known: Container[str], number: int) -> bool:
    """Find so many fields that are not known; False when one of them is not JSON, as infinity is not."""
    # What a service adds, it adds at the end: found from there, one more field costs a third of the object and not all of it again.
    for name in reversed(src_dict):
        if name not in known:
            value = src_dict[name]
            if type(value) is not str and not is_finite(value):
                return False
            found[name] = value
            if len(found) == number:
                break
    return True


def list_of(decode: Callable[[Json], T | Mismatched]) -> Callable[[Json], list[T] | Mismatched]:
    """Decode an array."""

    def decode_list(value: Json) -> list[T] | Mismatched:
        if type(value) is not list:
            return MISMATCH
        decoded = [one for item in value if (one := decode(item)) is not MISMATCH]
        return decoded if len(decoded) == len(value) else MISMATCH

    return decode_list


def map_of(decode: Callable[[Json], T | Mismatched]) -> Callable[[Json], dict[str, T] | Mismatched]:
    """Decode an object whose values are all of one kind."""

    def decode_map(value: Json) -> dict[str, T] | Mismatched:
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


def to_json(value: Json | HasDict) -> object:
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


def mismatch_error(name: str, value: Json, shape: Shape) -> ValueError:
    """Make the error for a value that is given to `from_dict` and is not of its shape."""
    return ValueError(f"this is no {name}: {find_mismatch(value, shape)}")
