"""A report as Markdown, to post, and as CSV, for spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from aig_billing import Money

from ..forecast import time_left
from ..history.tables import plain_digits
from .month import MonthReport, TopUp

FEE_NOTE = (
    "Cloudflare adds 5 % to each purchase of credit, and tax where it applies. Credit marked * was worked out from that fee; without a "
    "mark it is from this program's own journal of charges; - is not known."
)
NOTHING = "Nothing was kept of this month."
_UNKNOWN = "-"
UNIT_NOTE = "The unit of usage is unconfirmed; it is read as cents."
FEW_BALANCES = "Fewer than two balances were kept in this month: `aig-billing monitor` keeps more."
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_COLUMNS = ("kind", "date", "name", "id", "status", "amount_cents", "credit_cents", "currency")


def write_markdown(report: MonthReport) -> str:
    """Write a report as Markdown."""
    return "\n".join(_markdown(report)) + "\n"


def _markdown(report: MonthReport) -> Iterator[str]:
    yield f"# AI Gateway billing of {_cell(report.name)}, {report.start:%B %Y}\n"
    yield from _table(("", ""), [*figures_of(report).items(), ("Forecast", forecast_sentence(report))])
    yield "\n## Usage by day\n"
    yield from _table(("Day", "Usage"), [(f"{day}", str(amount)) for day, amount in report.usage])
    yield f"\n{UNIT_NOTE}"
    yield "\n## Top-ups\n"
    rows = [top_up_columns(one) for one in report.top_ups]
    yield from _table(rows[0] if rows else (), [tuple(row.values()) for row in rows])
    yield f"\n{FEE_NOTE}"
    yield "\n## Cost by model\n"
    yield from _table(("Model", "Cost"), [(model, str(cost)) for model, cost in report.models])
    yield "\n## Balance over time\n"
    if report.balances:
        last_of_day = {one.at.date(): one.cents for one in report.balances}
        yield from _table(
            ("Day", "Last balance"), [(f"{day}", str(Money(cents / 100))) for day, cents in last_of_day.items()]
        )
    else:
        yield FEW_BALANCES
    yield f"\nMade on {report.made_at:%Y-%m-%d %H:%M} UTC; days are days of UTC. Account {report.account_id}."


def write_csv(report: MonthReport) -> str:
    """Write a report as one table, a line a day, top-up, model and balance; `kind` tells them apart. Amounts are cents, exact."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for day, amount in report.usage:
        writer.writerow(("usage", day, "", "", "", _cents(amount), "", amount.currency))
    for one in report.top_ups:
        credit = "" if one.credit is None else _cents(one.credit)
        date = one.created.isoformat() if one.created else ""
        texts = map(_guarded, (one.description, one.invoice_id, one.status))
        writer.writerow(("top_up", date, *texts, plain_digits(one.due_cents), credit, one.currency))
    for model, cost in report.models:
        writer.writerow(("model", f"{report.start:%Y-%m}", _guarded(model), "", "", _cents(cost), "", cost.currency))
    for balance in report.balances:
        writer.writerow(("balance", balance.at.isoformat(), "", "", "", plain_digits(balance.cents), "", "USD"))
    return out.getvalue()


def figures_of(report: MonthReport) -> dict[str, str]:
    """Give usage, payments and the balances at both ends of the month, by what to call them."""
    figures = {"Usage": str(report.used), "Paid for top-ups": " + ".join(map(str, report.paid))}
    balances = [str(Money(one.cents / 100)) for one in report.balances]
    if len(balances) > 1:
        return {**figures, "First balance": balances[0], "Last balance": balances[-1]}
    return {**figures, "Balance": balances[0] if balances else _UNKNOWN}


def forecast_sentence(report: MonthReport) -> str:
    """Say how long the balance lasts, by the last reading of the month that has a rate."""
    for last in reversed(report.balances):
        if last.cents_per_day is not None:
            break
    else:
        return "none: no reading with usage was kept in this month"
    when = f"{Money(last.cents / 100)} on {last.at:%Y-%m-%d}"
    days, end = time_left(last.cents, last.cents_per_day, last.at)
    if days is None or end is None:
        return f"{when}, and nothing uses it up"
    return f"{when} lasts {days:.1f} days at {Money(last.cents_per_day / 100)} a day, until {end:%Y-%m-%d}"


def top_up_columns(top_up: TopUp) -> dict[str, str]:
    """Give what a table shows of a top-up, by the names of its columns; credit that was worked out is marked."""
    mark = "*" if top_up.source == "inferred" else ""
    return {
        "Date": f"{top_up.created:%Y-%m-%d}" if top_up.created else _UNKNOWN,
        "Invoice": top_up.invoice_id,
        "Origin": top_up.origin,
        "Status": top_up.status,
        "Total": str(top_up.due),
        "Credit": f"{top_up.credit}{mark}" if top_up.credit else _UNKNOWN,
        "Fee and tax": str(top_up.fee_and_tax or _UNKNOWN),
    }


def _table(heads: Iterable[str], rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    if not rows:
        yield NOTHING
        return
    yield f"| {' | '.join(heads)} |"
    yield f"| {' | '.join('---' for _ in rows[0])} |"
    for row in rows:
        yield f"| {' | '.join(map(_cell, row))} |"


def _cell(text: str) -> str:
    """Write text so that it stays in its cell, and is neither markup nor HTML."""
    escaped = text.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;").replace("`", "\\`")
    return " ".join(escaped.split())


def _guarded(text: str) -> str:
    """Keep a spreadsheet from reading text as a formula (OWASP, CSV injection)."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _cents(amount: Money) -> str:
    return plain_digits(amount.amount * 100)
