"""What one check of an account gives: a reading, or the reason why there is none."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Literal, TypeAlias

from aig_billing import Money
from attrs import field, frozen

from .forecast import Forecast
from .usage import Window

AutoTopupState: TypeAlias = Literal["off", "on", "failing", "stopped"]
FailureKind: TypeAlias = Literal["credentials", "unreadable"]


@frozen
class Account:
    """An account that is watched, and the name under which people know it."""

    account_id: str
    profile: str = ""

    def __str__(self) -> str:
        return f"{self.profile} ({self.account_id})" if self.profile else self.account_id


@frozen
class UsageSummary:
    """Usage up to now, and the forecast from it."""

    last_day: Money
    """Of the last 24 hours, from a whole hour."""
    last_week: Money
    """Of the last seven days, from a whole hour."""
    forecast: Forecast


@frozen
class SpendLimit:
    """A spend limit that is on: a gateway's rule, or the account's own (deprecated), whose gateway and rule are empty."""

    gateway: str
    rule: str
    limit: Money


@frozen
class Detail:
    """What is read of an account once an hour: the hours of usage that the forecast needs, and the spend limits."""

    read_at: dt.datetime
    hours: tuple[Window, ...]
    limits: tuple[SpendLimit, ...]


@frozen(kw_only=True)
class Reading:
    """What was read of an account."""

    account: Account
    at: dt.datetime
    balance: Money
    auto_topup: AutoTopupState
    auto_topup_error: str = ""
    """Why auto top-up fails or has stopped, in the service's words."""
    usage: UsageSummary | None = None
    """None when usage could not be read, though the balance could."""
    spend_limits: tuple[SpendLimit, ...] = ()
    charges_unknown: int | None = None
    """How many charges of the journal have an outcome that is not known; None without a journal."""
    requests_left: int | None = None
    """How many requests the rate limit leaves."""

    @property
    def days_left(self) -> Decimal | None:
        """How long the balance lasts; None when that is not known, or nothing uses it up."""
        return self.usage.forecast.days_left if self.usage else None


@frozen(kw_only=True)
class FailedReading:
    """Why an account could not be read."""

    account: Account
    at: dt.datetime
    kind: FailureKind
    """`credentials` when there are none or the API refused them, which only a person can mend; `unreadable` for the rest."""
    reason: str = field(repr=False)


Outcome: TypeAlias = Reading | FailedReading
