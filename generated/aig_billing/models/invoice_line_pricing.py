# Made by `make gen`: do not edit. CONTRIBUTING.md says where a change belongs.
"""InvoiceLinePricing: How a line is priced."""

from __future__ import annotations

from aig_billing_runtime.model import Model, prop


class InvoiceLinePricing(Model):
    """How a line is priced."""

    unit_amount_decimal: str | None = prop()
    """Price of one unit, as a decimal number of dollars (not cents) in a string, as users report. Null in
    invoices with one line a model, which are the rule since September 2026."""
