"""The figures of one account and month, exact, from the history."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Literal, TypeAlias

from aig_billing import Money
from attrs import asdict, frozen

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
    def due(self) -> Money:
        """What was to be paid."""
        return Money(self.due_cents / 100, self.currency)

    @property
    def fee_and_tax(self) -> Money | None:
        """What was paid beyond the credit."""
        return None if self.credit is None else self.due - self.credit


@frozen(kw_only=True)
class MonthReport:
    """Everything that a report shows."""

    account_id: str
    name: str
    start: dt.datetime
    end: dt.datetime
    made_at: dt.datetime
    usage: tuple[tuple[dt.date, Money], ...]
    """Every day of the month that is kept, in order."""
    top_ups: tuple[TopUp, ...]
    models: tuple[tuple[str, Money], ...]
    """The dearest first."""
    balances: tuple[KeptBalance, ...]

    @property
    def used(self) -> Money:
        """All usage of the month."""
        return sum((amount for _, amount in self.usage), Money(0))

    @property
    def paid(self) -> tuple[Money, ...]:
        """All that was paid for top-ups in the month, an amount a currency."""
        totals: dict[str, Money] = {}
        for one in self.top_ups:
            paid = Money(one.paid_cents / 100, one.currency)
            totals[one.currency] = totals.get(one.currency, Money(0, one.currency)) + paid
        return tuple(totals.values()) or (Money(0),)


def gather(
    history: History,
    account_id: str,
    month: str,
    *,
    now: dt.datetime,
    name: str = "",
    credits_bought: Mapping[str, int] | None = None,
) -> MonthReport:
    """Gather the figures of a month of UTC, such as `2026-10`.

    `credits_bought` is the credit in cents of purchases by the ids of their invoices, as the journal of charges knows them.

    Raises:
        ValueError: When that is not a month.
        HistoryError: When the history cannot be read.
    """
    start, end = month_range(month)
    days = history.usage(account_id, start.date(), (end - _DAY).date())
    return MonthReport(
        account_id=account_id,
        name=name or account_id,
        start=start,
        end=end,
        made_at=now,
        usage=tuple((day, Money(cents / 100)) for day, cents in days.items()),
        top_ups=tuple(_top_up(one, credits_bought or {}) for one in history.invoices(account_id, start, end)),
        models=tuple(history.model_costs(account_id, month)),
        balances=tuple(history.balances(account_id, start, end)),
    )


def month_range(month: str) -> tuple[dt.datetime, dt.datetime]:
    """Give the first moment of a month of UTC, and of the next one; a ValueError where that is not a month."""
    try:
        start = dt.datetime.strptime(month, "%Y-%m").replace(tzinfo=dt.UTC)
    except ValueError:
        raise ValueError(f"{month!r} is not a month: write it as 2026-10") from None
    return start, (start + 31 * _DAY).replace(day=1)


def _top_up(invoice: KeptInvoice, known: Mapping[str, int]) -> TopUp:
    source: CreditSource = "unknown"
    credit: Money | None = None
    inferred = invoice.due_cents / _FEE
    if invoice.invoice_id in known:
        credit, source = Money(Decimal(known[invoice.invoice_id]) / 100, invoice.currency), "journal"
    elif inferred == inferred.to_integral_value():
        credit, source = Money(inferred / 100, invoice.currency), "inferred"
    return TopUp(**asdict(invoice), credit=credit, source=source)
