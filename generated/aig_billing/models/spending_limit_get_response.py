# Made by `make gen`: do not edit. CONTRIBUTING.md says where a change belongs.
"""SpendingLimitGetResponse: The account's spending limit, and whether it is on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aig_billing_runtime.model import Model, prop

if TYPE_CHECKING:
    from .spending_limit_config import SpendingLimitConfig


class SpendingLimitGetResponse(Model):
    """The account's spending limit, and whether it is on."""

    config: SpendingLimitConfig = prop()
    """What the spending limit says."""
    enabled: bool = prop()
    """Whether the limit is on."""
