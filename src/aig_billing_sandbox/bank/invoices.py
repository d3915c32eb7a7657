"""Invoices as the API shows them: the history of past ones, a page of PDF for each, and a preview of the next."""

import sqlite3
from typing import Any, Literal

from aig_billing_sandbox.bank.accounts import owner_and_tax
from aig_billing_sandbox.bank.amounts import cents_as_json, percentage
from aig_billing_sandbox.bank.clock import datetime_of
from aig_billing_sandbox.bank.ids import derived_id
from aig_billing_sandbox.bank.ledger import balance_millicents
from aig_billing_sandbox.bank.usage import by_model, month_of

CURRENCY = "usd"


def history(
    db: sqlite3.Connection,
    account_id: str,
    kind: Literal["auto", "all", "manual"],
    *,
    at_ms: int,
    per_page: int,
    pdf_prefix: str,
) -> dict[str, Any]:
    """The newest invoices, as many as one page has; the API has no way to ask for another page."""
    where = "account_id = :account AND listed_ms <= :at AND (:kind = 'all' OR kind = :kind)"
    chosen = {"account": account_id, "at": at_ms, "kind": kind, "per_page": per_page}
    total = db.execute(f"SELECT COUNT(*) FROM invoices WHERE {where}", chosen).fetchone()[0]  # noqa: S608 - fixed text
    rows = db.execute(
        "SELECT invoices.*, (SELECT COUNT(*) FROM payments WHERE invoice_id = invoices.id) AS attempts"  # noqa: S608 - no value is put in
        f" FROM invoices WHERE {where} ORDER BY created_ms DESC, number DESC LIMIT :per_page",
        chosen,
    )
    return {
        "invoices": [_invoice(row, pdf_prefix) for row in rows],
        "pagination": {"has_more": total > per_page, "page": 1, "per_page": per_page, "total_count": total},
    }


def _invoice(row: sqlite3.Row, pdf_prefix: str) -> dict[str, Any]:
    due = row["credit_cents"] + row["fee_cents"] + row["tax_cents"]
    paid = due if row["status"] == "paid" else 0
    return {
        "id": row["id"],
        "amount_due": due,
        "amount_paid": paid,
        "amount_remaining": due - paid,
        "currency": CURRENCY,
        "attempt_count": row["attempts"],
        "attempted": row["attempts"] > 0,
        "auto_advance": row["kind"] == "auto",
        "created": row["created_ms"] // 1000,
        "created_by": row["created_by"],
        "description": "AI Gateway credit" + (", automatic top-up" if row["kind"] == "auto" else ", top-up"),
        "invoice_origin": row["kind"],
        "invoice_pdf": f"{pdf_prefix}{row['id']}.pdf",
        "status": row["status"],
    }


def preview(db: sqlite3.Connection, account_id: str, *, by_price: bool, at_ms: int) -> dict[str, Any]:
    """The draft of this calendar month's invoice, with the lines of its usage and the credit that has paid for them.

    Usage is prepaid, so credit covers every line but for what the balance is below zero; only that is due.
    """
    start_ms, end_ms = month_of(at_ms)
    lines = by_model(db, account_id, at_ms, by_price=by_price)
    uncovered = min(max(0, -balance_millicents(db, account_id)), sum(line["cost"] for line in lines))
    _, tax = owner_and_tax(db, account_id)
    due = uncovered + percentage(uncovered, tax)
    invoice_lines: list[dict[str, Any]] = []
    for number, line in enumerate(lines):
        open_part = min(uncovered, line["cost"])
        uncovered -= open_part
        invoice_lines.append(
            {
                "amount": cents_as_json(line["cost"]),
                "currency": CURRENCY,
                "description": line["model"],
                "period": {"start": start_ms // 1000, "end": end_ms // 1000},
                "pricing": {"unit_amount_decimal": line["price"]},
                "quantity": line["quantity"],
                "pretax_credit_amounts": [
                    {
                        "amount": cents_as_json(line["cost"] - open_part),
                        "type": "credit_balance_transaction",
                        "credit_balance_transaction": derived_id(db, "cbtxn_", account_id, start_ms, number),
                        "discount": None,
                    }
                ],
            }
        )
    return {
        "id": derived_id(db, "upcoming_in_", account_id, start_ms),
        "amount_due": cents_as_json(due),
        "amount_paid": 0,
        "amount_remaining": cents_as_json(due),
        "currency": CURRENCY,
        "invoice_lines": invoice_lines,
        "period_start": start_ms // 1000,
        "period_end": end_ms // 1000,
        "status": "draft",
    }


def invoice_pdf(db: sqlite3.Connection, invoice_id: str) -> bytes | None:
    """The invoice's page, or None when there is no such invoice."""
    row = db.execute(
        "SELECT invoices.*, brand, last4 FROM invoices JOIN cards ON cards.id = card_id WHERE invoices.id = ?",
        (invoice_id,),
    ).fetchone()
    if row is None:
        return None
    credit, fee, tax = row["credit_cents"], row["fee_cents"], row["tax_cents"]
    return _page(
        f"Sandbox invoice {row['id']} (nobody owes this): {row['status']}",
        f"{datetime_of(row['created_ms']):%d %B %Y, %H:%M} UTC, for {row['created_by']}",
        f"Paid by {row['brand']} ending in {row['last4']}",
        f"Credit: {_dollars(credit)}",
        f"Fee: {_dollars(fee)}",
        f"Tax: {_dollars(tax)}",
        f"Total: {_dollars(credit + fee + tax)}",
    )


def _dollars(cents: int) -> str:
    return f"${cents // 100}.{cents % 100:02}"


def _page(*lines: str) -> bytes:
    """One page of text. Without a table of offsets, which readers of PDF rebuild by themselves."""
    content = "".join(f"({line.translate({92: None, 40: '[', 41: ']'})}) ' " for line in lines)
    content = f"BT /F1 14 Tf 22 TL 72 770 Td {content}ET"
    return f"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>endobj
4 0 obj<</Length {len(content)}>>stream
{content}
endstream endobj
5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj
trailer<</Root 1 0 R>>
%%EOF
""".encode("latin-1", "replace")
