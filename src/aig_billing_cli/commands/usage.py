"""`aig-billing usage`."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated

import typer
from aig_billing import Money
from attrs import frozen

from aig_billing_monitor.forecast import RATE_TIME, Forecast, forecast, forecast_range
from aig_billing_monitor.service_clock import THIS_SECOND
from aig_billing_monitor.usage import LENGTH, Grouping, Window, read_windows, total_cents, window_start, without_gaps

from ..command import command, group
from ..errors import CommandError
from ..exit_codes import ExitCode
from ..output.rows import Field, Report, Row
from ..parsers import Moment, moment
from ..session import Session

if TYPE_CHECKING:
    from rich.console import RenderableType

app = group()
_MICROSECOND = dt.timedelta(microseconds=1)
_SMALLEST_CENTS = Decimal("0.000001")
FIELDS = (
    Field("start", "start of the window"),
    Field("end", "its end"),
    Field("usage", "usage in the window (the unit is unconfirmed; read as cents)", money=True),
    Field("id", "id of the service's record; null where it has none, and the usage is 0"),
)
SUMMARY_FIELDS = (
    Field("since", "start of the range"),
    Field("until", "its end, now at the latest"),
    Field("by", "day or hour"),
    Field("total", "usage in the range", money=True),
    Field("mean_per_day", "total over the time that passed", money=True),
    Field("balance", "credit left now", money=True),
    Field("rate_per_day", "usage a day over the last seven days, from which the next two follow", money=True),
    Field("days_left", "how long the balance lasts at that rate; null when nothing is used"),
    Field("runs_out_at", "when it is used up, at that rate"),
)
_MORE = (
    "Days are days of UTC, as the service counts them. A range such as 30d ends now and includes today. With -o json the windows "
    "stand beside since, until, total, mean_per_day, balance, rate_per_day (each amount as _cents and _dollars), days_left and "
    "runs_out_at. The unit of usage is unconfirmed; it is read as cents."
)
_MOMENT = "such as 30d (ago), 2026-11-01 or 2026-11-01T12:00"


@command(app, "usage", fields=FIELDS, more=_MORE)
def usage(
    context: typer.Context,
    *,
    since: Annotated[
        Moment | None,
        typer.Option(
            "--since", parser=moment, metavar="WHEN", help=f"Start: {_MOMENT}. By default 30d, or 24h by hour."
        ),
    ] = None,
    until: Annotated[
        Moment | None,
        typer.Option("--until", parser=moment, metavar="WHEN", help="End; a date includes its day. By default now."),
    ] = None,
    by: Annotated[
        Grouping, typer.Option("--by", metavar="<day|hour>", help="Group by hour or day.", show_default="day")
    ] = "day",
) -> None:
    """Chart usage, and say when the balance runs out."""
    session: Session = context.obj
    with session.waiting("Asking for the balance"):
        balance = session.billing.with_raw_response.credit_balance()
    now = session.now(balance.headers)
    start, end = _range(since, until, by, now)
    with session.waiting("Asking for the usage"):
        answer = session.billing.usage_history(value_grouping_window=by, start_time=start, end_time=end)
    rate_start, rate_end = forecast_range(now)
    with session.waiting("Asking for the usage of the last two weeks"):
        hours = session.billing.usage_history(value_grouping_window="hour", start_time=rate_start, end_time=rate_end)
    windows = without_gaps(read_windows(answer), start, end, by)
    credit = balance.parsed.balance_money
    ahead = forecast(credit.amount * 100, read_windows(hours), now)
    chart = _Chart(by, start, end, end > now, windows, Money(total_cents(windows) / 100), credit, ahead)
    session.report(chart.report(), lambda: chart.layout(session))


@frozen
class _Chart:
    by: Grouping
    start: dt.datetime
    end: dt.datetime
    ends_now: bool
    windows: list[Window]
    total: Money
    balance: Money
    ahead: Forecast

    def report(self) -> Report:
        rows: list[Row] = [
            {"start": window.start, "end": window.end, "usage": Money(window.cents / 100), "id": window.id}
            for window in self.windows
        ]
        summary: Row = {
            "since": self.start,
            "until": self.end,
            "by": self.by,
            "total": self.total,
            "mean_per_day": self._mean(),
            "balance": self.balance,
            "rate_per_day": Money(self.ahead.cents_per_day / 100),
            "days_left": self.ahead.days_left,
            "runs_out_at": self.ahead.runs_out_at,
        }
        return Report(FIELDS, rows, name="windows", summary_fields=SUMMARY_FIELDS, summary=summary)

    def layout(self, session: Session) -> list[RenderableType]:
        from rich.text import Text

        from ..output.tables import chart, record_table

        unit = "day of UTC" if self.by == "day" else f"hour ({self.end.astimezone():%Z})"
        bars = [(self._label(window), Money(window.cents / 100)) for window in self.windows]
        summary = record_table(
            {
                "Total": f"{self.total} {self._when()}",
                "Mean": f"{self._mean()} a day",
                "Balance": f"{self.balance}, {self._outlook()}",
            }
        )
        remark = Text("Read as cents: the unit of usage is unconfirmed.", style="dim")
        drawn = chart(bars, session.terminal.width, unicode=session.terminal.unicode)
        return [Text(f"Usage per {unit}", style="bold"), drawn, Text(), summary, remark]

    def _label(self, window: Window) -> str:
        if self.by == "day":
            return f"{window.start:%a} {window.start.day:>2} {window.start:%b}"
        local = window.start.astimezone()
        return f"{local:%a} {local.day:>2} {local:%b %H:%M}"

    def _mean(self) -> Money:
        days = Fraction((self.end - self.start) // _MICROSECOND, dt.timedelta(days=1) // _MICROSECOND)
        cents = Fraction(self.total.amount * 100) / days
        return Money(round(cents / Fraction(_SMALLEST_CENTS)) * _SMALLEST_CENTS / 100)

    def _when(self) -> str:
        """Say which time the total is of."""
        zone, form = (dt.UTC, "%b %Y") if self.by == "day" else (None, "%b %Y, %H:%M")
        first, last = self.start.astimezone(zone), self.end.astimezone(zone)
        since = f"{first.day} {first:{form}}"
        # A range that ends at midnight ends with the day before.
        last -= dt.timedelta(microseconds=1) if self.by == "day" else dt.timedelta(0)
        return f"since {since}" if self.ends_now else f"from {since} to {last.day} {last:{form}}"

    def _outlook(self) -> str:
        from ..output.formatting import day

        if self.balance.amount <= 0:
            return "so gateways refuse calls (402) until it is topped up"
        if self.ahead.runs_out_at is None or self.ahead.days_left is None:
            return f"which nothing uses up at the rate of the last {RATE_TIME.days} days"
        days = self.ahead.days_left
        length = f"{int(days):,} days" if days >= 2 else f"{int(days * 24)} hours"
        rate = Money(self.ahead.cents_per_day / 100)
        return f"which lasts {length} at {rate} a day, the rate of the last {RATE_TIME.days} days, until {day(self.ahead.runs_out_at)}"


def _range(
    since: Moment | None, until: Moment | None, by: Grouping, now: dt.datetime
) -> tuple[dt.datetime, dt.datetime]:
    """Return the range asked for; the future has no usage, so it ends now."""
    zone = dt.UTC if by == "day" else None
    latest = now + THIS_SECOND
    end = latest
    if until is not None:
        end = until.at(now, zone)
        if until.date is not None:
            end = Moment(date=until.date + dt.timedelta(days=1)).at(now, zone)
    asked = since or Moment(ago=dt.timedelta(days=30) if by == "day" else dt.timedelta(days=1))
    start = asked.at(min(end, now), zone)
    if asked.ago is not None:
        # So 30d gives 30 windows, the current one among them.
        start = window_start(start, by) + (LENGTH[by] if asked.ago >= LENGTH[by] else dt.timedelta(0))
    end = min(end, latest)
    if start >= end:
        raise CommandError(
            ExitCode.USAGE,
            f"The range is empty: it would start at {start.astimezone():%Y-%m-%d %H:%M} and end at {end.astimezone():%Y-%m-%d %H:%M}.",
            "--since must be before --until, and before now.",
        )
    return start, end
