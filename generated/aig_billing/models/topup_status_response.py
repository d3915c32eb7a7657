# Made by `make gen`: do not edit. CONTRIBUTING.md says where a change belongs.
"""TopupStatusResponse: How far a top-up is."""

from __future__ import annotations

from typing import Literal

from aig_billing_runtime.model import Model, prop


class TopupStatusResponse(Model):
    """How far a top-up is."""

    payment_intent_id: str = prop()
    """Id of the top-up's Stripe invoice (`in_...`), despite the name; invoice history lists it under this id."""
    status: Literal["completed", "pending"] | str = prop()
    """State of the payment. Only `completed` says that it is paid. `pending` gives no reason: the payment may
    still be processed, wait for a confirmation by the card's owner (3-D Secure), or have failed."""
