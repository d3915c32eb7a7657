# Made by `make gen`: do not edit. CONTRIBUTING.md says where a change belongs.
"""TopupCreateResponse: A top-up that was started."""

from __future__ import annotations

from aig_billing_runtime.model import Model, prop


class TopupCreateResponse(Model):
    """A top-up that was started."""

    client_secret: str | None = prop(secret=True)
    """Client secret of the Stripe PaymentIntent. Whether it is set says nothing about the state of the
    payment: ask for the status of the top-up."""
    onboarding: bool = prop()
    """Whether the user had been onboarded before."""
    payment_intent_id: str = prop()
    """Id of the top-up's Stripe invoice (`in_...`), despite the name; invoice history lists it under this id."""
    brand: str | None = prop(default=None)
    """Brand of the card, such as visa or mastercard."""
    last4: str | None = prop(default=None)
    """Last four digits of the card's number."""
