# Made by `make gen`: do not edit. CONTRIBUTING.md says where a change belongs.
"""PaymentMethod: A card on file."""

from __future__ import annotations

from aig_billing_runtime.model import Model, prop


class PaymentMethod(Model):
    """A card on file."""

    brand: str | None = prop(default=None)
    """Brand of the card."""
    last4: str | None = prop(default=None)
    """Last four digits of the card's number."""
