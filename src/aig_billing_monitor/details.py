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

DETAIL_EVERY = dt.timedelta(hours=1)


@frozen
class Detail:
    """The hours of usage that the forecast needs, and the spend limits."""

    read_at: dt.datetime
    hours: tuple[Window, ...]
    limits: tuple[SpendLimit, ...]

    def is_fresh(self, now: dt.datetime) -> bool:
        """Say whether it is less than an hour old."""
        return now - self.read_at < DETAIL_EVERY

    def to_json(self) -> str:
        """Write it as text."""
        hours = [[round(hour.start.timestamp()), str(hour.cents)] for hour in self.hours]
        limits = [
            [
                limit.gateway,
                limit.rule,
                str(limit.limit.amount),
                limit.limit.currency,
                limit.enabled,
                limit.window_seconds,
            ]
            for limit in self.limits
        ]
        return json.dumps({"read_at": self.read_at.timestamp(), "hours": hours, "limits": limits})

    @classmethod
    def from_json(cls, text: str) -> Detail:
        """Read what `to_json` wrote."""
        kept: dict[str, Any] = json.loads(text)
        starts = [(dt.datetime.fromtimestamp(start, dt.UTC), Decimal(cents)) for start, cents in kept["hours"]]
        return cls(
            dt.datetime.fromtimestamp(kept["read_at"], dt.UTC),
            tuple(Window(start, start + LENGTH["hour"], cents) for start, cents in starts),
            tuple(
                SpendLimit(gateway, rule, Money(Decimal(amount), currency), enabled=enabled, window_seconds=seconds)
                for gateway, rule, amount, currency, enabled, seconds in kept["limits"]
            ),
        )


class DetailStore(Protocol):
    """Where details are remembered."""

    async def get(self, account_id: str) -> Detail | None:
        """Give what was last read of an account."""

    async def put(self, account_id: str, detail: Detail) -> None:
        """Remember what was read."""


class MemoryDetails:
    """Remembers details in this process."""

    def __init__(self) -> None:
        self._kept: dict[str, Detail] = {}

    async def get(self, account_id: str) -> Detail | None:
        """Give what was last read of an account."""
        return self._kept.get(account_id)

    async def put(self, account_id: str, detail: Detail) -> None:
        """Remember what was read."""
        self._kept[account_id] = detail
