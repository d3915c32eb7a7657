# Made by `make gen`: do not edit. CONTRIBUTING.md says where a change belongs.
"""PretaxCreditAmount: One credit taken off a line before tax."""

from __future__ import annotations

from aig_billing_runtime.model import Model, money_of, prop


class PretaxCreditAmount(Model):
    """One credit taken off a line before tax."""

    amount: float = prop(unit="cents")
    """Size of the credit, in cents (unconfirmed) with fractions of a cent."""
    amount_money = money_of(amount)
    """`amount`, exactly, as money."""
    type: str = prop()
    """What kind of credit it is."""
    credit_balance_transaction: str | None = prop(default=None, nullable=True)
    """Id of the credit balance transaction behind the credit."""
    discount: str | None = prop(default=None, nullable=True)
    """Id of the discount behind the credit."""
