"""The state of auto top-up, as two answers of the API show it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from aig_billing import Money
from attrs import frozen

from .output import formatting

if TYPE_CHECKING:
    from aig_billing.models import ConfigGetResponse, TopupConfig


@frozen
class AutoTopup:
    """How auto top-up is set, and whether it works."""

    amount: Money | None = None
    threshold: Money | None = None
    disabled_reason: str | None = None
    error: str | None = None
    last_failed_at: dt.datetime | None = None

    @classmethod
    def of(cls, config: TopupConfig | ConfigGetResponse) -> AutoTopup:
        """Read it; an amount of 0 or null means that it is off."""
        threshold = config.threshold if config.amount else None
        return cls(
            amount=Money.from_cents(config.amount) if config.amount else None,
            threshold=None if threshold is None else Money.from_cents(threshold),
            disabled_reason=config.disabled_reason or None,
            error=config.error or None,
            last_failed_at=config.last_failed_at_datetime if config.error else None,
        )

    @property
    def is_set(self) -> bool:
        """Whether it is set at all."""
        return self.amount is not None

    @property
    def state(self) -> str:
        """`off`, `on`, `failing` (it will try again) or `stopped` (it will not)."""
        if self.disabled_reason:
            return "stopped"
        if not self.is_set:
            return "off"
        return "failing" if self.error else "on"

    def sentence(self) -> str:
        """Describe it in words."""
        if self.state == "off":
            return "off"
        buys = f"buys {self.amount} when the balance falls below {self.threshold}" if self.is_set else ""
        if self.state == "on":
            return buys
        failed = f"{self.state}: {formatting.safe(self.error or self.disabled_reason or '')}"
        when = f" (last on {formatting.text(self.last_failed_at)})" if self.last_failed_at else ""
        return f"{failed}{when}{f'; {buys}' if buys else ''}"
