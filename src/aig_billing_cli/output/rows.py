"""The row model that every format is written from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any, Generic, TypeAlias, TypeVar, cast

from aig_billing import Money

Value: TypeAlias = str | int | bool | Decimal | dt.datetime | Money | None
Row: TypeAlias = Mapping[str, Value]
Words: TypeAlias = "str | tuple[str, str] | list[str | tuple[str, str]]"
"""Words for people: as they are, with a style, or pieces with and without one."""
T = TypeVar("T")


class Format(StrEnum):
    """What `-o` takes."""

    TABLE = "table"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"


@dataclass(frozen=True)  # of a generic NamedTuple no type checker infers what it is of
class Field(Generic[T]):
    """One field of a row: its name, what it says, and how it is read from what the row is about.

    Money leaves as two fields, `<name>_cents` and `<name>_dollars`: the smallest units of its currency, and whole units.
    """

    name: str
    about: str
    of: Callable[[T], Value] | None = None
    """Reads it; by default it is the attribute, or the key of a mapping, that has its name."""
    title: str = ""
    """The heading in a table; a field without one is for programs alone."""
    money: bool = False
    right: bool = False
    drop: int = 0
    """In a narrow table columns go in the order of this number, the highest first; 0 stays."""
    shrink: bool = False
    """Whether its text may be cut short when nothing is left to drop."""

    def names(self) -> tuple[str, ...]:
        """Give the names under which it leaves."""
        return (f"{self.name}_cents", f"{self.name}_dollars") if self.money else (self.name,)

    def value(self, row: object) -> Value:
        """Read it; None where a row does not have it."""
        read: Callable[[Any], Value] | None = self.of
        if isinstance(row, Mapping):
            return cast("Row", row).get(self.name)
        return read(row) if read else getattr(row, self.name, None)

    def values(self, row: object) -> tuple[Value, ...]:
        """Read it as programs get it, in the order of its names."""
        value = self.value(row)
        if not self.money:
            return (value,)
        return (value.amount.scaleb(value.decimals), value.amount) if isinstance(value, Money) else (None, None)


Fields: TypeAlias = Sequence[Field[Any]]
