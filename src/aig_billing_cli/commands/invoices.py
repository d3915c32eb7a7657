"""`aig-billing invoices`: list, preview, show, open and download."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from aig_billing import Money

from ..command import command, group
from ..errors import CommandError, UsageError
from ..exit_codes import ExitCode
from ..output.formatting import text
from ..output.rows import Field, Report, Row, Value
from ..session import Session

if TYPE_CHECKING:
    from aig_billing.models import Invoice, InvoiceLine
    from rich.console import RenderableType

app = group()
FIELDS = (
    Field("created", "when it was made", title="Created"),
    Field("id", "id of the invoice", title="Invoice", drop=3),
    Field("origin", "where it comes from: manual or auto", title="Origin", drop=5),
    Field("status", "its status, such as open or paid", title="Status"),
    Field("amount_due", "its amount", title="Due", money=True),
    Field("amount_paid", "what has been paid of it", title="Paid", money=True, drop=4),
    Field("amount_remaining", "what is still to be paid", money=True),
    Field("currency", "currency of the amounts"),
    Field("description", "text on it", title="Description", drop=6, shrink=True),
    Field("attempts", "how many times payment was tried"),
    Field("created_by", "who or what made it"),
    Field("pdf", "URL of the PDF"),
)
SAVED_FIELDS = (
    Field("id", "id of the invoice", title="Invoice"),
    Field("result", "saved, there already, no PDF or failed", title="Result"),
    Field("file", "where it is", title="File"),
    Field("reason", "why it failed"),
)
LINE_FIELDS = (
    Field("description", "what the line is for", title="Usage", shrink=True),
    Field("quantity", "number of units", title="Quantity", right=True, drop=2),
    Field("unit_price_dollars", "price of one unit, in dollars, exact", title="A unit", right=True, drop=3),
    Field("amount", "amount of the line", title="Cost", money=True),
    Field("share_percent", "the line's part of all lines", title="Share", right=True, drop=1),
    Field("credits", "credit taken off the line", title="From credit", money=True, drop=4),
    Field("currency", "currency of the amounts"),
    Field("period_start", "start of the line's period"),
    Field("period_end", "its end"),
)
PREVIEW_FIELDS = (
    Field("id", "id of the preview"),
    Field("status", "status of the invoice"),
    Field("currency", "currency of the amounts"),
    Field("period_start", "start of the invoice's period"),
    Field("period_end", "its end"),
    Field("lines_total", "all lines together", money=True),
    Field("amount_due", "amount of the invoice", money=True),
    Field("amount_paid", "what would be paid of it already", money=True),
    Field("amount_remaining", "what would still be to pay", money=True),
)


@command(app, "invoices", fields=FIELDS, more="`aig-billing invoices preview` shows the next one.")
def invoices(
    context: typer.Context,
    *,
    type: Annotated[
        Literal["all", "manual", "auto"],
        typer.Option(
            "--type",
            metavar="<all|manual|auto>",
            help="Those of top-ups by hand, or of automatic ones.",
            show_default="all",
        ),
    ] = "all",
) -> None:
    """List past invoices, the newest first."""
    session: Session = context.obj
    with session.waiting("Asking for the invoices"):
        answer = session.billing.invoice_history(type=type)
    # The documents promise no order.
    newest_first = sorted(answer.invoices, key=lambda invoice: invoice.created or 0, reverse=True)
    session.report_list(FIELDS, [_invoice_row(invoice) for invoice in newest_first], empty="There are no invoices yet.")
    if answer.pagination.has_more:
        session.terminal.info(
            f"The API shows {len(newest_first)} of {answer.pagination.total_count:g} invoices, and cannot be asked for the others."
        )


@command(app, "show", fields=FIELDS)
def show(context: typer.Context, *, invoice_id: Annotated[str, typer.Argument(metavar="ID", help="Its id.")]) -> None:
    """Show one invoice."""
    session: Session = context.obj
    row = _invoice_row(_find(session, invoice_id))
    session.report_record(
        FIELDS,
        row,
        lambda: {field.title or field.name.replace("_", " ").capitalize(): text(row[field.name]) for field in FIELDS},
    )


@command(app, "open", more="The link leads to the payment provider; such links expire.")
def open_(context: typer.Context, *, invoice_id: Annotated[str, typer.Argument(metavar="ID", help="Its id.")]) -> None:
    """Open the PDF of an invoice in the browser."""
    session: Session = context.obj
    url = _find(session, invoice_id).invoice_pdf
    if not url or not url.startswith(("https://", "http://127.0.0.1:", "http://localhost:")):
        raise CommandError(ExitCode.REFUSED, f"The invoice {invoice_id} has no PDF that can be opened.")
    if typer.launch(url):
        raise CommandError(ExitCode.REFUSED, "No browser could be started.", f"Open it yourself: {url}")


@command(
    app,
    "download",
    fields=SAVED_FIELDS,
    more="Files that are there are kept. Links expire; list the invoices again then.",
)
def download(
    context: typer.Context,
    *,
    invoice_ids: Annotated[
        list[str] | None, typer.Argument(metavar="[ID]...", help="Which. By default all that the API lists.")
    ] = None,
    to: Annotated[Path, typer.Option("--to", metavar="FOLDER", help="Save them there.", show_default=".")] = Path(),
) -> ExitCode:
    """Save the PDFs of invoices."""
    from aig_billing_monitor.invoice_files import save_invoices

    session: Session = context.obj
    listed = _list(session)
    wanted = [_chosen(listed, one) for one in invoice_ids] if invoice_ids else listed
    try:
        to.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"{to} cannot be made: {error.strerror}.") from None
    rows: list[Row] = []
    for number, saved in enumerate(save_invoices(wanted, to), 1):
        rows.append(
            {
                "id": saved.invoice_id,
                "result": saved.state,
                "file": str(saved.path or "") or None,
                "reason": saved.reason,
            }
        )
        session.terminal.info(f"{number} of {len(wanted)}: {saved.invoice_id}: {saved.reason or saved.state}")
    session.report_list(SAVED_FIELDS, rows, empty="There are no invoices yet.")
    return ExitCode.REFUSED if any(row["result"] == "failed" for row in rows) else ExitCode.OK


def _list(session: Session) -> list[Invoice]:
    with session.waiting("Asking for the invoices"):
        return session.billing.invoice_history(type="all").invoices


def _find(session: Session, invoice_id: str) -> Invoice:
    return _chosen(_list(session), invoice_id)


def _chosen(listed: list[Invoice], invoice_id: str) -> Invoice:
    for invoice in listed:
        if invoice.id == invoice_id:
            return invoice
    raise UsageError(
        f"The API lists no invoice {invoice_id}.",
        "`aig-billing invoices` shows those it lists: the newest ones only.",
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


@command(
    app,
    "preview",
    fields=LINE_FIELDS,
    summary=PREVIEW_FIELDS,
    more="With -o json the lines stand beside the invoice's own amounts and period.",
)
def preview(context: typer.Context) -> None:
    """Show the next invoice: its lines by cost, with shares."""
    session: Session = context.obj
    with session.waiting("Asking for the preview"):
        answer = session.billing.invoice_preview()
    lines = sorted(answer.invoice_lines, key=lambda line: line.amount, reverse=True)
    currency = answer.amount_due_money.currency
    total = Money(sum((line.amount_money.amount for line in lines), Decimal(0)), currency)
    credited = Money(sum((_credited(line) for line in lines), Decimal(0)), currency)
    rows = [_line_row(line, total.amount) for line in lines]
    summary: Row = {
        "id": answer.id,
        "status": answer.status,
        "currency": answer.currency,
        "period_start": answer.period_start_datetime,
        "period_end": answer.period_end_datetime,
        "lines_total": total,
        "amount_due": answer.amount_due_money,
        "amount_paid": answer.amount_paid_money,
        "amount_remaining": answer.amount_remaining_money,
    }

    def layout() -> list[RenderableType]:
        from rich.text import Text

        from ..output.formatting import day
        from ..output.tables import record_table, rows_table

        pairs = {
            "Period": f"{day(answer.period_start_datetime)} to {day(answer.period_end_datetime)}",
            "Total": str(total),
            "From credit": str(credited),
            "Still to pay": str(answer.amount_remaining_money),
            "Status": answer.status,
        }
        shown = [_with_units(row) for row in rows]
        table = rows_table(LINE_FIELDS, shown, session.terminal.width) if rows else Text("Nothing has been used yet.")
        return [table, Text(), record_table(pairs)]

    session.report(Report(LINE_FIELDS, rows, name="lines", summary_fields=PREVIEW_FIELDS, summary=summary), layout)


def _line_row(line: InvoiceLine, total: Decimal) -> Row:
    amount = line.amount_money
    return {
        "description": line.description,
        "quantity": _number(line.quantity),
        "unit_price_dollars": line.pricing.unit_amount_decimal,
        "amount": amount,
        "share_percent": (amount.amount * 100 / total).quantize(Decimal("0.1")) if total else None,
        "credits": Money(_credited(line), amount.currency),
        "currency": line.currency,
        "period_start": line.period.start_datetime,
        "period_end": line.period.end_datetime,
    }


def _credited(line: InvoiceLine) -> Decimal:
    return sum((credit.amount_money.amount for credit in line.pretax_credit_amounts or []), Decimal(0))


def _with_units(row: Row) -> Row:
    price = row["unit_price_dollars"]
    return {**row, "share_percent": f"{row['share_percent']} %", "unit_price_dollars": f"${price}" if price else None}


def _number(value: float | None) -> Value:
    """Return a count exactly as the API wrote it."""
    return None if value is None else Decimal(str(value))
