# Made by `make gen`: do not edit. CONTRIBUTING.md says where a change belongs.
"""TopupLimitsResponse: The smallest and the largest amount of a single top-up."""

from __future__ import annotations

from aig_billing_runtime.model import Model, money_of, prop


class TopupLimitsResponse(Model):
    """The smallest and the largest amount of a single top-up."""

    min_cents: int = prop(unit="cents")
    """Smallest top-up, in cents."""
    min_cents_money = money_of(min_cents)
    """`min_cents`, exactly, as money."""
    max_cents: int = prop(unit="cents")
    """Largest top-up, in cents."""
    max_cents_money = money_of(max_cents)
    """`max_cents`, exactly, as money."""
    currency: str = prop()
    """Currency of both, as an ISO 4217 code."""
