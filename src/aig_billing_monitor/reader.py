"""Reads one account: the balance at each check, usage and spend limits once an hour, since they cost requests of their own."""

from __future__ import annotations

import contextlib
import datetime as dt
import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from aig_billing import (
    APIError,
    APIStatusError,
    CloudflareError,
    CredentialsError,
    JournalError,
    Money,
    PermissionDeniedError,
    RateLimitError,
)
from attrs import define, field

from .forecast import RATE_TIME, forecast, forecast_range
from .rate_gate import RateGate
from .readings import (
    Account,
    AutoTopupState,
    Detail,
    FailedReading,
    FailureKind,
    Outcome,
    Reading,
    SpendLimit,
    UsageSummary,
)
from .service_clock import service_time
from .threads import in_daemon_thread
from .usage import Window, read_windows, used_since, window_start

if TYPE_CHECKING:
    from aig_billing import AsyncClient, Journal
    from aig_billing.models import TopupConfig

_DETAIL_EVERY = dt.timedelta(hours=1)
_CLOSED_SECONDS = 300.0
_DAY = dt.timedelta(days=1)
_NEVER_MS = 2**62
_GATEWAYS = 100
_log = logging.getLogger("aig_billing.monitor")


class DetailStore(Protocol):
    """Where details are remembered, by account: a dictionary, or the roster of a fleet. Both may block."""

    def get(self, account_id: str, /) -> Detail | None:
        """Give what was last read of an account."""

    def __setitem__(self, account_id: str, detail: Detail, /) -> None:
        """Remember what was read."""


@define(eq=False)
class AccountReader:
    """Reads accounts with one client, that is with one token."""

    client: AsyncClient
    """Its own account does not matter."""
    gate: RateGate
    journal: Journal | None = None
    """Of its charges, those whose outcome is not known are counted."""
    details: DetailStore = field(factory=dict[str, Detail])

    async def read(self, account: Account) -> Outcome:
        """Read an account; what goes wrong is part of the outcome."""
        try:
            return await self._read(account)
        except CloudflareError as error:
            if isinstance(error, RateLimitError):
                await self.gate.close(error.retry_after or _CLOSED_SECONDS)
            at = service_time(error.headers if isinstance(error, APIError) else {})
            return FailedReading(account=account, at=at, kind=failure_kind(error), reason=reason_of(error))

    async def _read(self, account: Account) -> Reading:
        await self.gate.wait()
        billing = self.client.ai_gateway.billing
        answer = await billing.with_raw_response.credit_balance(account_id=account.account_id)
        await self.gate.observe(answer.ratelimit)
        now = service_time(answer.headers)
        credit = answer.parse()
        detail = await self._detail(account, now)
        auto = credit.topup_config
        return Reading(
            account=account,
            at=now,
            balance=credit.balance_money,
            auto_topup=auto_topup_state(auto),
            auto_topup_error=auto.error or auto.disabled_reason or "",
            usage=summarize(credit.balance_money, detail.hours, now) if detail else None,
            spend_limits=detail.limits if detail else (),
            charges_unknown=await self._unknown_charges(account.account_id),
            requests_left=answer.ratelimit.remaining if answer.ratelimit else None,
        )

    async def _unknown_charges(self, account_id: str) -> int | None:
        journal = self.journal
        if journal is None:
            return None
        try:
            view = await in_daemon_thread(lambda: journal.view(account_id.lower(), since_ms=_NEVER_MS))
        except JournalError as error:
            # Nothing about the account: its balance has been read.
            _log.warning("%s", error)
            return None
        return sum(one.state in {"sending", "unknown"} and not one.is_under_way(view.now_ms) for one in view.records)

    async def _detail(self, account: Account, now: dt.datetime) -> Detail | None:
        """Give what was read within the hour, or read it. A failure is no reason to lose the balance that has been read."""
        known = await in_daemon_thread(lambda: self.details.get(account.account_id))
        if known is not None and now - known.read_at < _DETAIL_EVERY:
            return known
        start, end = forecast_range(now)
        try:
            await self.gate.wait()
            usage = await self.client.ai_gateway.billing.usage_history(
                value_grouping_window="hour", start_time=start, end_time=end, account_id=account.account_id
            )
            detail = Detail(now, tuple(read_windows(usage)), await self._limits(account))
        except APIError:
            return known

        def remember() -> None:
            self.details[account.account_id] = detail

        await in_daemon_thread(remember)
        return detail

    async def _limits(self, account: Account) -> tuple[SpendLimit, ...]:
        """Give the limits that are on: rules of gateways, and the account's own, which is deprecated; none where they cannot be read."""
        api = self.client.ai_gateway
        found: list[SpendLimit] = []
        with contextlib.suppress(APIError):
            await self.gate.wait()
            for gateway in await api.list(per_page=_GATEWAYS, account_id=account.account_id):
                limits = gateway.spend_limits
                rules = limits.rules if limits and limits.enabled else None
                # Rules without an id are known by their places.
                found += [
                    SpendLimit(gateway.id, rule.id or str(number), Money.from_number(rule.limit))
                    for number, rule in enumerate(rules or [])
                    if rule.enabled
                ]
        with contextlib.suppress(APIError):
            await self.gate.wait()
            own = await api.billing.spending_limit.get(account_id=account.account_id)
            if own.enabled and own.config.amount_money is not None:
                found.append(SpendLimit("", "", own.config.amount_money))
        return tuple(found)


def summarize(balance: Money, hours: Sequence[Window], now: dt.datetime) -> UsageSummary:
    """Add up usage, and give the forecast."""
    return UsageSummary(
        last_day=Money(used_since(hours, window_start(now - _DAY, "hour")) / 100),
        last_week=Money(used_since(hours, window_start(now - RATE_TIME, "hour")) / 100),
        forecast=forecast(balance.amount * 100, hours, now),
    )


def auto_topup_state(config: TopupConfig) -> AutoTopupState:
    """Say how auto top-up stands: `failing` will try again, `stopped` will not."""
    if config.disabled_reason:
        return "stopped"
    if not config.amount:
        return "off"
    return "failing" if config.error else "on"


def reason_of(error: CloudflareError) -> str:
    """Give the client's message without what people did not ask for: the request line, and that credentials came as arguments."""
    words = str(error.message).replace(" (from arguments)", "")
    if isinstance(error, APIError):
        words = words.removeprefix(f"{error.method} {error.path}").removeprefix(":").strip()
    return f"The API {words}" if words.startswith("answered ") else f"{words[:1].upper()}{words[1:]}"


def failure_kind(error: CloudflareError) -> FailureKind:
    """Tell credentials that only a person can mend from failures that may pass."""
    rejected = isinstance(error, APIStatusError) and error.credentials_rejected
    return "credentials" if rejected or isinstance(error, (CredentialsError, PermissionDeniedError)) else "unreadable"
