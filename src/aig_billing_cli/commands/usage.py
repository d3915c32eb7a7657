"""`aig-billing usage`: by hour, day or month from the usage history, by model from the lines of the next invoice. All of it in UTC."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from aig_billing import Money
from attrs import frozen

from ..command import command
from ..errors import UsageError
from ..options import Moment, moment, option
from ..output.rows import Field, Row, Words
from ..session import Session

if TYPE_CHECKING:
    from aig_billing_monitor.forecast import Forecast
    from aig_billing_monitor.usage import Window

    from ..output.tables import Part

By = Literal["hour", "day", "month", "model"]
FIELDS: tuple[Field[Row], ...] = (
    Field("start", "start of the window"),
    Field("end", "its end"),
    Field("usage", "usage in the window (the unit is unconfirmed; read as cents)", money=True),
    Field("id", "id of the service's record; null where it has none, and for months and models"),
    Field("model", "the model, with --by model: a line of the next invoice"),
)
SUMMARY_FIELDS: tuple[Field[_Chart], ...] = (
    Field("since", "start of the range"),
    Field("until", "its end, now at the latest"),
    Field("by", "hour, day, month or model"),
    Field("total", "usage in the range", money=True),
    Field("mean_per_day", "total over the time that passed", money=True),
    Field("balance", "credit left now", money=True),
    Field("rate_per_day", "usage a day in the last seven days", money=True),
    Field(
        "days_left", "how long the balance lasts at that rate; null when nothing is used", lambda it: it.ahead.days_left
    ),
    Field("runs_out_at", "when it is used up, at that rate", lambda it: it.ahead.runs_out_at),
)
_MORE = (
    "All times are UTC, as the service counts days. The chart covers this month by default, the last 24 hours by hour, and a year by "
    "month; --by model shows the period of the next invoice. The unit of usage is unconfirmed; it is read as cents."
)
_DAY = dt.timedelta(days=1)
_MICROSECOND = dt.timedelta(microseconds=1)
_SMALLEST_DOLLARS = Decimal("1e-8")


@command("usage", fields=FIELDS, summary=SUMMARY_FIELDS, more=_MORE)
def usage(
    session: Session,
    *,
    since: Moment | None = option(
        "--since WHEN",
        "Start: yesterday, 2026-11-01, 2026-11-01T12:00 or 30d (ago). By default the start of this month.",
        parser=moment,
    ),
    until: Moment | None = option("--until WHEN", "End; a date includes its day. By default now.", parser=moment),
    by: By = option("--by", "Group by this.", default="day"),
) -> None:
    """Chart usage, and say when the balance runs out."""
    from aig_billing_monitor.service_clock import service_time

    from ..account_state import read_forecast

    if by == "model" and (since is not None or until is not None):
        raise UsageError("--by model is about the period of the next invoice: leave --since and --until out.")
    balance = session.ask("Asking for the balance", session.billing.with_raw_response.credit_balance)
    now, credit = service_time(balance.headers), balance.parsed.balance_money
    parts = _by_model(session) if by == "model" else _by_time(session, by, _range(since, until, by, now))
    ahead = session.ask("Asking for the usage of the last days", read_forecast, session.billing, credit, now)
    chart = _Chart(by, *parts, now, credit, ahead)
    session.report(chart.rows, lambda: chart.layout(session), name="windows", summary=chart)


def _by_time(
    session: Session, by: By, time: tuple[dt.datetime, dt.datetime]
) -> tuple[dt.datetime, dt.datetime, list[Row], list[str]]:
    from aig_billing_monitor.usage import read_windows, without_gaps

    start, end = time
    unit: Literal["hour", "day"] = "hour" if by == "hour" else "day"
    with session.waiting("Asking for the usage"):
        history = session.billing.usage_history(value_grouping_window=unit, start_time=start, end_time=end)
    windows = without_gaps(read_windows(history), start, end, unit)
    if by == "month":
        windows = _months(windows)
    rows: list[Row] = [
        {"start": window.start, "end": window.end, "usage": Money(window.cents / 100), "id": window.id}
        for window in windows
    ]
    form = {"hour": "%a {day:>2} %b %H:%M", "day": "%a {day:>2} %b", "month": "%b %Y"}[by]
    labels = [f"{window.start:{form.format(day=window.start.day)}}" for window in windows]
    return start, end, rows, labels


def _months(days: Sequence[Window]) -> list[Window]:
    from aig_billing_monitor.usage import Window, total_cents

    months = [list(found) for _, found in itertools.groupby(days, lambda day: _month_start(day.start))]
    return [Window(_month_start(found[0].start), found[-1].end, total_cents(found)) for found in months]


def _by_model(session: Session) -> tuple[dt.datetime, dt.datetime, list[Row], list[str]]:
    from ..output.formatting import safe

    preview = session.ask("Asking for the preview of the next invoice", session.billing.invoice_preview)
    costs: dict[str, Money] = {}
    for line in preview.invoice_lines:
        name, amount = line.description or "(no description)", line.amount_money
        costs[name] = costs[name] + amount if name in costs else amount
    ordered = sorted(costs.items(), key=lambda item: item[1].amount, reverse=True)
    start, end = preview.period_start_datetime, preview.period_end_datetime
    rows: list[Row] = [{"start": start, "end": end, "usage": cost, "model": name} for name, cost in ordered]
    return start, end, rows, [safe(name) for name, _ in ordered]


@frozen
class _Chart:
    by: By
    since: dt.datetime
    until: dt.datetime
    rows: list[Row]
    labels: list[str]
    now: dt.datetime
    balance: Money
    ahead: Forecast

    @property
    def amounts(self) -> list[Money]:
        return [value for row in self.rows if isinstance(value := row["usage"], Money)]

    @property
    def total(self) -> Money:
        return sum(self.amounts, Money(0))

    @property
    def mean_per_day(self) -> Money:
        from aig_billing_monitor.service_clock import THIS_SECOND

        passed = min(self.until, self.now + THIS_SECOND) - self.since
        mean = self.total.amount * (_DAY // _MICROSECOND) / (passed // _MICROSECOND)
        return Money(mean.quantize(_SMALLEST_DOLLARS))

    @property
    def rate_per_day(self) -> Money:
        return Money(self.ahead.cents_per_day / 100)

    def layout(self, session: Session) -> list[Part]:
        from ..output.tables import chart

        if not self.rows:
            return [f"Nothing was used {self._when()}."]
        pairs: dict[str, Words] = {
            "Total": f"{self.total} {self._when()}",
            "Mean": f"{self.mean_per_day} a day",
            "Balance": f"{self.balance}, {self._outlook()}",
        }
        bars = list(zip(self.labels, self.amounts, strict=True))
        drawn = chart(bars, session.terminal.out.width, unicode=session.terminal.unicode)
        title = (f"Usage per {self.by} (times are UTC)", "bold")
        return [title, drawn, "", pairs, ("Read as cents: the unit of usage is unconfirmed.", "dim")]

    def _when(self) -> str:
        form = "%b %Y, %H:%M" if self.by == "hour" else "%b %Y"
        since = f"{self.since.day} {self.since:{form}}"
        # A range that ends at midnight ends with the day before.
        last = self.until - (dt.timedelta(0) if self.by == "hour" else dt.timedelta(microseconds=1))
        return f"since {since}" if self.until > self.now else f"from {since} to {last.day} {last:{form}}"

    def _outlook(self) -> str:
        if self.balance.amount <= 0:
            return "so gateways refuse calls (402) until it is topped up"
        days, end = self.ahead.days_left, self.ahead.runs_out_at
        if days is None or end is None:
            return "which nothing uses up at the rate of the last 7 days"
        length = f"{int(days):,} days" if days >= 2 else f"{int(days * 24)} hours"
        return f"which lasts {length} at the last 7 days' {self.rate_per_day} a day, until {end.day} {end:%b %Y}"


def _range(since: Moment | None, until: Moment | None, by: By, now: dt.datetime) -> tuple[dt.datetime, dt.datetime]:
    """Return the range asked for, in UTC; the future has no usage, so it ends now."""
    from aig_billing_monitor.service_clock import THIS_SECOND
    from aig_billing_monitor.usage import LENGTH, window_start

    latest = now + THIS_SECOND
    end = latest
    if until is not None:
        end = until.at(now) + (_DAY if until.is_day else dt.timedelta(0))
    start = _default_start(by, min(end, now) - dt.timedelta(microseconds=1))
    if since is not None:
        start = since.at(min(end, now))
        length = LENGTH["hour" if by == "hour" else "day"]
        if since.ago and not since.is_day:
            # So 30d gives 30 windows, the current one among them.
            start = window_start(start, "hour" if by == "hour" else "day")
            start += length if since.ago >= length else dt.timedelta(0)
    start, end = start.astimezone(dt.UTC), min(end, latest).astimezone(dt.UTC)
    if start >= end:
        raise UsageError(
            f"The range is empty: it would start at {start:%Y-%m-%d %H:%M} and end at {end:%Y-%m-%d %H:%M} (UTC).",
            "--since must be before --until, and before now.",
        )
    return start, end


def _default_start(by: By, end: dt.datetime) -> dt.datetime:
    if by == "hour":
        return end - _DAY + dt.timedelta(hours=1)
    month = _month_start(end)
    return month if by == "day" else _month_start(month - dt.timedelta(days=330))


def _month_start(moment: dt.datetime) -> dt.datetime:
    return moment.astimezone(dt.UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
