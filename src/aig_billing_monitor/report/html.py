"""A report as one HTML file that fetches nothing: it reads the same on a phone, in the dark and on paper."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from html import escape
from importlib.resources import files
from string import Template

from aig_billing import Money

from . import text
from .month import MonthReport

_NOTHING = f'<p class="soft">{text.NOTHING}</p>'
_TOP_UP_COLUMNS = {
    "Date": "date",
    "Origin": "wide",
    "Status": "wide",
    "Credit": "number",
    "Fee and tax": "number",
    "Total": "number",
    "Invoice": "id wide",
}
"""In this order, each with its class; what is `wide` is left out on a phone."""
_HEIGHT = 100
_WIDTH = 1_000


def write_html(report: MonthReport) -> str:
    """Write a report as a page. Every text from the API is escaped."""
    last = report.end - dt.timedelta(days=1)
    page = Template((files("aig_billing_monitor.report") / "page.html").read_text(encoding="utf-8"))
    return page.substitute(
        title=escape(f"AI Gateway billing of {report.name}, {report.start:%B %Y}"),
        name=escape(report.name),
        month=f"{report.start:%B %Y}",
        period=f"So far: the month goes on until {last:%d %B}." if report.made_at < report.end else "",
        figures="".join(
            f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>"
            for name, value in text.figures_of(report).items()
        ),
        forecast=escape(f"Forecast: {text.forecast_sentence(report)}."),
        usage=_usage(report),
        unit_note=escape(text.UNIT_NOTE),
        models=_models(report),
        top_ups=_top_ups(report),
        fee_note=escape(text.FEE_NOTE),
        balances=_balances(report),
        footer=escape(
            f"Made on {report.made_at:%d %B %Y, %H:%M} UTC. Days are days of UTC. Account {report.account_id}."
        ),
    )


def _usage(report: MonthReport) -> str:
    if not report.usage:
        return _NOTHING
    most = max(amount.amount for _, amount in report.usage)
    bars = "".join(
        f'<i style="height:{_percent(amount.amount, most)}%" title="{day:%a %d %b}: {escape(str(amount))}"></i>'
        for day, amount in report.usage
    )
    first, last = report.usage[0][0], report.usage[-1][0]
    label = f"Usage by day, {Money(most)} at most"
    return _chart(f'<div class="plot bars" role="img" aria-label="{escape(label)}">{bars}</div>', most, first, last)


def _balances(report: MonthReport) -> str:
    if len(report.balances) < 2:
        return f'<p class="soft">{escape(text.FEW_BALANCES.replace("`", ""))}</p>'
    most = max(one.cents for one in report.balances)
    least = min(Decimal(0), *(one.cents for one in report.balances))
    first, last = report.balances[0].at, report.balances[-1].at
    span = (last - first).total_seconds() or 1.0
    height = (most - least) or Decimal(1)
    points = " ".join(
        f"{(one.at - first).total_seconds() / span * _WIDTH:.1f},{(most - one.cents) / height * _HEIGHT:.2f}"
        for one in report.balances
    )
    zero = f"{most / height * _HEIGHT:.2f}"
    line = f'<line class="zero" x1="0" x2="{_WIDTH}" y1="{zero}" y2="{zero}"/>' if least < 0 else ""
    label = f"Balance, {Money(least / 100)} to {Money(most / 100)}"
    plot = (
        f'<div class="plot"><svg viewBox="0 0 {_WIDTH} {_HEIGHT}" preserveAspectRatio="none" role="img" '
        f'aria-label="{escape(label)}">{line}<polyline points="{points}"/></svg></div>'
    )
    return _chart(plot, most / 100, first.date(), last.date(), least / 100)


def _chart(plot: str, most: Decimal, first: dt.date, last: dt.date, least: Decimal = Decimal(0)) -> str:
    scale = f"<span>{escape(str(Money(most)))}</span><span>{escape(str(Money(least)))}</span>"
    axis = f"<span>{first:%d %b}</span><span>{last:%d %b}</span>"
    return f'<div class="chart"><div class="scale">{scale}</div>{plot}<div class="axis">{axis}</div></div>'


def _models(report: MonthReport) -> str:
    if not report.models:
        return _NOTHING
    most = report.models[0][1].amount
    rows = [
        (escape(model), f'<i style="width:{_percent(cost.amount, most)}%"></i>', escape(str(cost)))
        for model, cost in report.models
    ]
    return _table({"Model": "", "": "share wide", "Cost": "number"}, rows)


def _top_ups(report: MonthReport) -> str:
    if not report.top_ups:
        return _NOTHING
    rows = [[escape(text.top_up_columns(one)[name]) for name in _TOP_UP_COLUMNS] for one in report.top_ups]
    return _table(_TOP_UP_COLUMNS, rows)


def _table(columns: Mapping[str, str], rows: Sequence[Sequence[str]]) -> str:
    """Write a table: the names of its columns, each with its class, and rows of HTML."""
    head = "".join(f'<th class="{kind}">{name}</th>' for name, kind in columns.items())
    cells = [
        [f'<td class="{kind}">{cell}</td>' for kind, cell in zip(columns.values(), row, strict=True)] for row in rows
    ]
    body = "".join(f"<tr>{''.join(row)}</tr>" for row in cells)
    return f'<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def _percent(value: Decimal, most: Decimal) -> str:
    return f"{max(value, Decimal(0)) * 100 / most:.2f}" if most > 0 else "0"
