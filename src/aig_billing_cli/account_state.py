"""What answers of the API say of an account: the state of auto top-up, and how long the balance lasts."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, NamedTuple

from aig_billing import Money

from .output import formatting

if TYPE_CHECKING:
    from aig_billing.models import ConfigGetResponse, TopupConfig
    from aig_billing.resources import AiGatewayBillingResource

    from aig_billing_monitor.forecast import Forecast


class AutoTopup(NamedTuple):
    """How auto top-up is set, and whether it works."""

    amount: Money | None = None
    threshold: Money | None = None
    disabled_reason: str | None = None
    error: str | None = None
    last_failed_at: dt.datetime | None = None

    @classmethod
    def of(cls, config: TopupConfig | ConfigGetResponse) -> AutoTopup:
        """Read it; an amount of 0 or null means that it is off."""
        return cls(
            amount=config.amount_money if config.amount else None,
            threshold=config.threshold_money if config.amount else None,
            disabled_reason=config.disabled_reason or None,
            error=config.error or None,
            last_failed_at=config.last_failed_at_datetime if config.error else None,
        )

    @property
    def state(self) -> str:
        """`off`, `on`, `failing` (it will try again) or `stopped` (it will not)."""
        if self.disabled_reason:
            return "stopped"
        if self.amount is None:
            return "off"
        return "failing" if self.error else "on"

    def sentence(self) -> str:
        """Describe it in words."""
        if self.state == "off":
            return "off"
        buys = f"buys {self.amount} when the balance falls below {self.threshold}" if self.amount is not None else ""
        if self.state == "on":
            return buys
        failed = f"{self.state}: {formatting.safe(self.error or self.disabled_reason or '')}"
        when = f" (last on {formatting.text(self.last_failed_at)})" if self.last_failed_at else ""
        return f"{failed}{when}{f'; {buys}' if buys else ''}"


def read_forecast(billing: AiGatewayBillingResource, balance: Money, now: dt.datetime) -> Forecast:
    """Ask for the usage of the last days, and say how long a balance lasts; an APIError says that usage cannot be read."""
    from aig_billing_monitor.forecast import forecast, forecast_range
    from aig_billing_monitor.usage import read_windows

    start, end = forecast_range(now)
    history = billing.usage_history(value_grouping_window="hour", start_time=start, end_time=end)
    return forecast(balance.amount * 100, read_windows(history), now)
