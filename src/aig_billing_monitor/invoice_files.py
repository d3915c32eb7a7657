"""Saves the PDFs of invoices, each whole or not at all."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

import httpx
from attrs import frozen

if TYPE_CHECKING:
    from aig_billing.models import Invoice

Saved: TypeAlias = Literal["saved", "there already", "no PDF", "failed"]

_SECONDS = 60.0
_LARGEST_BYTES = 50_000_000
_LOOPBACK = ("127.0.0.1", "localhost", "[::1]", "::1")


@frozen
class SavedInvoice:
    """What became of the PDF of one invoice."""

    invoice_id: str
    state: Saved
    path: Path | None
    reason: str = ""
    """Why it failed."""


def save_invoices(invoices: Iterable[Invoice], folder: Path) -> Iterator[SavedInvoice]:
    """Save the PDFs of invoices into a folder that exists; gives each as it is done. Files that are there are kept.

    The links lead to the payment provider: no credentials are sent there.
    """
    with httpx.Client(timeout=_SECONDS, follow_redirects=True, max_redirects=5) as client:
        for invoice in invoices:
            yield _save(client, invoice, folder)


def file_name(invoice: Invoice) -> str:
    """Give the name of an invoice's file, as in `2026-10-05-in_1Nv.pdf`; nothing in it leads out of a folder."""
    date = f"{invoice.created_datetime:%Y-%m-%d}" if invoice.created_datetime else "undated"
    return f"{date}-{re.sub(r'[^A-Za-z0-9_-]', '_', invoice.id or 'invoice')[:100]}.pdf"


def _save(client: httpx.Client, invoice: Invoice, folder: Path) -> SavedInvoice:
    name, path = invoice.id or "", folder / file_name(invoice)
    if path.exists():
        return SavedInvoice(name, "there already", path)
    if not invoice.invoice_pdf:
        return SavedInvoice(name, "no PDF", None)
    try:
        content = _fetch(client, invoice.invoice_pdf)
        _write(path, content)
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, OSError) as error:
        return SavedInvoice(name, "failed", None, " ".join(str(error).split())[:200] or type(error).__name__)
    return SavedInvoice(name, "saved", path)


def _fetch(client: httpx.Client, url: str) -> bytes:
    with client.stream("GET", url) as answer:
        answer.raise_for_status()
        for one in (*answer.history, answer):
            if one.url.scheme != "https" and one.url.host not in _LOOPBACK:
                raise ValueError(f"its link does not use https: {one.url.scheme}://{one.url.host}")
        content = bytearray()
        for part in answer.iter_bytes():
            content += part
            if len(content) > _LARGEST_BYTES:
                raise ValueError(f"it is larger than {_LARGEST_BYTES // 1_000_000} MB")
    if not content.startswith(b"%PDF"):
        raise ValueError("what its link leads to is not a PDF; such links expire, list the invoices again")
    return bytes(content)


def _write(path: Path, content: bytes) -> None:
    """Write a file so that nobody sees a part of it under its name."""
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".aig-billing-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
