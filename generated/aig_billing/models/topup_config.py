# Made by `make gen`: do not edit. CONTRIBUTING.md says where a change belongs.
"""TopupConfig: The settings and the state of auto top-up. When it is off, `amount` and `threshold` are 0
or null; the other fields may be absent at any time."""

from __future__ import annotations

from aig_billing_runtime.model import Model, datetime_of, money_of, prop


class TopupConfig(Model):
    """The settings and the state of auto top-up. When it is off, `amount` and `threshold` are 0 or null; the
    other fields may be absent at any time."""

    amount: float | None = prop(unit="cents")
    """How much one auto top-up buys, in cents (unconfirmed); 0 or null when auto top-up is off."""
    amount_money = money_of(amount)
    """`amount`, exactly, as money."""
    threshold: float | None = prop(unit="cents")
    """Balance below which an auto top-up is made, in cents (unconfirmed); 0 or null when auto top-up is off."""
    threshold_money = money_of(threshold)
    """`threshold`, exactly, as money."""
    disabled_reason: str | None = prop(name="disabledReason", default=None, nullable=True)
    """Why auto top-up was switched off."""
    error: str | None = prop(default=None, nullable=True)
    """What went wrong with auto top-up."""
    last_failed_at: float | None = prop(name="lastFailedAt", default=None, nullable=True, unit="unix-auto")
    """When an auto top-up last failed, in Unix seconds or milliseconds (which of them is unconfirmed)."""
    last_failed_at_datetime = datetime_of(last_failed_at)
    """`last_failed_at`, as an aware datetime in UTC."""
