"""How auto top-up stands, from the three places in which the API tells it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Protocol

from aig_billing_runtime.money import Money

from .output import shown


class AutoTopupLike(Protocol):
    """What the generated `TopupConfig` and `ConfigGetResponse` share."""

    amount: float | None
    threshold: float | None
    disabled_reason: str | None
    error: str | None

    @property
    def last_failed_at_datetime(self) -> dt.datetime | None:
        """When it last failed."""


@dataclass(frozen=True)
class AutoTopup:
    """How auto top-up is set, and how it fares."""

    amount: Money | None
    threshold: Money | None
    disabled_reason: str | None
    error: str | None
    last_failed_at: dt.datetime | None

    @classmethod
    def of(cls, config: AutoTopupLike) -> AutoTopup:
        """Read it; an amount of 0 or null means that it is off."""
        on = bool(config.amount)
        return cls(
            amount=Money.from_cents(config.amount) if on and config.amount is not None else None,
            threshold=Money.from_cents(config.threshold) if on and config.threshold is not None else None,
            disabled_reason=config.disabled_reason or None,
            error=config.error or None,
            last_failed_at=config.last_failed_at_datetime if config.last_failed_at_datetime and config.error else None,
        )

    @property
    def is_set(self) -> bool:
        """Whether there is one at all."""
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
        """Say it in words."""
        if self.state == "off":
            return "off"
        buys = f"buys {self.amount} when the balance falls below {self.threshold}" if self.is_set else ""
        if self.state == "on":
            return buys
        failed = f"{self.state}: {shown.safe(self.error or self.disabled_reason or '')}"
        when = f" (last on {shown.moment(self.last_failed_at).strip()})" if self.last_failed_at else ""
        return f"{failed}{when}{f'; {buys}' if buys else ''}"
