"""Money, exactly: the API counts in cents, people count in dollars."""

from __future__ import annotations

from decimal import Context, Decimal, InvalidOperation

from attrs import frozen

_DOLLAR_SIGNS = {"USD": "$", "EUR": "€", "GBP": "£"}
_EXACT = Context(prec=10_000)
"""For arithmetic that rounds nothing, whatever the program has set its own decimal context to."""
_MOST_DIGITS = 15


@frozen(order=False)
class Money:
    """An exact amount in whole units of a currency (dollars, not cents): `Money(Decimal("6.4019"), "USD")`."""

    amount: Decimal
    currency: str = "USD"

    @classmethod
    def from_cents(cls, cents: float, currency: str | None = None) -> Money:
        """Turn cents, as the API gives them and with their fraction, into money.

        `currency` is the ISO 4217 code that stands beside the amount, in any case; without one it is US dollars.
        """
        return cls(_EXACT.divide(Decimal(str(cents)), Decimal(100)), (currency or "usd").upper())

    def __str__(self) -> str:
        """Print `$6.40`; a fraction of a cent is rounded half to even, for reading only."""
        rounded = f"{_EXACT.quantize(self.amount.copy_abs(), Decimal('0.01')):,f}"
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
    amount = _decimal(dollars)
    shown = _shown(dollars)
    if not amount.is_finite():
        raise ValueError(f"usd({shown}): not an amount")
    if isinstance(dollars, float) and amount != Decimal(dollars):
        raise ValueError(f'usd({shown}): this float is really {Decimal(dollars)}; write usd("{dollars}")')
    if amount < 0:
        raise ValueError(f"usd({shown}): an amount to pay or to set cannot be negative")
    if amount and amount.adjusted() > _MOST_DIGITS:
        raise ValueError(f"usd({shown}): that is more money than there is")
    cents = _whole_cents(amount)
    if cents is None:
        raise ValueError(f"usd({shown}): the API takes whole cents, and this has a fraction of one")
    return cents


def _whole_cents(amount: Decimal) -> int | None:
    """Count the cents in an amount that is not negative; None when they are not whole. No rounding at any length."""
    _, digits, exponent = amount.as_tuple()
    if not amount:
        return 0
    if not isinstance(exponent, int) or amount.adjusted() < -2:
        return None
    written, shift = int("".join(map(str, digits))), exponent + 2
    if shift >= 0:
        return int(written * 10**shift)
    cents, fraction = divmod(written, 10**-shift)
    return None if fraction else int(cents)


def _decimal(dollars: object) -> Decimal:
    if isinstance(dollars, Decimal):
        return dollars
    if isinstance(dollars, bool) or not isinstance(dollars, (str, int, float)):
        raise TypeError(
            f'usd() takes a string, an int, a Decimal or an exact float, not {type(dollars).__name__}: write usd("50")'
        )
    try:
        return Decimal(_plain(dollars) if isinstance(dollars, str) else str(dollars))
    except (InvalidOperation, ValueError):
        raise ValueError(f'usd({_shown(dollars)}): not an amount; write usd("50") or usd("12.34")') from None


def _plain(text: str) -> str:
    """Take away what people write around a number: a dollar sign and commas between thousands.

    Raises:
        ValueError: When something else stands there.
    """
    whole, dot, cents = text.strip().removeprefix("$").partition(".")
    minus, whole = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    groups = whole.split(",")
    if len(groups) > 1 and not (1 <= len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:])):
        raise ValueError(text)
    if not all(group.isascii() and group.isdigit() for group in (*groups, *([cents] if dot else []))):
        raise ValueError(text)
    return f"{minus}{''.join(groups)}{dot}{cents}"


def _shown(value: object) -> str:
    shown = repr(value)
    return shown if len(shown) <= 60 else f"{shown[:57]}..."
