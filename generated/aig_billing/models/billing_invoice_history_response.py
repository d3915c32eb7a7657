# Made by `make gen`: do not edit. CONTRIBUTING.md says where a change belongs.
"""BillingInvoiceHistoryResponse: One page of past invoices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aig_billing_runtime.model import Model, prop

if TYPE_CHECKING:
    from .invoice import Invoice
    from .pagination import Pagination


class BillingInvoiceHistoryResponse(Model):
    """One page of past invoices."""

    invoices: list[Invoice] = prop()
    """The invoices on this page."""
    pagination: Pagination = prop()
    """Which page of the invoices this is."""
