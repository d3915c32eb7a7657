"""An invoice as a page of PDF, so that the link in the invoice history leads somewhere."""

import sqlite3

from aig_billing_sandbox.bank.clock import datetime_of


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
