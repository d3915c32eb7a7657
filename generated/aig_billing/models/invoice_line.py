# Made by `make gen`: do not edit. CONTRIBUTING.md says where a change belongs.
"""InvoiceLine: One line of the next invoice. Since September 2026 there is one line a model
(`provider/model`) with its total cost, without quantities and unit prices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aig_billing_runtime.model import Model, money_of, prop

if TYPE_CHECKING:
    from .invoice_line_period import InvoiceLinePeriod
    from .invoice_line_pricing import InvoiceLinePricing
    from .pretax_credit_amount import PretaxCreditAmount


class InvoiceLine(Model):
    """One line of the next invoice. Since September 2026 there is one line a model (`provider/model`) with its
    total cost, without quantities and unit prices."""

    amount: float = prop(unit="cents")
    """Total of the line, in cents (unconfirmed) with fractions of a cent."""
    amount_money = money_of(amount)
    """`amount`, exactly, as money."""
    currency: str = prop()
    """Currency of the amounts, as an ISO 4217 code. What is called cents is the smallest unit of the currency:
    a hundredth in USD, the whole in JPY, a thousandth in KWD."""
    description: str | None = prop()
    """What the line is for; a line of usage since September 2026 says `provider/model`."""
    period: InvoiceLinePeriod = prop()
    """The time that a line is for."""
    pricing: InvoiceLinePricing = prop()
    """How a line is priced."""
    quantity: float = prop()
    """How many units the line is for."""
    pretax_credit_amounts: list[PretaxCreditAmount] | None = prop(default=None)
    """Credits taken off the line before tax."""
