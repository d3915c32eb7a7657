"""Parsers of what people type: amounts in dollars, lengths of time, and moments."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated

import typer
from aig_billing import usd
from attrs import frozen

_AMOUNT = re.compile(r"\$?\s*((?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?)")
_SPAN = re.compile(r"([0-9]+)\s*([smhdw])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_LONGEST_DAYS = 3_660
_DAYS_AGO = {"today": 0, "yesterday": 1}

Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]


def amount(text: str) -> int:
    """Read dollars as people write them (`50`, `50.00`, `$50`, `$1,250`) and return whole cents."""
    found = _AMOUNT.fullmatch(text.strip())
    if found is None:
        raise typer.BadParameter(f"{text!r} is not an amount in dollars: write 50, 50.00 or $50.")
    try:
        return usd(found[1])
    except ValueError:
        raise typer.BadParameter(
            f"{text!r} is not an amount that the API takes: write whole cents, such as 12.34, and not too many digits."
        ) from None


def span(text: str) -> dt.timedelta:
    """Read a length of time: `30s`, `5m`, `12h`, `30d`, `2w`."""
    found = _SPAN.fullmatch(text.strip().lower())
    if found is None:
        raise typer.BadParameter(
            f"{text!r} is not a length of time: write a number and one of s, m, h, d, w, as in 5m or 30d."
        )
    number, unit = int(found[1]), _UNITS[found[2]]
    try:
        length = dt.timedelta(**{unit: number})
    except OverflowError:
        length = dt.timedelta.max
    if not dt.timedelta(0) < length <= dt.timedelta(days=_LONGEST_DAYS):
        raise typer.BadParameter(f"{text!r} must be more than zero and at most ten years.")
    return length


@frozen
class Moment:
    """A moment as it was typed: a time ago, or a date or time, in UTC unless it names another zone."""

    ago: dt.timedelta | None = None
    date: dt.date | None = None
    time: dt.datetime | None = None
    days_ago: int | None = None

    @property
    def is_day(self) -> bool:
        """Whether a whole day was named."""
        return self.date is not None or self.days_ago is not None

    def at(self, now: dt.datetime) -> dt.datetime:
        """Return the moment itself."""
        if self.ago is not None:
            return now - self.ago
        date = self.date or now.astimezone(dt.UTC).date() - dt.timedelta(days=self.days_ago or 0)
        when = self.time or dt.datetime.combine(date, dt.time())
        return when if when.tzinfo is not None else when.replace(tzinfo=dt.UTC)


def moment(text: str) -> Moment:
    """Read a moment: `30d` (ago), `yesterday`, `2026-11-01`, `2026-11-01T12:00`, with `Z` or `+01:00` at the end for another zone."""
    text = text.strip()
    if _SPAN.fullmatch(text.lower()):
        return Moment(ago=span(text))
    if text.lower() in _DAYS_AGO:
        return Moment(days_ago=_DAYS_AGO[text.lower()])
    try:
        if len(text) == 10:
            return Moment(date=dt.date.fromisoformat(text))
        return Moment(time=dt.datetime.fromisoformat(text))
    except ValueError:
        raise typer.BadParameter(
            f"{text!r} is not a date or a length of time: write yesterday, 2026-11-01, 2026-11-01T12:00, or 30d for 30 days ago."
        ) from None
