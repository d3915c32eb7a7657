"""How single values read to people: money, times in UTC as the service counts days, and text that cannot control a terminal."""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, Decimal

from aig_billing import Money

from .rows import Value

_FINE = Decimal("0.0001")
_CENT = Decimal("0.01")


def text(value: Value) -> str:
    """Format any value."""
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dt.datetime):
        return f"{moment(value).strip()} UTC"
    if isinstance(value, Money):
        return money(value)
    if isinstance(value, (int, Decimal)):
        return f"{value:,f}" if isinstance(value, Decimal) else f"{value:,}"
    return safe(value)


def money(value: Money, *, fine: bool = False) -> str:
    """Format an amount with its cents; `fine` adds hundredths of a cent."""
    if not fine:
        return safe(str(value))
    exact = value.amount.quantize(_FINE, ROUND_HALF_EVEN)
    whole = Money(value.amount.to_integral_value(ROUND_DOWN), value.currency)
    # How a currency is written is the client's to say; only the digits differ here.
    digits = str(whole).removeprefix("-").replace(f"{abs(whole.amount):,.{value.decimals}f}", f"{abs(exact):,.4f}")
    return safe(f"-{digits}" if exact < 0 else digits)


def is_fine(values: list[Money]) -> bool:
    """Say whether a column of amounts needs more than cents: when one of them would read as zero."""
    return any(value.amount and not value.amount.quantize(_CENT, ROUND_HALF_EVEN) for value in values)


def moment(value: dt.datetime) -> str:
    """Format a time in UTC, for a column whose heading says so: `21 Nov 2026, 10:30`."""
    utc = value.astimezone(dt.UTC)
    return f"{utc.day:>2} {utc:%b %Y, %H:%M}"


def second(value: dt.datetime) -> str:
    """Format a time to the second: `21 Nov 2026, 10:30:05 UTC`."""
    return f"{moment(value)}:{value:%S} UTC"


def day(value: dt.datetime) -> str:
    """Format the day in UTC: `21 Nov 2026`."""
    utc = value.astimezone(dt.UTC)
    return f"{utc.day} {utc:%b %Y}"


def card(brand: str | None, last4: str | None) -> str:
    """Format a card: `visa ending in 4242`."""
    if not brand and not last4:
        return "a card"
    return safe(f"{brand or 'card'} ending in {last4}" if last4 else str(brand))


def safe(value: str, but: str = "") -> str:
    """Escape control and direction characters, all `but` these: a terminal must not obey what an API sent."""
    return "".join(char if char.isprintable() or char in but else f"\\u{ord(char):04x}" for char in value)
