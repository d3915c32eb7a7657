# Made by `make gen`: do not edit. CONTRIBUTING.md says where a change belongs.
"""SpendingLimitConfig: What the spending limit says."""

from __future__ import annotations

from aig_billing_runtime.model import Model, money_of, prop


class SpendingLimitConfig(Model):
    """What the spending limit says."""

    amount: float | None = prop(unit="cents")
    """How much may be spent in one period, in cents (unconfirmed); null when there is no limit."""
    amount_money = money_of(amount)
    """`amount`, exactly, as money."""
    duration: str | None = prop()
    """Length of a period."""
    strategy: str | None = prop()
    """How periods are counted."""
