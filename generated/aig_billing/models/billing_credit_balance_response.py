# Made by `make gen`: do not edit. CONTRIBUTING.md says where a change belongs.
"""BillingCreditBalanceResponse: The account's credit, and how it is paid for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aig_billing_runtime.model import Model, money_of, prop

if TYPE_CHECKING:
    from .payment_method import PaymentMethod
    from .topup_config import TopupConfig


class BillingCreditBalanceResponse(Model):
    """The account's credit, and how it is paid for."""

    balance: float = prop(unit="cents")
    """Credit left, in cents (unconfirmed) with fractions of a cent: 640.19 is $6.4019. May be below zero."""
    balance_money = money_of(balance)
    """`balance`, exactly, as money."""
    has_default_payment_method: bool = prop()
    """Whether the account has a default way to pay."""
    payment_method: PaymentMethod | None = prop()
    """The card that pays, or null when there is none."""
    topup_config: TopupConfig = prop()
    """The settings and the state of auto top-up. When it is off, `amount` and `threshold` are 0 or null; the
    other fields may be absent at any time."""
    first_topup_success: bool | None = prop(default=None)
    """Whether a first top-up by hand has succeeded. Until it had, setting a spending limit was rejected (error
    code 1000, NO_MANUAL_TOPUP)."""
