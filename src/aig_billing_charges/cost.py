"""What a top-up costs: the credit, and the fee that Cloudflare adds to every purchase of it."""

from __future__ import annotations

from attrs import frozen

from aig_billing_runtime import arguments
from aig_billing_runtime.money import Money

FEE_PERCENT = 5
"""Source: developers.cloudflare.com/ai-gateway/reference/pricing, Unified Billing."""
_LEAST_CENTS = 1000


@frozen
class TopupCost:
    """What a top-up costs before tax."""

    credit: Money
    """What the account gains."""
    fee: Money
    """What Cloudflare adds: 5 % of the credit, here rounded to whole cents, half up. How the service rounds is not published."""
    total: Money
    """What the card is charged, before tax."""

    def __str__(self) -> str:
        return f"{self.credit} credit + {FEE_PERCENT} % fee = {self.total}, tax may be added"


class Costs:
    """What `billing.topup` says about costs; the same for both clients, because nothing is sent."""

    __slots__ = ()

    def cost(self, *, amount: int) -> TopupCost:
        """Calculate what a top-up costs, without a request.

        Args:
            amount: How much credit to buy, in cents; 1000 cents or more.

        Returns:
            TopupCost: credit, fee and total; tax may be added to the total.

        Raises:
            ValueError, TypeError: When the amount is invalid.
        """
        cents = arguments.integer("amount", amount, minimum=_LEAST_CENTS, unit="cents")
        fee = (cents * FEE_PERCENT + 50) // 100
        return TopupCost(Money.from_cents(cents), Money.from_cents(fee), Money.from_cents(cents + fee))
