"""`aig-billing invoices` and `aig-billing invoices preview`."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from ..output.rows import Field, Report, Row, Value
from ..registry import command
from ..session import Session

if TYPE_CHECKING:
    from aig_billing import Money
    from aig_billing.models import BillingInvoicePreviewResponse, Invoice, InvoiceLine
    from rich.console import RenderableType

FIELDS = (
    Field("created", "when it was made", title="Created"),
    Field("id", "id of the invoice", title="Invoice", drop=3),
    Field("origin", "what it came from: manual or auto", title="Origin", drop=5),
    Field("status", "how far it is", title="Status"),
    Field("amount_due", "what it asks for", title="Due", money=True),
    Field("amount_paid", "what has been paid of it", title="Paid", money=True, drop=4),
    Field("amount_remaining", "what is still to be paid", money=True),
    Field("currency", "currency of the amounts"),
    Field("description", "text on it", title="Description", drop=6, shrink=True),
    Field("attempts", "how many times payment was tried"),
    Field("created_by", "who or what made it"),
    Field("pdf", "where the PDF is"),
)
LINE_FIELDS = (
    Field("description", "what the line is for", title="Usage", shrink=True),
    Field("quantity", "how many units", title="Quantity", right=True, drop=2),
    Field("unit_price_dollars", "price of one unit, in dollars, exact", title="A unit", right=True, drop=3),
    Field("amount", "what the line comes to", title="Cost", money=True),
    Field("share_percent", "the line's part of all lines", title="Share", right=True, drop=1),
    Field("credits", "credit taken off the line", title="From credit", money=True, drop=4),
    Field("currency", "currency of the amounts"),
    Field("period_start", "start of the time that the line is for"),
    Field("period_end", "its end"),
)
PREVIEW_FIELDS = (
    Field("id", "id of the preview"),
    Field("status", "how far the invoice is"),
    Field("currency", "currency of the amounts"),
    Field("period_start", "start of the invoice's period"),
    Field("period_end", "its end"),
    Field("lines_total", "all lines together", money=True),
    Field("amount_due", "what the invoice would ask for", money=True),
    Field("amount_paid", "what would be paid of it already", money=True),
    Field("amount_remaining", "what would still be to pay", money=True),
)


@command("invoices", fields=FIELDS, more="`aig-billing invoices preview` shows the one to come.")
def invoices(
    session: Session,
    *,
    type: Annotated[
        Literal["all", "manual", "auto"], typer.Option("--type", help="Which: of top-ups by hand, or automatic ones.")
    ] = "all",
) -> None:
    """List past invoices, the newest first."""
    with session.waiting("Asking for the invoices"):
        answer = session.billing.invoice_history(type=type)
    # The documents promise no order.
    newest_first = sorted(answer.invoices, key=lambda invoice: invoice.created or 0, reverse=True)
    rows = [_invoice_row(invoice) for invoice in newest_first]
    session.report(Report(FIELDS, rows), lambda: _list(session, rows))
    if answer.pagination.has_more:
        session.terminal.say(
            f"The API shows {len(rows)} of {answer.pagination.total_count:g} invoices, and has no way to ask for the others."
        )


def _invoice_row(invoice: Invoice) -> Row:
    return {
        "created": invoice.created_datetime,
        "id": invoice.id,
        "origin": invoice.invoice_origin,
        "status": invoice.status,
        "amount_due": invoice.amount_due_money,
        "amount_paid": invoice.amount_paid_money,
        "amount_remaining": invoice.amount_remaining_money,
        "currency": invoice.currency,
        "description": invoice.description,
        "attempts": _number(invoice.attempt_count),
        "created_by": invoice.created_by,
        "pdf": invoice.invoice_pdf,
    }


def _list(session: Session, rows: list[Row]) -> list[RenderableType]:
    from ..output.tables import rows_table

    return [rows_table(FIELDS, rows, session.terminal.out.width)] if rows else ["There are no invoices yet."]


@command(
    "invoices preview",
    fields=LINE_FIELDS,
    more="With -o json the lines stand beside the invoice's own amounts and period.",
)
def preview(session: Session) -> None:
    """Show the next invoice: its lines by cost, with shares."""
    with session.waiting("Asking for the preview"):
        answer = session.billing.invoice_preview()
    lines = sorted(answer.invoice_lines, key=lambda line: line.amount, reverse=True)
    total = sum((line.amount_money.amount for line in lines), Decimal(0))
    rows = [_line_row(line, total) for line in lines]
    report = Report(LINE_FIELDS, rows, name="lines", summary_fields=PREVIEW_FIELDS, summary=_preview_row(answer, total))
    session.report(report, lambda: _preview(session, answer, rows, total))


def _line_row(line: InvoiceLine, total: Decimal) -> Row:
    from aig_billing import Money

    amount = line.amount_money
    credited = sum((credit.amount_money.amount for credit in line.pretax_credit_amounts or []), Decimal(0))
    price = line.pricing.unit_amount_decimal
    return {
        "description": line.description,
        "quantity": _number(line.quantity),
        "unit_price_dollars": price,
        "amount": amount,
        "share_percent": (amount.amount * 100 / total).quantize(Decimal("0.1")) if total else None,
        "credits": Money(credited, amount.currency),
        "currency": line.currency,
        "period_start": line.period.start_datetime,
        "period_end": line.period.end_datetime,
    }


def _preview_row(answer: BillingInvoicePreviewResponse, total: Decimal) -> Row:
    return {
        "id": answer.id,
        "status": answer.status,
        "currency": answer.currency,
        "period_start": answer.period_start_datetime,
        "period_end": answer.period_end_datetime,
        "lines_total": _same_currency(answer, total),
        "amount_due": answer.amount_due_money,
        "amount_paid": answer.amount_paid_money,
        "amount_remaining": answer.amount_remaining_money,
    }


def _preview(
    session: Session, answer: BillingInvoicePreviewResponse, rows: list[Row], total: Decimal
) -> list[RenderableType]:
    from aig_billing import Money
    from rich.text import Text

    from ..output.shown import day
    from ..output.tables import record_table, rows_table

    shown: list[Row] = [
        {
            **row,
            "share_percent": f"{row['share_percent']} %",
            "unit_price_dollars": f"${row['unit_price_dollars']}" if row["unit_price_dollars"] else None,
        }
        for row in rows
    ]
    credited = sum((row["credits"].amount for row in rows if isinstance(row["credits"], Money)), Decimal(0))
    lines = rows_table(LINE_FIELDS, shown, session.terminal.out.width) if rows else Text("Nothing has been used yet.")
    summary = record_table(
        {
            "Period": f"{day(answer.period_start_datetime)} to {day(answer.period_end_datetime)}",
            "Total": str(_same_currency(answer, total)),
            "From credit": str(_same_currency(answer, credited)),
            "Still to pay": str(answer.amount_remaining_money),
            "Status": answer.status,
        }
    )
    return [lines, Text(), summary]


def _same_currency(answer: BillingInvoicePreviewResponse, total: Decimal) -> Money:
    from aig_billing import Money

    return Money(total, answer.amount_due_money.currency)


def _number(value: float | None) -> Value:
    """Give a count exactly as the API wrote it."""
    return None if value is None else Decimal(str(value))
