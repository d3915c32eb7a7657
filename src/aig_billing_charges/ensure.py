"""Keeping a balance: topping up when it is low, and never on top of a charge that it does not show yet."""

from __future__ import annotations

import datetime as dt
import functools
import time
from decimal import Decimal
from typing import TYPE_CHECKING, Literal, TypeAlias

from attrs import frozen

from aig_billing_runtime.arguments import flag, integer
from aig_billing_runtime.errors import ChargeError, ChargeInProgress, ChargeNotFound
from aig_billing_runtime.flow import Flow, Run
from aig_billing_runtime.money import Money

from .billing import Billing, billing_of
from .identity import LONGEST_KEY, check_key
from .journal_url import JournalLike, open_journal
from .once import charge_once, checked_request
from .record import ChargeRecord, TopupOutcome, outcome_of
from .settling import outcome_or_error, settle_charge
from .waiting import seconds_to_wait, wait_for_payment

if TYPE_CHECKING:
    from aig_billing import AsyncClient, Client
    from aig_billing.models import BillingCreditBalanceResponse

    from .journal import AccountView, Journal

Action: TypeAlias = Literal["enough", "topped_up", "pending"]

_DAY_MS = 86_400_000
_ROUNDS = 8
_ROOM_FOR_DATE_AND_NUMBER = 20


@frozen(kw_only=True)
class EnsureOutcome:
    """What `ensure` found and did.

    Attributes:
        action: `enough` when the balance was not below; `topped_up` when this call charged; `pending` when an earlier charge, or one of
            another machine, is under way or not paid yet, so that the balance does not show it.
        balance: The balance that was seen, in cents with their fraction.
        topup: The charge that was made, or that is pending; None when there is none, or when it is still being sent.
    """

    action: Action
    balance: Decimal
    topup: TopupOutcome | None = None

    @property
    def balance_money(self) -> Money:
        """`balance`, exactly, as money."""
        return Money(self.balance / 100)


def ensure(
    client: Client | AsyncClient,
    *,
    at_least: int,
    amount: int,
    key_prefix: str,
    max_per_day: int,
    allow_auto_topup: bool,
    journal: JournalLike | None,
    wait: bool | float,
    account_id: str | None,
) -> Flow[EnsureOutcome]:
    """Top up when the balance is low: `TopupMixin.ensure`."""
    floor = integer("at_least", at_least, minimum=0, unit="cents")
    prefix = check_key(key_prefix, "key_prefix", LONGEST_KEY - _ROOM_FOR_DATE_AND_NUMBER)
    most = integer("max_per_day", max_per_day, minimum=1, maximum=1000)
    allowed, timeout = flag("allow_auto_topup", allow_auto_topup), seconds_to_wait(wait)
    billing = billing_of(client)
    account = billing.account(account_id)
    billing.charge(account, amount)
    opened: Journal = yield Run(functools.partial(open_journal, journal))
    from .journal import AccountChanged

    for _ in range(_ROUNDS):
        # The order matters: a charge that moves after this view was taken changes the account's version, and the claim is refused.
        day, keys = yield from _today(opened, prefix, most)
        view: AccountView = yield Run(functools.partial(opened.view, account, since_ms=day, keys=keys))
        answer = yield from billing.balance(account, time.monotonic() + billing.deadline)
        balance = Decimal(str(answer.balance))
        if balance >= floor:
            return EnsureOutcome(action="enough", balance=balance)
        if not allowed and _auto_topup_is_on(answer):
            raise ChargeError(
                f"The balance is {_shown(balance)}, and auto top-up is on: it may buy at the same moment. Switch it off, or pass "
                "allow_auto_topup=True. Nothing was charged.",
                account_id=account,
                amount=amount,
            )
        unsettled = [record for record in view.records if record.is_unsettled() or record.is_under_way(view.now_ms)]
        if unsettled:
            pending = yield from _settle_all(billing, opened, unsettled)
            if pending is not None:
                topup = None if pending.state in {"intent", "sending"} else outcome_of(pending)
                return EnsureOutcome(action="pending", balance=balance, topup=topup)
            continue
        _refuse_after_not_found(view, day, balance)
        key = _next_key(view, keys, balance, account, amount)
        request = checked_request(billing, key, amount, None, account)
        try:
            charged = yield from charge_once(billing, opened, request, view.version)
        except AccountChanged:
            continue
        outcome = yield from wait_for_payment(billing, opened, charged, timeout)
        return EnsureOutcome(action="pending" if charged.replayed else "topped_up", balance=balance, topup=outcome)
    raise ChargeInProgress(
        "The charges of this account keep changing while the balance is looked at: try again later. This call charged nothing.",
        account_id=account,
        amount=amount,
    )


def _today(opened: Journal, prefix: str, most: int) -> Flow[tuple[int, tuple[str, ...]]]:
    """Give the start of the UTC day, and its keys, by the journal's clock: machines whose clocks differ agree on it."""
    now_ms: int = yield Run(opened.now_ms)
    date = dt.datetime.fromtimestamp(now_ms / 1000, dt.UTC).date()
    return now_ms - now_ms % _DAY_MS, tuple(f"{prefix}-{date.isoformat()}-{number}" for number in range(1, most + 1))


def _auto_topup_is_on(answer: BillingCreditBalanceResponse) -> bool:
    config = answer.topup_config
    # Switched off, it comes as 0 or null; one that the service has disabled after failures buys nothing either.
    return bool(config.amount) and not config.disabled_reason


def _settle_all(billing: Billing, opened: Journal, records: list[ChargeRecord]) -> Flow[ChargeRecord | None]:
    """Settle what can be settled; give a charge that is still on its way, None when all have ended.

    Raises:
        ChargeOutcomeUnknown: When one of them stays unknown.
    """
    pending: ChargeRecord | None = None
    for record in records:
        settled = yield from settle_charge(billing, opened, record.account_id, record.key)
        if settled.record.state in {"unknown", "sending"} and not settled.under_way:
            outcome_or_error(settled)
        if settled.under_way or settled.record.state == "sent":
            pending = settled.record
    return pending


def _refuse_after_not_found(view: AccountView, day: int, balance: Decimal) -> None:
    for record in view.records:
        if record.state == "not_found" and record.changed_ms >= day:
            raise ChargeNotFound(
                f"The charge {record.key!r} of {Money.from_cents(record.amount)} was sent and left no invoice. The balance is "
                f"{_shown(balance)}, but nothing more is charged today: look at the invoices, and charge by hand if you want to.",
                account_id=record.account_id,
                amount=record.amount,
                key=record.key,
            )


def _next_key(view: AccountView, keys: tuple[str, ...], balance: Decimal, account: str, amount: int) -> str:
    """Give the first of the day's keys under which nothing was sent yet."""
    used = {record.key: record for record in view.records if record.state != "intent"}
    for key in keys:
        if key not in used:
            return key
    last = used[keys[-1]]
    raise ChargeError(
        f"The balance is {_shown(balance)}, and the charges that this day may see are used up ({len(keys)}; the last, {last.key!r}, is "
        f"{last.state.replace('_', ' ')}). Nothing was charged.",
        account_id=account,
        amount=amount,
        key=last.key,
    )


def _shown(balance: Decimal) -> str:
    return str(Money(balance / 100))
