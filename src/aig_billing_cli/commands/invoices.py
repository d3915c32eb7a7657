"""`aig-billing invoices`: list, preview, show, open and download."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import typer
from aig_billing import Money

from ..command import command
from ..errors import CommandError, ExitCode, UsageError
from ..options import argument, option
from ..output.formatting import day, text
from ..output.rows import Field, Row, Value, Words
from ..session import Session

if TYPE_CHECKING:
    from aig_billing.models import BillingInvoicePreviewResponse, Invoice, InvoiceLine

    from aig_billing_monitor.invoice_files import SavedInvoice

    from ..output.tables import Part

FIELDS: tuple[Field[Invoice], ...] = (
    Field("created", "when it was made", lambda it: it.created_datetime, title="Created"),
    Field("id", "id of the invoice", title="Invoice", drop=3),
    Field("origin", "where it comes from: manual or auto", lambda it: it.invoice_origin, title="Origin", drop=5),
    Field("status", "its status, such as open or paid", title="Status"),
    Field("amount_due", "its amount", lambda it: it.amount_due_money, title="Due", money=True),
    Field("amount_paid", "what has been paid of it", lambda it: it.amount_paid_money, title="Paid", money=True, drop=4),
    Field("amount_remaining", "what is still to be paid", lambda it: it.amount_remaining_money, money=True),
    Field("currency", "currency of the amounts"),
    Field("description", "text on it", title="Description", drop=6, shrink=True),
    Field("attempts", "how many times payment was tried", lambda it: _number(it.attempt_count)),
    Field("created_by", "who or what made it"),
    Field("pdf", "URL of the PDF", lambda it: it.invoice_pdf),
)
SAVED_FIELDS: tuple[Field[SavedInvoice], ...] = (
    Field("id", "id of the invoice", lambda it: it.invoice_id, title="Invoice"),
    Field("result", "saved, there already, no PDF or failed", lambda it: it.state, title="Result"),
    Field("file", "where it is", lambda it: str(it.path or "") or None, title="File"),
    Field("reason", "why it failed"),
)
LINE_FIELDS: tuple[Field[Row], ...] = (
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
PREVIEW_FIELDS: tuple[Field[BillingInvoicePreviewResponse], ...] = (
    Field("id", "id of the preview"),
    Field("status", "status of the invoice"),
    Field("currency", "currency of the amounts"),
    Field("period_start", "start of the invoice's period", lambda it: it.period_start_datetime),
    Field("period_end", "its end", lambda it: it.period_end_datetime),
    Field("lines_total", "all lines together", lambda it: _total(it), money=True),  # noqa: PLW0108 - it stands below
    Field("amount_due", "amount of the invoice", lambda it: it.amount_due_money, money=True),
    Field("amount_paid", "what would be paid of it already", lambda it: it.amount_paid_money, money=True),
    Field("amount_remaining", "what would still be to pay", lambda it: it.amount_remaining_money, money=True),
)
ID = argument("ID", "Its id.")


@command("invoices", fields=FIELDS, more="`aig-billing invoices preview` shows the next one.")
def invoices(
    session: Session,
    *,
    type: Literal["all", "manual", "auto"] = option(
        "--type", "Those of top-ups by hand, or of automatic ones.", default="all"
    ),
) -> None:
    """List past invoices, the newest first."""
    answer = session.ask("Asking for the invoices", session.billing.invoice_history, type=type)
    # The documents promise no order.
    newest_first = sorted(answer.invoices, key=lambda invoice: invoice.created or 0, reverse=True)
    session.report_list(newest_first, empty="There are no invoices yet.")
    if answer.pagination.has_more:
        session.terminal.info(
            f"The API shows {len(newest_first)} of {answer.pagination.total_count:g} invoices, and cannot be asked for the others."
        )


@command("invoices show", fields=FIELDS)
def show(session: Session, *, invoice_id: str = ID) -> None:
    """Show one invoice."""
    found = _chosen(_list(session), invoice_id)
    names = {field: field.title or field.name.replace("_", " ").capitalize() for field in FIELDS}
    session.report_record(found, {name: text(field.value(found)) for field, name in names.items()})


@command("invoices open", more="The link leads to the payment provider; such links expire.")
def open_(session: Session, *, invoice_id: str = ID) -> None:
    """Open the PDF of an invoice in the browser."""
    url = _chosen(_list(session), invoice_id).invoice_pdf
    if not url or not url.startswith(("https://", "http://127.0.0.1:", "http://localhost:")):
        raise CommandError(ExitCode.REFUSED, f"The invoice {invoice_id} has no PDF that can be opened.")
    if typer.launch(url):
        raise CommandError(ExitCode.REFUSED, "No browser could be started.", f"Open it yourself: {url}")


@command(
    "invoices download",
    fields=SAVED_FIELDS,
    more="Files that are there are kept. Links expire; list the invoices again then.",
)
def download(
    session: Session,
    *,
    invoice_ids: list[str] | None = argument("[ID]...", "Which. By default all that the API lists."),
    to: Path = option("--to FOLDER", "Save them there.", default=Path()),
) -> ExitCode:
    """Save the PDFs of invoices."""
    from aig_billing_monitor.invoice_files import save_invoices

    listed = _list(session)
    wanted = [_chosen(listed, one) for one in invoice_ids] if invoice_ids else listed
    try:
        to.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"{to} cannot be made: {error.strerror}.") from None
    done: list[SavedInvoice] = []
    for saved in save_invoices(wanted, to):
        done.append(saved)
        session.terminal.info(f"{len(done)} of {len(wanted)}: {saved.invoice_id}: {saved.reason or saved.state}")
    session.report_list(done, empty="There are no invoices yet.")
    return ExitCode.REFUSED if any(saved.state == "failed" for saved in done) else ExitCode.OK


def _list(session: Session) -> list[Invoice]:
    return session.ask("Asking for the invoices", session.billing.invoice_history, type="all").invoices


def _chosen(listed: list[Invoice], invoice_id: str) -> Invoice:
    for invoice in listed:
        if invoice.id == invoice_id:
            return invoice
    raise UsageError(
        f"The API lists no invoice {invoice_id}.",
        "`aig-billing invoices` shows those it lists: the newest ones only.",
    )


@command(
    "invoices preview",
    fields=LINE_FIELDS,
    summary=PREVIEW_FIELDS,
    more="With -o json the lines stand beside the invoice's own amounts and period.",
)
def preview(session: Session) -> None:
    """Show the next invoice: its lines by cost, with shares."""
    answer = session.ask("Asking for the preview", session.billing.invoice_preview)
    lines = sorted(answer.invoice_lines, key=lambda line: line.amount, reverse=True)
    total = _total(answer)
    credited = sum(map(_credited, lines), Money(0, total.currency))
    rows = [_line_row(line, total.amount) for line in lines]

    def layout() -> list[Part]:
        from ..output.tables import rows_table

        pairs: dict[str, Words] = {
            "Period": f"{day(answer.period_start_datetime)} to {day(answer.period_end_datetime)}",
            "Total": str(total),
            "From credit": str(credited),
            "Still to pay": str(answer.amount_remaining_money),
            "Status": answer.status,
        }
        shown = [_with_units(row) for row in rows]
        table = rows_table(LINE_FIELDS, shown, session.terminal.out.width) if rows else "Nothing has been used yet."
        return [table, "", pairs]

    session.report(rows, layout, name="lines", summary=answer)


def _total(answer: BillingInvoicePreviewResponse) -> Money:
    return sum((line.amount_money for line in answer.invoice_lines), Money(0, answer.amount_due_money.currency))


def _line_row(line: InvoiceLine, total: Decimal) -> Row:
    amount = line.amount_money
    return {
        "description": line.description,
        "quantity": _number(line.quantity),
        "unit_price_dollars": line.pricing.unit_amount_decimal,
        "amount": amount,
        "share_percent": (amount.amount * 100 / total).quantize(Decimal("0.1")) if total else None,
        "credits": _credited(line),
        "currency": line.currency,
        "period_start": line.period.start_datetime,
        "period_end": line.period.end_datetime,
    }


def _credited(line: InvoiceLine) -> Money:
    taken = (credit.amount_money for credit in line.pretax_credit_amounts or [])
    return sum(taken, Money(0, line.amount_money.currency))


def _with_units(row: Row) -> Row:
    price = row["unit_price_dollars"]
    return {**row, "share_percent": f"{row['share_percent']} %", "unit_price_dollars": f"${price}" if price else None}


def _number(value: float | None) -> Value:
    """Return a count exactly as the API wrote it."""
    return None if value is None else Decimal(str(value))
