"""What is read of an account once an hour, and where it is remembered: in this process, or by a fleet for all of its workers."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from typing import Any, Protocol

from aig_billing import Money
from attrs import frozen

from .readings import SpendLimit
from .usage import LENGTH, Window


@frozen
class Detail:
    """The hours of usage that the forecast needs, and the spend limits."""

    read_at: dt.datetime
    hours: tuple[Window, ...]
    limits: tuple[SpendLimit, ...]

    def to_json(self) -> str:
        """Write it as text."""
        hours = [(hour.start.timestamp(), hour.cents) for hour in self.hours]
        limits = [(one.gateway, one.rule, one.limit.amount, one.limit.currency) for one in self.limits]
        # Decimals are written as text, exactly.
        return json.dumps({"read_at": self.read_at.timestamp(), "hours": hours, "limits": limits}, default=str)

    @classmethod
    def from_json(cls, text: str) -> Detail:
        """Read what `to_json` wrote."""
        kept: dict[str, Any] = json.loads(text)
        starts = [(dt.datetime.fromtimestamp(start, dt.UTC), Decimal(cents)) for start, cents in kept["hours"]]
        return cls(
            dt.datetime.fromtimestamp(kept["read_at"], dt.UTC),
            tuple(Window(start, start + LENGTH["hour"], cents) for start, cents in starts),
            tuple(
                SpendLimit(gateway, rule, Money(amount, currency)) for gateway, rule, amount, currency in kept["limits"]
            ),
        )


class DetailStore(Protocol):
    """Where details are remembered, by account: a dictionary, or the roster of a fleet. Both may block."""

    def get(self, account_id: str, /) -> Detail | None:
        """Give what was last read of an account."""

    def __setitem__(self, account_id: str, detail: Detail, /) -> None:
        """Remember what was read."""
