"""Windows of usage: hours and days of UTC without gaps, and what is in them. All of it exact."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING, Literal, TypeAlias

from attrs import frozen

if TYPE_CHECKING:
    from aig_billing.models import BillingUsageHistoryResponse

Grouping: TypeAlias = Literal["day", "hour"]

LENGTH = {"day": dt.timedelta(days=1), "hour": dt.timedelta(hours=1)}
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


@frozen
class Window:
    """Usage within one hour or day of UTC; `id` is None where the service recorded nothing."""

    start: dt.datetime
    end: dt.datetime
    cents: Decimal
    id: str | None = None


def read_windows(answer: BillingUsageHistoryResponse) -> list[Window]:
    """Take the windows out of an answer of `usage_history`. The unit is unconfirmed, and read as cents."""
    return [
        Window(one.start_time_datetime, one.end_time_datetime, Decimal(str(one.aggregated_value)), one.id)
        for one in answer.history
    ]


def window_start(moment: dt.datetime, by: Grouping) -> dt.datetime:
    """Give the start of the window of UTC that a moment is in."""
    return moment - (moment - _EPOCH) % LENGTH[by]


def without_gaps(recorded: Iterable[Window], start: dt.datetime, end: dt.datetime, by: Grouping) -> list[Window]:
    """Give every window that begins in the range, in order; the service leaves out those without usage.

    Records that lie elsewhere (the service's windows are not documented) are kept as they are.
    """
    found = list(recorded)
    covered = {moment for one in found for moment in _starts(max(one.start, start), min(one.end, end), by)}
    missing = (moment for moment in _starts(start, end, by) if moment not in covered)
    found += [Window(moment, moment + LENGTH[by], Decimal(0)) for moment in missing]
    return sorted(found, key=lambda window: window.start)


def total_cents(windows: Iterable[Window]) -> Decimal:
    """Add up the usage of windows."""
    return sum((window.cents for window in windows), Decimal(0))


def used_since(windows: Iterable[Window], start: dt.datetime) -> Decimal:
    """Add up the usage of the windows that begin at a moment or after it, in cents."""
    return total_cents(window for window in windows if window.start >= start)


def _starts(start: dt.datetime, end: dt.datetime, by: Grouping) -> Iterable[dt.datetime]:
    moment = window_start(start, by)
    while moment < end:
        yield moment
        moment += LENGTH[by]
