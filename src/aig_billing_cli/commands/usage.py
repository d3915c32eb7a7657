"""`aig-billing usage`."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from ..exit_codes import ExitCode
from ..output.rows import Field, Report, Row
from ..problem import Problem
from ..registry import command
from ..session import Session
from ..typed import Moment, moment

if TYPE_CHECKING:
    from aig_billing import Money
    from rich.console import RenderableType

    from ..forecast import Forecast, Window

By = Literal["day", "hour"]

FIELDS = (
    Field("start", "when the window starts"),
    Field("end", "when it ends"),
    Field("usage", "what was used in it (the unit is unconfirmed; read as cents)", money=True),
    Field("id", "id of the service's record; null where it has none, and the usage is 0"),
)
SUMMARY_FIELDS = (
    Field("since", "start of the range"),
    Field("until", "its end, now at the latest"),
    Field("by", "day or hour"),
    Field("total", "usage in the range", money=True),
    Field("mean_per_day", "total over the time that passed", money=True),
    Field("balance", "credit that is left now", money=True),
    Field("days_left", "how long that lasts at the mean; null when nothing is used"),
    Field("runs_out_at", "when it is used up, at the mean"),
)
_MORE = (
    "Days are days of UTC, as the service counts them. A range such as 30d ends now, and has today in it. With -o json the windows "
    "stand beside since, until, total, mean_per_day, balance (each amount as _cents and _dollars), days_left and runs_out_at. "
    "Nobody has confirmed the unit of usage; it is read as cents."
)
_MOMENT = "such as 30d (ago), 2026-11-01 or 2026-11-01T12:00"


@command("usage", fields=FIELDS, more=_MORE)
def usage(
    session: Session,
    *,
    since: Annotated[
        Moment | None,
        typer.Option(
            "--since",
            parser=moment,
            metavar="WHEN",
            help=f"Start: {_MOMENT}. By default 30d, or 24h by hour.",
            show_default=False,
        ),
    ] = None,
    until: Annotated[
        Moment | None,
        typer.Option(
            "--until",
            parser=moment,
            metavar="WHEN",
            help="End; a date includes its day. By default now.",
            show_default=False,
        ),
    ] = None,
    by: Annotated[By, typer.Option("--by", help="What to add up.")] = "day",
) -> None:
    """Chart usage, and say when the balance runs out."""
    from aig_billing import Money

    from ..forecast import Window, forecast, total_cents, without_gaps

    with session.waiting("Asking for the balance"):
        balance = session.billing.with_raw_response.credit_balance()
    now = session.now(balance.headers)
    start, end = _range(since, until, by, now)
    with session.waiting("Asking for the usage"):
        answer = session.billing.usage_history(value_grouping_window=by, start_time=start, end_time=end)
    recorded = [
        Window(one.start_time_datetime, one.end_time_datetime, Decimal(str(one.aggregated_value)), one.id)
        for one in answer.history
    ]
    windows = without_gaps(recorded, start, end, by)
    total = total_cents(windows)
    credit = balance.parsed.balance_money
    ahead = forecast(credit.amount * 100, total, end - start, now)
    found = _Found(by, start, end, end > now, windows, Money(total / 100), credit, ahead)
    session.report(found.report(), lambda: found.layout(session))


@dataclass(frozen=True)
class _Found:
    by: By
    start: dt.datetime
    end: dt.datetime
    ends_now: bool
    windows: list[Window]
    total: Money
    balance: Money
    ahead: Forecast

    def report(self) -> Report:
        rows: list[Row] = [
            {"start": window.start, "end": window.end, "usage": _money(window.cents), "id": window.id}
            for window in self.windows
        ]
        summary: Row = {
            "since": self.start,
            "until": self.end,
            "by": self.by,
            "total": self.total,
            "mean_per_day": _money(self.ahead.mean_cents_per_day),
            "balance": self.balance,
            "days_left": self.ahead.days_left,
            "runs_out_at": self.ahead.runs_out_at,
        }
        return Report(FIELDS, rows, name="windows", summary_fields=SUMMARY_FIELDS, summary=summary)

    def layout(self, session: Session) -> list[RenderableType]:
        from rich.text import Text

        from ..output.tables import chart, record_table

        unit = "day of UTC" if self.by == "day" else f"hour ({self.end.astimezone():%Z})"
        width, unicode = session.terminal.out.width, session.terminal.unicode
        bars = [(self._label(window), _money(window.cents)) for window in self.windows]
        summary = record_table(
            {
                "Total": f"{self.total} {self._when()}",
                "Mean": f"{_money(self.ahead.mean_cents_per_day)} a day",
                "Balance": f"{self.balance}, {self._outlook()}",
            }
        )
        remark = Text("Read as cents: nobody has confirmed the unit of usage.", style="dim")
        return [Text(f"Usage per {unit}", style="bold"), chart(bars, width, unicode=unicode), Text(), summary, remark]

    def _label(self, window: Window) -> str:
        if self.by == "day":
            return f"{window.start:%a} {window.start.day:>2} {window.start:%b}"
        local = window.start.astimezone()
        return f"{local:%a} {local.day:>2} {local:%b %H:%M}"

    def _when(self) -> str:
        """Say which time the total is of."""
        zone = dt.UTC if self.by == "day" else None
        form = "%b %Y" if self.by == "day" else "%b %Y, %H:%M"
        first, last = self.start.astimezone(zone), self.end.astimezone(zone)
        since = f"{first.day} {first:{form}}"
        # A range that ends at midnight ends with the day before.
        last -= dt.timedelta(microseconds=1) if self.by == "day" else dt.timedelta(0)
        return f"since {since}" if self.ends_now else f"from {since} to {last.day} {last:{form}}"

    def _outlook(self) -> str:
        from ..output.shown import day

        if self.balance.amount <= 0:
            return "so gateways refuse calls (402) until it is topped up"
        if self.ahead.runs_out_at is None or self.ahead.days_left is None:
            return "which nothing uses up at this rate"
        return f"which lasts {_days(self.ahead.days_left)} at this rate, until {day(self.ahead.runs_out_at)}"


def _range(since: Moment | None, until: Moment | None, by: By, now: dt.datetime) -> tuple[dt.datetime, dt.datetime]:
    """Give the range asked for; the future has no usage, so it ends now."""
    from ..clock import THIS_SECOND
    from ..forecast import LENGTH, window_start

    length = LENGTH[by]
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
        # So 30d gives 30 windows, the one under way among them.
        start = window_start(start, by) + (length if asked.ago >= length else dt.timedelta(0))
    end = min(end, latest)
    if start >= end:
        raise Problem(
            ExitCode.USAGE,
            f"The range is empty: it would start at {start.astimezone():%Y-%m-%d %H:%M} and end at {end.astimezone():%Y-%m-%d %H:%M}.",
            "--since must be before --until, and before now.",
        )
    return start, end


def _money(cents: Decimal) -> Money:
    from aig_billing import Money

    return Money(cents / 100)


def _days(days: Decimal) -> str:
    whole = int(days)
    if whole < 2:
        return f"{int(days * 24)} hours"
    return f"{whole:,} days"
