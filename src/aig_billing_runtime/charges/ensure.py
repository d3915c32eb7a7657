"""Keeping a balance: topping up when it is low, and never on top of a charge that it does not show yet."""

from __future__ import annotations

import datetime as dt
import functools
import time
from decimal import Decimal
from typing import TYPE_CHECKING, Literal, TypeAlias

from attrs import frozen

from ..arguments import flag, integer
from ..errors import ChargeError, ChargeInProgress, ChargeNotFound
from ..flow import Do, Flow
from ..money import Money
from .identity import LONGEST_KEY, check_key
from .location import JournalLike, open_journal
from .once import Made, charge_once, checked_charge
from .record import ChargeRecord, TopupOutcome, outcome_of
from .resource import CreditBalance, Service, TopupResource, service_of
from .settling import outcome_or_error, settle_charge
from .waiting import patience_of, wait_for_payment

if TYPE_CHECKING:
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


def ensure(  # noqa: D417 - self is the resource
    self: TopupResource,
    *,
    at_least: int,
    amount: int,
    key_prefix: str,
    max_per_day: int = 1,
    allow_auto_topup: bool = False,
    journal: JournalLike | None = None,
    wait: bool | float = False,
    account_id: str | None = None,
) -> Flow[EnsureOutcome]:
    """Top up when the balance is below a threshold, at most so many times a day. Made to be run from cron, on several machines at once.

    Never charges while a charge of this account in the journal is unsettled, whatever its key: the balance does not show it yet.
    Keys are `{key_prefix}-{date}-{n}`, the date in UTC by the journal's clock and `n` from 1 to `max_per_day`; a refused charge uses up
    its number, so that a declining card is not tried again and again.

    Args:
        at_least: The balance to keep, in cents; usd("20").
        amount: How much one top-up buys, in cents; 1000 cents or more.
        key_prefix: What tells these charges from others, such as "cron".
        max_per_day: How many charges a UTC day may see at most, under this prefix.
        allow_auto_topup: Whether to go on although Cloudflare's own auto top-up is on, which may buy at the same moment.
        journal: Where charges are kept, as for `create_once`; all machines must share one.
        wait: As for `create_once`.
        account_id: Id of the Cloudflare account. The client's own if it is not given.

    Returns:
        EnsureOutcome: What was found and done.

    Raises:
        ChargeOutcomeUnknown: When an earlier charge is unknown and cannot be settled; also when this one's outcome is.
        ChargeNotFound: When a charge of today was sent and left no invoice: a person should look before more is charged.
        ChargeError: When auto top-up is on, or when the day's charges are used up and the balance is still below.
        APIError, JournalError, ValueError, TypeError: As for `create_once`.
    """
    floor = integer("at_least", at_least, minimum=0, unit="cents")
    prefix = check_key(key_prefix, "key_prefix", LONGEST_KEY - _ROOM_FOR_DATE_AND_NUMBER)
    most = integer("max_per_day", max_per_day, minimum=1, maximum=1000)
    allowed, patience = flag("allow_auto_topup", allow_auto_topup), patience_of(wait)
    service = service_of(self)
    account = service.account(account_id)
    service.charge(account, amount)
    book: Journal = yield Do(functools.partial(open_journal, journal))
    from .journal import AccountChanged

    for _ in range(_ROUNDS):
        # The order matters: a charge that moves after this view was taken changes the account's version, and the claim is refused.
        day, keys = yield from _today(book, prefix, most)
        view: AccountView = yield Do(functools.partial(book.view, account, since_ms=day, keys=keys))
        answer = yield from service.balance(account, time.monotonic() + service.deadline)
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
            pending = yield from _settle_all(service, book, unsettled)
            if pending is not None:
                topup = None if pending.state in {"intent", "sending"} else outcome_of(pending)
                return EnsureOutcome(action="pending", balance=balance, topup=topup)
            continue
        _refuse_after_not_found(view, day, balance)
        key = _next_key(view, keys, balance, account, amount)
        charge = checked_charge(service, key, amount, account)
        try:
            made: Made = yield from charge_once(service, book, charge, view.version)
        except AccountChanged:
            continue
        outcome = yield from wait_for_payment(
            service, book, made.outcome, needs_person=made.needs_person, patience=patience
        )
        return EnsureOutcome(action="pending" if made.outcome.replayed else "topped_up", balance=balance, topup=outcome)
    raise ChargeInProgress(
        "The charges of this account keep changing while the balance is looked at: try again later. This call charged nothing.",
        account_id=account,
        amount=amount,
    )


def _today(book: Journal, prefix: str, most: int) -> Flow[tuple[int, tuple[str, ...]]]:
    """Give the start of the UTC day, and its keys, by the journal's clock: machines whose clocks differ agree on it."""
    now_ms: int = yield Do(book.now_ms)
    date = dt.datetime.fromtimestamp(now_ms / 1000, dt.UTC).date()
    return now_ms - now_ms % _DAY_MS, tuple(f"{prefix}-{date.isoformat()}-{number}" for number in range(1, most + 1))


def _auto_topup_is_on(answer: CreditBalance) -> bool:
    config = answer.topup_config
    # Switched off, it comes as 0 or null; one that the service has disabled after failures buys nothing either.
    return bool(config.amount) and not config.disabled_reason


def _settle_all(service: Service, book: Journal, records: list[ChargeRecord]) -> Flow[ChargeRecord | None]:
    """Settle what can be settled; give a charge that is still on its way, None when all have ended.

    Raises:
        ChargeOutcomeUnknown: When one of them stays unknown.
    """
    pending: ChargeRecord | None = None
    for record in records:
        settled = yield from settle_charge(service, book, record.account_id, record.key)
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
