"""Copies into the history what the API forgets: daily usage, invoices beyond the twenty that it lists, and cost by model."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING

from attrs import frozen

from .history.history import History, KeptInvoice
from .reader import AccountReader
from .readings import Account
from .service_clock import THIS_SECOND, service_time
from .threads import in_daemon_thread
from .usage import read_windows

if TYPE_CHECKING:
    from aig_billing.models import Invoice

FIRST_DAYS = 90
"""How far back usage is asked for when nothing is kept yet."""
_AGAIN_DAYS = 2
"""Days that are asked for again: usage is metered after the call."""
_DAY = dt.timedelta(days=1)


@frozen
class Synced:
    """How much one synchronization kept."""

    usage_days: int
    invoices: int
    invoices_in_all: int
    """How many the API says there are; it lists the newest only."""
    models: int


async def sync(reader: AccountReader, account: Account, history: History) -> Synced:
    """Read usage by day, invoices and the preview of the next invoice, and keep them. Three requests.

    Raises:
        APIError: When one of them fails; what was read before is kept.
        HistoryError: When the history cannot be written.
    """
    billing, account_id = reader.client.ai_gateway.billing, account.account_id
    await reader.gate.wait()
    preview = await billing.with_raw_response.invoice_preview(account_id=account_id)
    now = service_time(preview.headers)
    lines = preview.parse()
    costs = defaultdict[tuple[str, str], Decimal](Decimal)
    for line in lines.invoice_lines:
        costs[line.description or "other", line.currency.upper()] += line.amount_money.amount * 100
    month = f"{lines.period_start_datetime:%Y-%m}"
    kept = [(model, cents, currency) for (model, currency), cents in costs.items()]
    await in_daemon_thread(lambda: history.keep_model_costs(account_id, month, kept))

    await reader.gate.wait()
    listed = await billing.invoice_history(type="all", account_id=account_id)
    found = [_kept(invoice) for invoice in listed.invoices if invoice.id]
    await in_daemon_thread(lambda: history.keep_invoices(account_id, found))

    days = await _days(reader, account_id, history, now)
    await in_daemon_thread(lambda: history.keep_usage(account_id, days.items()))
    return Synced(len(days), len(found), int(listed.pagination.total_count), len(kept))


async def _days(reader: AccountReader, account_id: str, history: History, now: dt.datetime) -> dict[dt.date, Decimal]:
    """Give the usage of every day since the last one that is kept; days without usage are zero."""
    last = await in_daemon_thread(lambda: history.last_usage_day(account_id))
    first = last - _AGAIN_DAYS * _DAY if last else now.date() - FIRST_DAYS * _DAY
    await reader.gate.wait()
    answer = await reader.client.ai_gateway.billing.usage_history(
        value_grouping_window="day",
        start_time=dt.datetime.combine(first, dt.time(), dt.UTC),
        end_time=now + THIS_SECOND,
        account_id=account_id,
    )
    days = {first + number * _DAY: Decimal(0) for number in range((now.date() - first).days + 1)}
    for window in read_windows(answer):
        days[window.start.date()] = days.get(window.start.date(), Decimal(0)) + window.cents
    return days


def _kept(invoice: Invoice) -> KeptInvoice:
    return KeptInvoice(
        invoice.id or "",
        invoice.created_datetime,
        invoice.invoice_origin or "",
        invoice.status or "",
        invoice.amount_due_money.amount * 100,
        invoice.amount_paid_money.amount * 100,
        invoice.currency.upper(),
        invoice.description or "",
    )
