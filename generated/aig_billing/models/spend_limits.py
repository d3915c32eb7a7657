# Made by `make gen`: do not edit. CONTRIBUTING.md says where a change belongs.
"""SpendLimits: What the calls of a gateway may cost. Past a limit, the gateway answers calls with 429 and
code 2045, without `Retry-After`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aig_billing_runtime.model import Model, prop

if TYPE_CHECKING:
    from .spend_limit_rule import SpendLimitRule


class SpendLimits(Model):
    """What the calls of a gateway may cost. Past a limit, the gateway answers calls with 429 and code 2045,
    without `Retry-After`."""

    enabled: bool | None = prop(default=None, nullable=True)
    """Whether the rules are applied. A call past the gateway's rate limit is answered 429 as well, with code
    2003; unified billing allows 200 requests a minute for one gateway."""
    rules: list[SpendLimitRule] | None = prop(default=None, nullable=True)
    """The rules, at most 20."""
