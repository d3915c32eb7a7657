"""The figures of one account and month, exact, from the history."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Literal, TypeAlias

from aig_billing import Money
from attrs import asdict, frozen

from ..forecast import time_left
from ..history import History
from ..history.history import KeptBalance, KeptInvoice

CreditSource: TypeAlias = Literal["journal", "inferred", "unknown"]

_FEE = Decimal("1.05")
"""Cloudflare adds 5 % to every purchase of credit. Source: its documentation, ai-gateway/reference/pricing."""
_DAY = dt.timedelta(days=1)


@frozen
class TopUp(KeptInvoice):
    """One purchase of credit: its invoice, and what of it was credit."""

    credit: Money | None
    source: CreditSource
    """Where `credit` is from: this program's own charges, or the published fee of 5 % (only where that gives whole cents)."""

    @property
    def paid(self) -> Money:
        """What was paid."""
        return Money(self.paid_cents / 100, self.currency)

    @property
    def due(self) -> Money:
        """What was to be paid."""
        return Money(self.due_cents / 100, self.currency)

    @property
    def fee_and_tax(self) -> Money | None:
        """What was paid beyond the credit."""
        return None if self.credit is None else Money(self.due.amount - self.credit.amount, self.currency)


@frozen
class Outlook:
    """The forecast at the last reading of the month."""

    at: dt.datetime
    balance: Money
    per_day: Money
    days_left: Decimal | None
    runs_out_at: dt.datetime | None


@frozen(kw_only=True)
class MonthReport:
    """Everything that a report shows."""

    account_id: str
    name: str
    month: str
    start: dt.datetime
    end: dt.datetime
    made_at: dt.datetime
    usage: tuple[tuple[dt.date, Money], ...]
    """Every day of the month that is kept, in order."""
    top_ups: tuple[TopUp, ...]
    models: tuple[tuple[str, Money], ...]
    """The dearest first."""
    balances: tuple[KeptBalance, ...]
    outlook: Outlook | None

    @property
    def used(self) -> Money:
        """All usage of the month."""
        return _sum(amount for _, amount in self.usage)

    @property
    def paid(self) -> tuple[Money, ...]:
        """All that was paid for top-ups in the month, an amount a currency."""
        totals = {"USD": Money(0)} if not self.top_ups else dict[str, Money]()
        for top_up in self.top_ups:
            currency = top_up.paid.currency
            totals[currency] = totals.get(currency, Money(0, currency)) + top_up.paid
        return tuple(totals.values())

    @property
    def is_over(self) -> bool:
        """Whether the month had ended when the report was made."""
        return self.made_at >= self.end


def gather(
    history: History,
    account_id: str,
    month: str,
    *,
    now: dt.datetime,
    name: str = "",
    credits_bought: Mapping[str, int] | None = None,
) -> MonthReport:
    """Gather the figures of a month.

    Args:
        history: Where they are kept.
        account_id: The account.
        month: Such as `2026-10`, of UTC.
        now: When the report is made.
        name: How people call the account.
        credits_bought: The credit in cents of purchases by the ids of their invoices, as the journal of charges knows them.

    Raises:
        ValueError: When that is not a month.
        HistoryError: When the history cannot be read.
    """
    start, end = month_range(month)
    days = history.usage(account_id, start.date(), (end - _DAY).date())
    balances = tuple(history.balances(account_id, start, end))
    return MonthReport(
        account_id=account_id,
        name=name or account_id,
        month=month,
        start=start,
        end=end,
        made_at=now,
        usage=tuple((day, Money(cents / 100)) for day, cents in days.items()),
        top_ups=tuple(_top_up(one, credits_bought or {}) for one in history.invoices(account_id, start, end)),
        models=tuple(history.model_costs(account_id, month)),
        balances=balances,
        outlook=_outlook(balances),
    )


def month_range(month: str) -> tuple[dt.datetime, dt.datetime]:
    """Give the first moment of a month of UTC, and of the next one.

    Raises:
        ValueError: When that is not a month.
    """
    try:
        start = dt.datetime.strptime(month, "%Y-%m").replace(tzinfo=dt.UTC)
    except ValueError:
        raise ValueError(f"{month!r} is not a month: write it as 2026-10") from None
    return start, (start + 31 * _DAY).replace(day=1)


def _top_up(invoice: KeptInvoice, known: Mapping[str, int]) -> TopUp:
    source: CreditSource = "unknown"
    credit: Decimal | None = None
    inferred = invoice.due_cents / _FEE
    if invoice.invoice_id in known:
        credit, source = Decimal(known[invoice.invoice_id]), "journal"
    elif inferred == inferred.to_integral_value():
        credit, source = inferred, "inferred"
    known_credit = None if credit is None else Money(credit / 100, invoice.currency)
    return TopUp(**asdict(invoice), credit=known_credit, source=source)


def _outlook(balances: tuple[KeptBalance, ...]) -> Outlook | None:
    last = next((one for one in reversed(balances) if one.cents_per_day is not None), None)
    if last is None or last.cents_per_day is None:
        return None
    return Outlook(
        last.at,
        Money(last.cents / 100),
        Money(last.cents_per_day / 100),
        *time_left(last.cents, last.cents_per_day, last.at),
    )


def _sum(amounts: Iterable[Money]) -> Money:
    return Money(sum((amount.amount for amount in amounts), Decimal(0)))
