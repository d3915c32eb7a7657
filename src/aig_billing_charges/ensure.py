"""Keeping a balance: topping up when it is low, and never on top of a charge that it does not show yet."""

from __future__ import annotations

import time
from decimal import Decimal
from typing import TYPE_CHECKING, Literal, TypeAlias

from attrs import evolve, frozen

from aig_billing_runtime.arguments import flag, integer, number
from aig_billing_runtime.errors import ChargeError, ChargeInProgress, ChargeNotFound
from aig_billing_runtime.money import Money
from aig_billing_runtime.steps import Flow, run

from .billing import Billing, JournalLike, open_journal
from .identity import LONGEST_KEY, check_key
from .once import charge_once, charging_nothing
from .record import ChargeRecord, TopupOutcome, outcome_of
from .settling import outcome_or_error, settle_charge
from .waiting import seconds_to_wait, wait_for_payment

if TYPE_CHECKING:
    from aig_billing import AsyncClient, Client

    from .journal import BudgetView, Journal

Action: TypeAlias = Literal["enough", "topped_up", "pending"]

_ROUNDS = 8
_ROOM_FOR_DATE_AND_NUMBER = 20


@frozen(kw_only=True)
class EnsureOutcome:
    """What `ensure` found and did.

    Attributes:
        action: `enough` when the balance was not below; `topped_up` when this call charged; `pending` when an earlier charge, or one of
            another machine, is under way or not paid yet, or is paid and the balance has not shown it in the time of the `cooldown`.
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


@frozen(kw_only=True)
class Plan:
    """What is asked of `TopupMixin.ensure`; checked as it is made."""

    at_least: int
    amount: int
    key_prefix: str
    max_per_day: int
    max_per_month: int | None
    max_amount_per_day: int | None
    max_amount_per_month: int | None
    cooldown: float
    allow_auto_topup: bool

    def __attrs_post_init__(self) -> None:
        integer("at_least", self.at_least, minimum=0, unit="cents")
        check_key(self.key_prefix, "key_prefix", LONGEST_KEY - _ROOM_FOR_DATE_AND_NUMBER)
        integer("max_per_day", self.max_per_day, minimum=1, maximum=1000)
        if self.max_per_month is not None:
            integer("max_per_month", self.max_per_month, minimum=1)
        if self.max_amount_per_day is not None:
            integer("max_amount_per_day", self.max_amount_per_day, minimum=1, unit="cents")
        if self.max_amount_per_month is not None:
            integer("max_amount_per_month", self.max_amount_per_month, minimum=1, unit="cents")
        number("cooldown", self.cooldown, minimum=0)
        flag("allow_auto_topup", self.allow_auto_topup)

    def next_key(self, wish: ChargeRecord, budget: BudgetView, balance: Decimal) -> str:
        """Return the first of the day's keys under which nothing was sent yet, if the day and the month may see a further charge."""
        today, month = budget.today, budget.month
        limits = (
            ("max_per_month", self.max_per_month, month.charges + 1, str),
            ("max_amount_per_day", self.max_amount_per_day, today.amount + self.amount, Money.from_cents),
            ("max_amount_per_month", self.max_amount_per_month, month.amount + self.amount, Money.from_cents),
        )
        for name, most, needed, shown in limits:
            if most is not None and needed > most:
                words = f"with another charge, {name}={shown(most)} would be passed ({shown(needed)})"
                raise _refused(wish, balance, words)
        used = {record.key: record for record in budget.records if record.state != "intent"}
        for key in budget.keys:
            if key not in used:
                return key
        last = used[budget.keys[-1]]
        state = last.state.replace("_", " ")
        words = (
            f"the charges that this day may see are used up ({len(budget.keys)}; the last, {last.key!r}, is {state})"
        )
        raise _refused(wish, balance, words, last.key)

    def is_shown(self, budget: BudgetView, balance: Decimal) -> bool:
        """Say whether the balance shows the last purchase, or has had the time to."""
        last = budget.last_purchase
        if last is None or budget.now_ms - last.changed_ms >= self.cooldown * 1000:
            return True
        # Some of it may be used by now; and a balance that lags may also show an older, higher one.
        return last.balance_before is not None and balance - last.balance_before >= Decimal(last.amount) / 2


def ensure(
    client: Client | AsyncClient,
    plan: Plan,
    *,
    journal: JournalLike | None,
    wait: bool | float,
    account_id: str | None,
) -> Flow[EnsureOutcome]:
    """Top up when the balance is low: `TopupMixin.ensure`."""
    billing = Billing(client)
    wish = ChargeRecord(account_id=billing.account(account_id), key=plan.key_prefix, amount=plan.amount, state="intent")
    billing.charge(wish)
    timeout = seconds_to_wait(wait)
    opened = yield from charging_nothing(run(open_journal, journal))
    return (yield from charging_nothing(_ensure(billing, opened, plan, wish, timeout)))


def _ensure(billing: Billing, journal: Journal, plan: Plan, wish: ChargeRecord, timeout: float) -> Flow[EnsureOutcome]:
    from .journal import AccountChanged

    for _ in range(_ROUNDS):
        # The order matters: a charge that moves after this look changes the account's version, and the claim is refused.
        budget = yield from run(journal.budget, wish.account_id, plan.key_prefix, plan.max_per_day)
        answer = yield from billing.balance(wish.account_id, time.monotonic() + billing.deadline)
        balance = Decimal(str(answer.balance))
        if balance >= plan.at_least:
            return EnsureOutcome(action="enough", balance=balance)
        config = answer.topup_config
        # Switched off, it comes as 0 or null; one that the service has disabled after failures buys nothing either.
        if not plan.allow_auto_topup and config.amount and not config.disabled_reason:
            words = "auto top-up is on: it may buy at the same moment. Switch it off in the dashboard, or pass allow_auto_topup=True"
            raise _refused(wish, balance, words)
        unsettled = [record for record in budget.records if record.is_unsettled() or record.is_under_way(budget.now_ms)]
        if unsettled:
            pending = yield from _settle_all(billing, journal, unsettled)
            if pending is not None:
                topup = None if pending.state in {"intent", "sending"} else outcome_of(pending)
                return EnsureOutcome(action="pending", balance=balance, topup=topup)
            continue
        missing = next((record for record in budget.records if record.state == "not_found"), None)
        if missing is not None:
            raise ChargeNotFound(
                f"The charge {missing.key!r} of {Money.from_cents(missing.amount)} was sent and left no invoice. The balance is "
                f"{Money(balance / 100)}, but nothing more is charged today: look at the invoices, and charge by hand if you want to.",
                **missing.about,
            )
        if not plan.is_shown(budget, balance) and budget.last_purchase is not None:
            return EnsureOutcome(action="pending", balance=balance, topup=outcome_of(budget.last_purchase))
        next_wish = evolve(wish, key=plan.next_key(wish, budget, balance), balance_before=balance)
        try:
            charged = yield from charge_once(billing, journal, next_wish, budget.version)
        except AccountChanged:
            continue
        outcome = yield from wait_for_payment(billing, journal, charged, timeout)
        return EnsureOutcome(action="pending" if charged.replayed else "topped_up", balance=balance, topup=outcome)
    raise ChargeInProgress(
        "The charges of this account keep changing while the balance is looked at: try again later. This call charged nothing.",
        account_id=wish.account_id,
        amount=wish.amount,
    )


def _settle_all(billing: Billing, opened: Journal, records: list[ChargeRecord]) -> Flow[ChargeRecord | None]:
    """Settle what can be settled; give a charge that is still on its way, None when all have ended. An unknown one is an error."""
    pending: ChargeRecord | None = None
    for record in records:
        settled = yield from settle_charge(billing, opened, record.account_id, record.key)
        if settled.record.state in {"unknown", "sending"} and not settled.under_way:
            outcome_or_error(settled)
        if settled.under_way or settled.record.state == "sent":
            pending = settled.record
    return pending


def _refused(wish: ChargeRecord, balance: Decimal, why: str, key: str | None = None) -> ChargeError:
    """Make the error that says why nothing was bought."""
    return ChargeError(
        f"The balance is {Money(balance / 100)}, and {why}. Nothing was charged.",
        account_id=wish.account_id,
        amount=wish.amount,
        key=key,
    )
