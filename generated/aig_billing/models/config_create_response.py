# Made by `make gen`: do not edit. CONTRIBUTING.md says where a change belongs.
"""ConfigCreateResponse: How auto top-up was set."""

from __future__ import annotations

from aig_billing_runtime.model import Model, money_of, prop


class ConfigCreateResponse(Model):
    """How auto top-up was set."""

    amount: float = prop(unit="cents")
    """How much one auto top-up buys, in cents (unconfirmed)."""
    amount_money = money_of(amount)
    """`amount`, exactly, as money."""
    threshold: float = prop(unit="cents")
    """Balance below which an auto top-up is made, in cents (unconfirmed)."""
    threshold_money = money_of(threshold)
    """`threshold`, exactly, as money."""
