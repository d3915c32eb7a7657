"""An invoice as a page of PDF, so that the link in the invoice history leads somewhere."""

import sqlite3

from aig_billing_sandbox.clock import moment_of

_LINE_POINTS = 22


def invoice_pdf(books: sqlite3.Connection, invoice_id: str) -> bytes | None:
    """The invoice's page, or None when there is no such invoice."""
    row = books.execute(
        "SELECT invoices.*, brand, last4 FROM invoices JOIN cards ON cards.id = card_id WHERE invoices.id = ?",
        (invoice_id,),
    ).fetchone()
    if row is None:
        return None
    credit, tax = row["credit_cents"], row["tax_cents"]
    return _page(
        [
            "AI Gateway credit (sandbox: nobody owes this)",
            "",
            f"Invoice {row['id']}",
            f"Date {moment_of(row['created_ms']):%d %B %Y, %H:%M} UTC",
            f"For {row['created_by']}, paid by {row['brand']} ending in {row['last4']}",
            "",
            f"Credit: {_dollars(credit)}",
            f"Tax: {_dollars(tax)}",
            f"Total: {_dollars(credit + tax)}",
            f"Status: {row['status']}",
        ]
    )


def _dollars(cents: int) -> str:
    return f"${cents // 100}.{cents % 100:02}"


def _page(lines: list[str]) -> bytes:
    """One page of text in a font that every reader has; the five objects that PDF asks for, and where they stand."""
    shown = b"".join(b"(%s) ' " % _escaped(line) for line in lines)
    content = b"BT /F1 14 Tf %d TL 72 770 Td %sET" % (_LINE_POINTS, shown)
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    )
    file = b"%PDF-1.4\n"
    places: list[int] = []
    for number, body in enumerate(objects, 1):
        places.append(len(file))
        file += b"%d 0 obj%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    tail = b"xref\n0 6\n0000000000 65535 f \n%strailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (
        table,
        len(file),
    )
    return file + tail


def _escaped(line: str) -> bytes:
    text = line.encode("latin-1", "replace")
    return text.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
