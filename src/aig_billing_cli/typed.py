"""What people type: amounts in dollars, stretches of time, and moments."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

import typer

from aig_billing_runtime.money import usd

_AMOUNT = re.compile(r"\$?\s*((?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?)")
_SPAN = re.compile(r"([0-9]+)\s*([smhdw])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_LONGEST_DAYS = 3_660


def amount(text: str) -> int:
    """Read dollars as people write them (`50`, `50.00`, `$50`, `$1,250`) and give whole cents."""
    found = _AMOUNT.fullmatch(text.strip())
    if found is None:
        raise typer.BadParameter(f"{text!r} is no amount in dollars: write 50, 50.00 or $50.")
    try:
        return usd(found[1])
    except ValueError:
        raise typer.BadParameter(
            f"{text!r} cannot be charged: the smallest part is a cent, as in 12.34, and there are limits."
        ) from None


def span(text: str) -> dt.timedelta:
    """Read a stretch of time: `30s`, `5m`, `12h`, `30d`, `2w`."""
    found = _SPAN.fullmatch(text.strip().lower())
    if found is None:
        raise typer.BadParameter(
            f"{text!r} is no stretch of time: write a number and one of s, m, h, d, w, as in 5m or 30d."
        )
    number, unit = int(found[1]), _UNITS[found[2]]
    try:
        length = dt.timedelta(**{unit: number})
    except OverflowError:
        length = dt.timedelta.max
    if not dt.timedelta(0) < length <= dt.timedelta(days=_LONGEST_DAYS):
        raise typer.BadParameter(f"{text!r} must be longer than nothing and at most ten years.")
    return length


@dataclass(frozen=True)
class Moment:
    """A moment as it was typed: so long ago, or a date or time of day that waits for its zone."""

    ago: dt.timedelta | None = None
    date: dt.date | None = None
    time: dt.datetime | None = None

    def at(self, now: dt.datetime, zone: dt.tzinfo | None) -> dt.datetime:
        """Give the moment itself; dates and bare times are in `zone`, or in the reader's own when that is None."""
        if self.ago is not None:
            return now - self.ago
        when = self.time or dt.datetime.combine(self.date or now.date(), dt.time())
        if when.tzinfo is not None:
            return when
        # A naive time's astimezone() reads it in this machine's zone, with the offset of its own day.
        return when.replace(tzinfo=zone) if zone is not None else when.astimezone()


def moment(text: str) -> Moment:
    """Read a moment: `30d` (ago), `2026-11-01`, `2026-11-01T12:00`, with `Z` or `+01:00` at the end where that is meant."""
    text = text.strip()
    if _SPAN.fullmatch(text.lower()):
        return Moment(ago=span(text))
    try:
        if len(text) == 10:
            return Moment(date=dt.date.fromisoformat(text))
        return Moment(time=dt.datetime.fromisoformat(text))
    except ValueError:
        raise typer.BadParameter(
            f"{text!r} is no date or stretch of time: write 2026-11-01, 2026-11-01T12:00, or 30d for 30 days ago."
        ) from None
