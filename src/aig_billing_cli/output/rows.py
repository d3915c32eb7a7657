"""The row model that every format is written from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias

from aig_billing import Money
from attrs import Factory, frozen

Value: TypeAlias = str | int | bool | Decimal | dt.datetime | Money | None
Row: TypeAlias = Mapping[str, Value]


class Format(StrEnum):
    """What `-o` takes."""

    TABLE = "table"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"


@frozen
class Field:
    """One field of a row.

    Money leaves as two fields, `<name>_cents` and `<name>_dollars` (`cents` and `dollars` where the name is empty).
    """

    name: str
    about: str
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
        return money_names(self.name) if self.money else (self.name,)


@frozen
class Report:
    """What a command found out."""

    fields: tuple[Field, ...]
    rows: Sequence[Row]
    name: str = ""
    """What the rows are called in a JSON object; without it, JSON is an array, or the one row."""
    single: bool = False
    """Whether there is exactly one row, which is the whole answer."""
    summary_fields: tuple[Field, ...] = ()
    summary: Row = Factory(dict[str, Value])
    """What JSON says beside the rows; JSON lines and CSV hold the rows alone."""
    continued: bool | None = None
    """For an answer that comes in parts: False for the first, True for those after it. JSON then takes a line a part."""


def money_names(name: str) -> tuple[str, str]:
    """Name the two fields that an amount leaves as."""
    return (f"{name}_cents", f"{name}_dollars") if name else ("cents", "dollars")


def plain_row(fields: Sequence[Field], row: Row) -> dict[str, Value]:
    """Give a row as programs get it: all fields in their order, money as two exact numbers, times in UTC."""
    plain: dict[str, Value] = {}
    for known in fields:
        value = row.get(known.name)
        if known.money:
            cents, dollars = money_names(known.name)
            plain[cents] = value.amount * 100 if isinstance(value, Money) else None
            plain[dollars] = value.amount if isinstance(value, Money) else None
        else:
            plain[known.name] = value
    return plain
