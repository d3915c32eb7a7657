"""A report as Markdown, to post, and as CSV, for spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from decimal import Decimal

from aig_billing import Money

from .month import MonthReport, TopUp

FEE_NOTE = (
    "Cloudflare adds 5 % to each purchase of credit, and tax where it applies. Credit marked * was worked out from that fee; without a "
    "mark it is from this program's own journal of charges; - is not known."
)
NOTHING = "Nothing was kept of this month."
UNKNOWN = "-"
UNIT_NOTE = "The unit of usage is unconfirmed; it is read as cents."
ONE_BALANCE = "A single balance was kept in this month: `aig-billing monitor` keeps more."
NO_BALANCES = "No balances were kept in this month: `aig-billing monitor` keeps them."
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_COLUMNS = ("kind", "date", "name", "id", "status", "amount_cents", "credit_cents", "currency")


def write_markdown(report: MonthReport) -> str:
    """Write a report as Markdown."""
    return "\n".join(_markdown(report)) + "\n"


def _markdown(report: MonthReport) -> Iterator[str]:
    yield f"# AI Gateway billing of {_cell(report.name)}, {report.start:%B %Y}\n"
    yield from _table(
        ("", ""),
        [
            ("Usage", str(report.used)),
            ("Paid for top-ups", " + ".join(map(str, report.paid))),
            *(balances_at_both_ends(report).items()),
            ("Forecast", forecast_sentence(report)),
        ],
    )
    yield "\n## Usage by day\n"
    yield from _table(("Day", "Usage"), [(f"{day}", str(amount)) for day, amount in report.usage])
    yield f"\n{UNIT_NOTE}"
    yield "\n## Top-ups\n"
    rows = [
        (day_of(one), one.invoice_id, one.origin, one.status, str(one.due), credit_of(one), fee_of(one))
        for one in report.top_ups
    ]
    yield from _table(("Date", "Invoice", "Origin", "Status", "Total", "Credit", "Fee and tax"), rows)
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
        yield NO_BALANCES
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
        writer.writerow(("top_up", date, *texts, _cents(one.due), credit, one.due.currency))
    for model, cost in report.models:
        writer.writerow(("model", report.month, _guarded(model), "", "", _cents(cost), "", cost.currency))
    for balance in report.balances:
        writer.writerow(("balance", balance.at.isoformat(), "", "", "", _number(balance.cents), "", "USD"))
    return out.getvalue()


def balances_at_both_ends(report: MonthReport) -> dict[str, str]:
    """Give the first and the last balance of the month, by what to call them."""
    if not report.balances:
        return {"Balance": UNKNOWN}
    first, last = (str(Money(one.cents / 100)) for one in (report.balances[0], report.balances[-1]))
    return {"Balance": last} if len(report.balances) == 1 else {"First balance": first, "Last balance": last}


def forecast_sentence(report: MonthReport) -> str:
    """Say how long the balance lasts."""
    ahead = report.outlook
    if ahead is None:
        return "none: no reading with usage was kept in this month"
    when = f"{ahead.balance} on {ahead.at:%Y-%m-%d}"
    if ahead.days_left is None or ahead.runs_out_at is None:
        return f"{when}, and nothing uses it up"
    return f"{when} lasts {ahead.days_left:.1f} days at {ahead.per_day} a day, until {ahead.runs_out_at:%Y-%m-%d}"


def day_of(top_up: TopUp) -> str:
    """Give the date of a top-up."""
    return f"{top_up.created:%Y-%m-%d}" if top_up.created else UNKNOWN


def credit_of(top_up: TopUp) -> str:
    """Give the credit of a top-up, marked where it was worked out."""
    mark = "*" if top_up.source == "inferred" else ""
    return f"{top_up.credit}{mark}" if top_up.credit else UNKNOWN


def fee_of(top_up: TopUp) -> str:
    """Give what was paid beyond the credit."""
    return str(top_up.fee_and_tax) if top_up.fee_and_tax else UNKNOWN


def _table(heads: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    if not rows:
        yield NOTHING
        return
    yield f"| {' | '.join(heads)} |"
    yield f"| {' | '.join('---' for _ in heads)} |"
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
    return _number(amount.amount * 100)


def _number(value: Decimal) -> str:
    return format(value.normalize() if value else Decimal(0), "f")
