"""Money, exactly: the API counts in cents, people count in dollars."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import NamedTuple

_DOLLAR_SIGNS = {"USD": "$", "EUR": "€", "GBP": "£"}


class Money(NamedTuple):
    """An exact amount in whole units of a currency (dollars, not cents): `Money(Decimal("6.4019"), "USD")`."""

    amount: Decimal
    currency: str = "USD"

    @classmethod
    def from_cents(cls, cents: float, currency: str | None = None) -> Money:
        """Turn cents, as the API gives them and with their fraction, into money.

        `currency` is the ISO 4217 code that stands beside the amount, in any case; without one it is US dollars.
        """
        return cls(Decimal(str(cents)) / 100, (currency or "usd").upper())

    def __str__(self) -> str:
        """Print `$6.40`; a fraction of a cent is rounded half to even, for reading only."""
        rounded = f"{abs(self.amount):,.2f}"
        sign = "-" if self.amount < 0 and rounded.strip("0.,") else ""
        symbol = _DOLLAR_SIGNS.get(self.currency)
        return f"{sign}{symbol}{rounded}" if symbol else f"{sign}{rounded} {self.currency}"


def usd(dollars: str | float | Decimal) -> int:
    """Turn dollars into the whole cents that the API takes: `usd("50") == 5000`, `usd("12.34") == 1234`.

    Accepts a string (`"50"`, `"50.00"`, `"$1,234.50"`), an int, a Decimal, or a float that says exactly what it prints
    (`usd(0.5)`; `usd(0.1)` is refused, since no float is a tenth).

    Raises:
        ValueError: For fractions of a cent, negative amounts, inexact floats and what is no number.
        TypeError: For anything that is none of the types above.
    """
    given: object = dollars
    if isinstance(given, bool) or not isinstance(given, (str, int, float, Decimal)):
        raise TypeError(
            f'usd() takes a string, an int, a Decimal or an exact float, not {type(dollars).__name__}: write usd("50")'
        )
    amount = _decimal(dollars)
    if not amount.is_finite():
        raise ValueError(f"usd({dollars!r}): not an amount")
    if isinstance(dollars, float) and amount != Decimal(dollars):
        raise ValueError(f'usd({dollars!r}): this float is really {Decimal(dollars)}; write usd("{dollars}")')
    if amount.is_signed() and amount != 0:
        raise ValueError(f"usd({dollars!r}): an amount to pay or to set cannot be negative")
    if amount.adjusted() > 15:
        raise ValueError(f"usd({dollars!r}): that is more money than there is")
    cents = amount * 100
    if cents != cents.to_integral_value():
        raise ValueError(f"usd({dollars!r}): the API takes whole cents, and this has a fraction of one")
    return int(cents)


def _decimal(dollars: str | float | Decimal) -> Decimal:
    if isinstance(dollars, Decimal):
        return dollars
    text = str(dollars).strip()
    if isinstance(dollars, str):
        text = _plain(text)
    try:
        return Decimal(text)
    except InvalidOperation:
        raise ValueError(f'usd({dollars!r}): not an amount; write usd("50") or usd("12.34")') from None


def _plain(text: str) -> str:
    """Take away what people write around a number: a dollar sign and commas between thousands."""
    text = text.removeprefix("$")
    whole, dot, cents = text.partition(".")
    groups = whole.split(",")
    if len(groups) > 1:
        if not (1 <= len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:])):
            return "?"
        whole = "".join(groups)
    if not (
        whole.lstrip("-").isascii()
        and whole.lstrip("-").isdigit()
        and (not dot or (cents.isascii() and cents.isdigit()))
    ):
        return "?"
    return whole + dot + cents
