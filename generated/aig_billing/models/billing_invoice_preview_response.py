# Made by `make gen`: do not edit. CONTRIBUTING.md says where a change belongs.
"""BillingInvoicePreviewResponse: The next invoice as it would be now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from aig_billing_runtime.model import Model, datetime_of, money_of, prop

if TYPE_CHECKING:
    from .invoice_line import InvoiceLine


class BillingInvoicePreviewResponse(Model):
    """The next invoice as it would be now."""

    id: str = prop()
    """Id of the preview."""
    amount_due: float = prop(unit="cents")
    """The total of the next invoice, in cents (unconfirmed) with fractions of a cent."""
    amount_due_money = money_of(amount_due)
    """`amount_due`, exactly, as money."""
    amount_paid: float = prop(unit="cents")
    """The part that is paid already, in cents (unconfirmed) with fractions of a cent."""
    amount_paid_money = money_of(amount_paid)
    """`amount_paid`, exactly, as money."""
    amount_remaining: float = prop(unit="cents")
    """The part that would still be to pay, in cents (unconfirmed) with fractions of a cent."""
    amount_remaining_money = money_of(amount_remaining)
    """`amount_remaining`, exactly, as money."""
    currency: str = prop()
    """Currency of the amounts, as an ISO 4217 code. What is called cents is the smallest unit of the currency:
    a hundredth in USD, the whole in JPY, a thousandth in KWD."""
    invoice_lines: list[InvoiceLine] = prop()
    """What the invoice is made up of."""
    period_end: float = prop(unit="unix-s")
    """When the invoice's period ends, in Unix seconds."""
    period_end_datetime = datetime_of(period_end)
    """`period_end`, as an aware datetime in UTC."""
    period_start: float = prop(unit="unix-s")
    """When the invoice's period starts, in Unix seconds."""
    period_start_datetime = datetime_of(period_start)
    """`period_start`, as an aware datetime in UTC."""
    status: Literal["draft", "open", "paid", "uncollectible", "void"] | str = prop()
    """How far the invoice is."""
