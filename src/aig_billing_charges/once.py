"""Charging once for a key: claim it, list the invoices, let the request leave, record the result. In this order, each step committed."""

from __future__ import annotations

import logging
import os
import re
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from attrs import evolve

from aig_billing_runtime.errors import (
    APIConnectionError,
    APIError,
    APIStatusError,
    ChargeInProgress,
    ChargeKeyReused,
    ChargeOutcomeUnknown,
    JournalError,
)
from aig_billing_runtime.flow import call_flow
from aig_billing_runtime.money import Money
from aig_billing_runtime.steps import Flow, NothingSent, Sleep, run

from .billing import Billing, JournalLike, open_journal
from .evidence import InvoiceList, may_show
from .identity import check_key
from .record import ChargeRecord, RecordedRefusal, TopupOutcome, answered, outcome_of
from .settling import Settled, outcome_or_error, settle_charge
from .waiting import seconds_to_wait, wait_for_payment

if TYPE_CHECKING:
    from aig_billing import AsyncClient, Client
    from aig_billing.models import TopupCreateResponse

    from .journal import Journal

T = TypeVar("T")
P = ParamSpec("P")
log = logging.getLogger("aig_billing")
_PASSING_STATUSES = frozenset({401, 403, 429})
_PASSING_CODES = frozenset({6003, 9109, 10000})
"""Of a malformed token, of one that is unknown or expired, and of an authentication that failed."""
_PAYMENT_ID = re.compile(r"[!-~]{1,255}")
_FIRST_PAUSE = 0.05
_LONGEST_PAUSE = 1.0
_PAUSES_BETWEEN_RECORDINGS = (0.1, 0.5, 2.0)


def create_once(
    client: Client | AsyncClient,
    *,
    key: str,
    amount: int,
    payment_method_id: str | None,
    journal: JournalLike | None,
    wait: bool | float,
    account_id: str | None,
) -> Flow[TopupOutcome]:
    """Charge once for a key, and wait for the payment if that is wanted: `TopupMixin.create_once`."""
    billing = Billing(client)
    key, account = check_key(key), billing.account(account_id)
    wish = ChargeRecord(account_id=account, key=key, amount=amount, payment_method_id=payment_method_id, state="intent")
    billing.charge(wish)
    timeout = seconds_to_wait(wait)
    opened = yield from charging_nothing(run(open_journal, journal))
    outcome = yield from charging_nothing(charge_once(billing, opened, wish))
    return (yield from wait_for_payment(billing, opened, outcome, timeout))


def charging_nothing(flow: Flow[T]) -> Flow[T]:
    """Run a flow in which an error of the journal means that no charge was sent, and say so in the error."""
    try:
        return (yield from flow)
    except JournalError as error:
        raise JournalError(f"{error.message} This call charged nothing.") from error.__cause__


def charge_once(
    billing: Billing, journal: Journal, wish: ChargeRecord, version: int | None = None
) -> Flow[TopupOutcome]:
    """Claim the charge and send it, or find out what happened to it."""
    end = time.monotonic() + billing.deadline
    pause = _FIRST_PAUSE
    while True:
        attempt = _ChargeAttempt(billing, journal, wish)
        record, mine = yield from attempt.claim(version)
        if (record.amount, record.payment_method_id) != (wish.amount, wish.payment_method_id):
            raise _key_reused(wish, record)
        if mine:
            outcome = yield from attempt.send(record)
            if outcome is not None:
                return outcome
        else:
            settled = yield from settle_charge(billing, journal, wish.account_id, wish.key, replay=True)
            if settled.record.state != "intent" and not settled.under_way:
                return outcome_or_error(settled)
        if time.monotonic() + pause > end:
            raise ChargeInProgress(
                f"Another caller is sending the charge {wish.key!r} at this moment: call again with the same key to find out what "
                "happened. This call sent nothing.",
                **wish.about,
            )
        yield Sleep(pause)
        pause = min(pause * 2, _LONGEST_PAUSE)


class _ChargeAttempt:
    """One attempt to send one charge: the only one, unless it ends before anything left. Guards its call's requests."""

    def __init__(self, billing: Billing, journal: Journal, wish: ChargeRecord) -> None:
        self._billing = billing
        self._journal = journal
        # No two attempts share one, on any machine.
        owner = os.urandom(16).hex()
        self._wish = evolve(wish, owner=owner)
        self._name = (wish.account_id, wish.key, owner)
        self._end = 0.0
        self._before: InvoiceList | None = None
        self._gate_passed = False
        self._may_have_left = False

    def claim(self, version: int | None) -> Flow[tuple[ChargeRecord, bool]]:
        """Ask the journal for the charge: `Journal.claim`."""
        try:
            return (yield from run(self._journal.claim, self._wish, lease=self._billing.deadline, version=version))
        except BaseException as error:
            if not isinstance(error, (Exception, GeneratorExit)):
                # Cancelled while the journal was being written: it may have given the charge to this attempt all the same.
                yield from _quietly(self._journal.release, *self._name)
            raise

    def send(self, claimed: ChargeRecord) -> Flow[TopupOutcome | None]:
        """List the invoices, then let the request leave; None when the charge was lost to another attempt before that, or is in doubt."""
        from .journal import LeaseLost

        self._end = time.monotonic() + self._billing.deadline
        try:
            # At most half of the time, so that the charge is never sent with too little left to hear of it.
            half = time.monotonic() + self._billing.deadline / 2
            self._before = yield from self._billing.invoices(self._wish.account_id, half)
            if claimed.baseline is not None and (yield from self._was_made_all_the_same(claimed, self._before)):
                return None
            done = yield from call_flow(self._billing.charge(self._wish), self._billing.until(self._end), guard=self)
        except GeneratorExit:
            raise
        except LeaseLost:
            return None
        except BaseException as error:
            yield from self._failed(error)
            raise
        return (yield from self._made(done.value))

    def _was_made_all_the_same(self, claimed: ChargeRecord, listed: InvoiceList) -> Flow[bool]:
        """See whether a charge that was refused before may have been made: then it is not sent again, and left to the evidence."""
        others = yield from run(self._journal.others, claimed.account_id, claimed.key, listed.ids)
        if not may_show(claimed, listed, others):
            return False
        yield from run(self._journal.doubt, *self._name)
        return True

    def before_send(self) -> Flow[None]:
        """Let a request leave only when the journal says that it may: what the flow of the call asks before each attempt."""
        lease = max(self._end - time.monotonic(), 0.0)
        if self._gate_passed:
            yield from run(self._journal.keep_sending, *self._name, lease=lease)
        else:
            assert self._before is not None  # noqa: S101 - `send` lists the invoices first
            yield from run(self._journal.start_sending, *self._name, self._before, lease=lease)
        self._gate_passed = self._may_have_left = True

    def never_left(self) -> None:
        """Note that the last attempt provably never left this machine."""
        self._may_have_left = False

    def _made(self, answer: TopupCreateResponse) -> Flow[TopupOutcome]:
        """Record the answer of a charge that was made."""
        payment_id = answer.payment_intent_id
        if not _PAYMENT_ID.fullmatch(payment_id) or (self._before is not None and payment_id in self._before.ids):
            note = f"the answer named {payment_id[:60]!r}, which cannot be the charge's payment"
            recorded = yield from self._record(self._journal.record_unknown, *self._name, None, note)
            if isinstance(recorded, JournalError):
                note += f". It could not be recorded in the journal, which has it as being sent until its lease ends ({recorded.message})"
                recorded = evolve(self._wish, state="unknown", note=note)
            return outcome_or_error(Settled(recorded))
        recorded = yield from self._record(self._journal.record_sent, *self._name, answer)
        if isinstance(recorded, ChargeRecord) and recorded.payment_id != payment_id:
            return outcome_or_error(Settled(recorded))
        return evolve(
            outcome_of(answered(self._wish, answer)),
            client_secret=answer.client_secret,
            replayed=False,
            recorded=not isinstance(recorded, JournalError),
        )

    def _failed(self, error: BaseException) -> Flow[None]:
        """Record what an attempt that failed leaves behind, and say in the error where that is."""
        key = self._wish.key
        never_left = isinstance(error, NothingSent) or (isinstance(error, APIConnectionError) and error.never_left)
        if never_left or not self._may_have_left or _passes(error):
            refused = self._may_have_left and not never_left
            yield from _quietly(self._journal.release, *self._name, refused=refused)
            if isinstance(error, APIError):
                error.add_note(f"Nothing was charged under the key {key!r}; it may be used again.")
        elif isinstance(error, ChargeOutcomeUnknown):
            note = error.cause.message if error.cause is not None else error.message
            recorded = yield from self._record(self._journal.record_unknown, *self._name, error.payment_id, note)
            where = f"It is in the journal under the key {key!r}:"
            if isinstance(recorded, JournalError):
                where = f"It could not be recorded in the journal, which has it as being sent ({recorded.message}): once the lease is over,"
            else:
                error.payment_id = recorded.payment_id
            error.key = key
            error.args = (f"{error.message} {where} billing.topup.reconcile({key!r}) settles it.",)
        elif isinstance(error, APIStatusError):
            # The call raises these bare only for definite refusals.
            refusal = RecordedRefusal(
                error.status_code, error.message, tuple((detail.code, detail.message) for detail in error.errors)
            )
            yield from self._record(self._journal.record_refused, *self._name, refusal)
        else:
            note = f"the call was interrupted ({type(error).__name__})"
            yield from _quietly(self._journal.record_unknown, *self._name, None, note)

    def _record(
        self, work: Callable[P, ChargeRecord], *args: P.args, **kwargs: P.kwargs
    ) -> Flow[ChargeRecord | JournalError]:
        """Record a result, several times for a moment if it fails; return the error when it could not be recorded."""
        recorded = yield from _quietly(work, *args, **kwargs)
        for pause in _PAUSES_BETWEEN_RECORDINGS:
            if isinstance(recorded, JournalError):
                yield Sleep(pause)
                recorded = yield from _quietly(work, *args, **kwargs)
        if isinstance(recorded, JournalError):
            message = "the outcome of the charge %r could not be written to the journal, which has it as being sent: %s"
            log.error(message, self._wish.key, recorded)
        return recorded


def _quietly(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Flow[T | JournalError]:
    """Take a step of the journal whose failure must not hide what happened; the lease settles what it leaves."""
    try:
        return (yield from run(work, *args, **kwargs))
    except JournalError as error:
        return error


def _passes(error: BaseException) -> bool:
    """Say whether a refusal is about the caller and not about the payment, so that the key may be used again."""
    return isinstance(error, APIStatusError) and (
        error.status_code in _PASSING_STATUSES or not _PASSING_CODES.isdisjoint(error.codes)
    )


def _key_reused(wish: ChargeRecord, before: ChargeRecord) -> ChargeKeyReused:
    default = "the account's default payment method"
    then, now = (f"{Money.from_cents(one.amount)} of {one.payment_method_id or default}" for one in (before, wish))
    return ChargeKeyReused(
        f"The key {wish.key!r} was used before, for {then}, and not for {now}: take another key for another charge. This call sent "
        "nothing.",
        **wish.about,
    )
