# Made by `make gen`: do not edit. CONTRIBUTING.md says where a change belongs.
"""Invoice: A past invoice. It may include the 5 % fee and tax, so its amounts may differ from the amount
of its top-up."""

from __future__ import annotations

from aig_billing_runtime.model import Model, datetime_of, money_of, prop


class Invoice(Model):
    """A past invoice. It may include the 5 % fee and tax, so its amounts may differ from the amount of its
    top-up."""

    amount_due: float = prop(unit="cents")
    """The total of the invoice, in cents (unconfirmed)."""
    amount_due_money = money_of(amount_due)
    """`amount_due`, exactly, as money."""
    amount_paid: float = prop(unit="cents")
    """The part that is paid, in cents (unconfirmed)."""
    amount_paid_money = money_of(amount_paid)
    """`amount_paid`, exactly, as money."""
    amount_remaining: float = prop(unit="cents")
    """The part that is still to be paid, in cents (unconfirmed)."""
    amount_remaining_money = money_of(amount_remaining)
    """`amount_remaining`, exactly, as money."""
    currency: str = prop()
    """Currency of the amounts, as an ISO 4217 code. What is called cents is the smallest unit of the currency:
    a hundredth in USD, the whole in JPY, a thousandth in KWD."""
    id: str | None = prop(default=None, nullable=True)
    """Id of the invoice."""
    attempt_count: float | None = prop(default=None)
    """How many times payment was tried."""
    attempted: bool | None = prop(default=None)
    """Whether payment was tried at all."""
    auto_advance: bool | None = prop(default=None, nullable=True)
    """Whether the invoice moves on to collection by itself."""
    created: float | None = prop(default=None, unit="unix-s")
    """When the invoice was made, in Unix seconds."""
    created_datetime = datetime_of(created)
    """`created`, as an aware datetime in UTC."""
    created_by: str | None = prop(default=None)
    """Who or what made the invoice."""
    description: str | None = prop(default=None, nullable=True)
    """Text on the invoice."""
    invoice_origin: str | None = prop(default=None)
    """What the invoice came from."""
    invoice_pdf: str | None = prop(default=None, nullable=True)
    """Where the invoice can be had as a PDF."""
    status: str | None = prop(default=None, nullable=True)
    """How far the invoice is."""
