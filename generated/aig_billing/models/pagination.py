# Made by `make gen`: do not edit. CONTRIBUTING.md says where a change belongs.
"""Pagination: Which page of the invoices this is."""

from __future__ import annotations

from aig_billing_runtime.model import Model, prop


class Pagination(Model):
    """Which page of the invoices this is."""

    has_more: bool = prop()
    """Whether another page follows."""
    page: float = prop()
    """Number of this page."""
    per_page: float = prop()
    """How many invoices a page holds."""
    total_count: float = prop()
    """How many invoices there are on all pages."""
