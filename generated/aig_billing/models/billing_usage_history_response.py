# Made by `make gen`: do not edit. CONTRIBUTING.md says where a change belongs.
"""BillingUsageHistoryResponse: Usage over a range of time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aig_billing_runtime.model import Model, prop

if TYPE_CHECKING:
    from .history import History


class BillingUsageHistoryResponse(Model):
    """Usage over a range of time."""

    history: list[History] = prop()
    """One record for each window."""
