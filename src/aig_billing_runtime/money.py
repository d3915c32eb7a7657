"""Money, exactly: the API counts in cents, people count in dollars."""

from __future__ import annotations

from decimal import Clamped, Context, Decimal, Inexact, InvalidOperation, Overflow, Underflow
from functools import total_ordering
from typing import Never, TypeVar, cast, dataclass_transform

from .json_text import digits_of
from .schema import shown

T = TypeVar("T")
_SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£"}
_DECIMALS = {
    # Stripe's lists of the currencies that are not counted in hundredths (docs.stripe.com/currencies). ISK and UGX, which have no
    # decimals either, are counted in hundredths there.
    **dict.fromkeys(
        ("BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF"), 0
    ),
    **dict.fromkeys(("BHD", "JOD", "KWD", "OMR", "TND"), 3),
}
_EXACT = Context(prec=10_000, traps=[InvalidOperation, Overflow, Underflow, Clamped, Inexact])
"""For arithmetic that rounds nothing, independent of the program's decimal context."""
_ROUNDING = Context(prec=10_000, traps=[InvalidOperation])
_MOST_DIGITS = 15


def _read(amount: str | float | Decimal, function: str, example: str) -> Decimal:
    """Read an amount exactly; messages name the function that was given it, and show how to write one."""
    try:
        decimal = Decimal(_plain(amount) if isinstance(amount, str) else amount)
    except (InvalidOperation, ValueError):
        raise ValueError(f"{function}({shown(amount)}): not an amount; write {example}") from None
    if not decimal.is_finite():
        raise ValueError(f"{function}({shown(amount)}): not an amount")
    return decimal


def _to_amount(given: str | int | Decimal) -> Decimal:
    """Check what an amount is made from."""
    amount = cast("object", given)
    if isinstance(amount, float):
        raise TypeError(f'Money({amount!r}): a float is seldom the amount that was meant; write Money("{amount!r}")')
    if isinstance(amount, bool) or not isinstance(amount, (str, int, Decimal)):
        raise TypeError(
            f'Money() takes a string, an int or a Decimal, not {type(amount).__name__}: write Money("12.34")'
        )
    return _read(amount, "Money", 'Money("12.34")')


def _to_currency(code: str) -> str:
    currency = cast("object", code)
    if not isinstance(currency, str) or not currency:
        raise TypeError(f'a currency is a code such as "USD", not {shown(currency)}')
    return currency.upper()


@dataclass_transform(frozen_default=True)
def _frozen(of: type[T]) -> type[T]:
    """Let type checkers refuse assignments. Written out, because who prints one amount should not wait until attrs is imported."""
    return of


@_frozen
@total_ordering
class Money:
    """An exact amount in whole units of a currency: `Money("6.4019", "USD")` is six dollars and a little over forty cents.

    Amounts of one currency are added, subtracted, compared and summed (`sum` starts at 0); they are multiplied by an int or a Decimal.
    All of that is exact. Only `round` and printing round, half to even.

    Raises:
        ValueError: When two currencies are mixed, or when a text is not an amount.
        TypeError: For a float, and for what is neither money nor a number.
    """

    __slots__ = __match_args__ = ("amount", "currency")
    amount: Decimal
    """The amount in whole units of the currency, exactly."""
    currency: str
    """The ISO 4217 code of the currency."""

    def __init__(self, amount: str | int | Decimal, currency: str = "USD") -> None:
        object.__setattr__(self, "amount", _to_amount(amount))
        object.__setattr__(self, "currency", _to_currency(currency))

    def __setattr__(self, name: str, value: object) -> Never:
        raise AttributeError(f"{self!r} cannot be changed: create another Money")

    def __delattr__(self, name: str) -> Never:
        raise AttributeError(f"{self!r} cannot be changed: create another Money")

    def __reduce__(self) -> tuple[type[Money], tuple[Decimal, str]]:
        return Money, (self.amount, self.currency)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Money) and (self.amount, self.currency) == (other.amount, other.currency)

    def __hash__(self) -> int:
        return hash((self.amount, self.currency))

    @classmethod
    def from_cents(cls, cents: float | Decimal, currency: str | None = None) -> Money:
        """Turn cents, as the API gives them and with their fraction, into money.

        `currency` is the ISO 4217 code that stands beside the amount, in any case; without one it is US dollars. Of a currency that has
        no cents the API counts the smallest unit: 5000 is 5,000 yen or 5 Kuwaiti dinars.

        Raises:
            ValueError: When `cents` is not a finite number.
        """
        try:
            counted = cents if isinstance(cents, Decimal) else Decimal(digits_of(cents))
            code = (currency or "USD").upper()
            return cls(counted.scaleb(-_DECIMALS.get(code, 2), _EXACT), code)
        except ArithmeticError:
            raise ValueError(f"{shown(cents)} is not a number of cents") from None

    @classmethod
    def from_number(cls, amount: float, currency: str = "USD") -> Money:
        """Turn whole units with their fraction, as the API gives them in a few places, into money.

        Raises:
            ValueError: When `amount` is not a finite number.
        """
        try:
            return cls(Decimal(digits_of(amount)), currency)
        except ArithmeticError:
            raise ValueError(f"{shown(amount)} is not an amount") from None

    def to_cents(self) -> int:
        """Give the whole number of cents (of the currency's smallest unit), as the API takes them.

        Raises:
            ValueError: When there is a fraction of a cent: `round` the money first.
        """
        cents = self.amount.scaleb(self.decimals, _EXACT)
        whole = int(cents)
        if whole != cents:
            raise ValueError(f"{self!r} has a fraction of the smallest unit: round it first, round(money).to_cents()")
        return whole

    @property
    def decimals(self) -> int:
        """How many decimals the currency has: 2 for most, 0 for JPY, 3 for KWD."""
        return _DECIMALS.get(self.currency, 2)

    def __repr__(self) -> str:
        return f"Money('{self.amount}', {self.currency!r})"

    def __str__(self) -> str:
        """Print `$6.40`; a fraction of a cent is rounded half to even, for reading only."""
        rounded = f"{_quantize(self.amount.copy_abs(), self.decimals):,f}"
        sign = "-" if self.amount < 0 and rounded.strip("0.,") else ""
        symbol = _SYMBOLS.get(self.currency)
        return f"{sign}{symbol}{rounded}" if symbol else f"{sign}{rounded} {self.currency}"

    def __format__(self, spec: str) -> str:
        """Align the printed form as a string: `format(money, ">12")`."""
        return format(str(self), spec)

    def __add__(self, other: Money) -> Money:
        return Money(_EXACT.add(self.amount, self._amount_of(other, "add")), self.currency)

    def __radd__(self, other: int) -> Money:
        """Let `sum` start at 0."""
        return self if type(other) is int and other == 0 else self + other  # type: ignore[operator]  # which says what is wrong

    def __sub__(self, other: Money) -> Money:
        return Money(_EXACT.subtract(self.amount, self._amount_of(other, "subtract")), self.currency)

    def __mul__(self, factor: int | Decimal) -> Money:
        if type(factor) is not int and not isinstance(factor, Decimal):
            raise TypeError(f"money is multiplied by an int or a Decimal, not by {shown(factor)}")
        return Money(_EXACT.multiply(self.amount, Decimal(factor)), self.currency)

    __rmul__ = __mul__

    def __neg__(self) -> Money:
        return Money(self.amount.copy_negate() if self.amount else self.amount, self.currency)

    def __pos__(self) -> Money:
        return self

    def __abs__(self) -> Money:
        return Money(self.amount.copy_abs(), self.currency)

    def __round__(self, ndigits: int | None = None) -> Money:
        """Round half to even: to the currency's own decimals, or to `ndigits`."""
        return Money(_quantize(self.amount, self.decimals if ndigits is None else ndigits), self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.amount < self._amount_of(other, "compare")

    def _amount_of(self, other: object, verb: str) -> Decimal:
        """Give the amount of money that can be put beside this."""
        if not isinstance(other, Money):
            raise TypeError(f"cannot {verb} money and {shown(other)}: write Money(...) for both")
        if other.currency != self.currency:
            raise ValueError(f"cannot {verb} {self.currency} and {other.currency}: convert one of them first")
        return other.amount


def _quantize(amount: Decimal, decimals: int) -> Decimal:
    return _ROUNDING.quantize(amount, Decimal(1).scaleb(-decimals, _EXACT))


def usd(dollars: str | float | Decimal) -> int:
    """Turn dollars into the whole cents that the API takes: `usd("50") == 5000`, `usd("12.34") == 1234`.

    Accepts a string (`"50"`, `"50.00"`, `"$1,234.50"`), an int, a Decimal, or a float that says exactly what it prints
    (`usd(0.5)`; `usd(0.1)` is refused, since no float is a tenth).

    Raises:
        ValueError: For fractions of a cent, negative amounts, inexact floats and what is not a number.
        TypeError: For any other type.
    """
    given = cast("object", dollars)
    if isinstance(given, bool) or not isinstance(given, (str, int, float, Decimal)):
        raise TypeError(
            f'usd() takes a string, an int, a Decimal or an exact float, not {type(given).__name__}: write usd("50")'
        )
    amount = _read(given, "usd", 'usd("50") or usd("12.34")')
    if isinstance(given, float) and amount != Decimal(str(given)):
        raise ValueError(f'usd({shown(given)}): this float is really {amount}; write usd("{given}")')
    if amount < 0:
        raise ValueError(f"usd({shown(given)}): an amount to pay or to set cannot be negative")
    if amount and amount.adjusted() > _MOST_DIGITS:
        raise ValueError(f"usd({shown(given)}): amount out of range")
    cents = _whole_cents(amount)
    if cents is None:
        raise ValueError(f"usd({shown(given)}): the API takes whole cents, and this has a fraction of one")
    return cents


def _whole_cents(amount: Decimal) -> int | None:
    """Count the cents in an amount that is not negative; None when they are not whole. Nothing is rounded at any length."""
    if amount and amount.adjusted() < -2:
        return None  # a power of ten as small as 1E-999999 would take all memory below
    dollars, parts = amount.as_integer_ratio()
    cents, fraction = divmod(dollars * 100, parts)
    return None if fraction else cents


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
