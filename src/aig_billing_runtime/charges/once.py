"""Charging once for a key: claim it, look at the invoices, let the request leave, keep what came of it. In this order, each committed."""

from __future__ import annotations

import functools
import logging
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from attrs import frozen

from ..errors import (
    APIConnectionError,
    APIError,
    APIStatusError,
    ChargeInProgress,
    ChargeKeyReused,
    ChargeOutcomeUnknown,
    JournalError,
)
from ..flow import Do, Flow, Send, Step, Wait, call_flow
from ..money import Money
from ..operation import Call
from .evidence import baseline_of
from .identity import check_key, new_owner
from .location import JournalLike, open_journal
from .record import Baseline, RecordedRefusal, TopupOutcome
from .resource import CreatedTopup, Service, TopupResource, service_of
from .settling import outcome_or_error, settle_charge
from .waiting import patience_of, wait_for_payment

if TYPE_CHECKING:
    from .journal import Journal

log = logging.getLogger("aig_billing")
_FIRST_PAUSE = 0.05
_LONGEST_PAUSE = 1.0
_BETWEEN_RECORDINGS = (0.1, 0.5, 2.0)


@frozen
class Charge:
    """What is to be charged, checked; nothing has been sent."""

    account_id: str
    key: str
    amount: int
    call: Call[CreatedTopup]


class Made(NamedTuple):
    """A charge that was made, now or before, and whether its payment waits for a person."""

    outcome: TopupOutcome
    needs_person: bool


def create_once(  # noqa: D417 - self is the resource
    self: TopupResource,
    *,
    key: str,
    amount: int,
    journal: JournalLike | None = None,
    wait: bool | float = False,
    account_id: str | None = None,
) -> Flow[TopupOutcome]:
    """Top up, once for this key: one request for an account and a key, ever, whoever calls it, how often, and whatever crashes.

    Called again with the same key it gives what is known, and sends no charge. One request more than `create` is sent before the
    charge: the invoice history, by which a lost charge can be found again. docs/charges.md says what the promise rests on.

    Args:
        key: What tells this charge from others: 1 to 200 printable ASCII characters, such as "2026-11-refill".
        amount: How much credit to buy, in cents; 1000 cents or more.
        journal: Where charges are kept: a path, a database URL or a Journal. Without it AIG_BILLING_JOURNAL, else a file of this user.
        wait: Seconds to wait for the payment to go through; True for five minutes, False for not at all.
        account_id: Id of the Cloudflare account. The client's own if it is not given.

    Returns:
        TopupOutcome: the documented result, with `status` and what else the journal knows.

    Raises:
        ChargeOutcomeUnknown: When the card may have been charged; `reconcile(key)` settles it.
        ChargeInProgress: When another caller is still sending this charge, and did not end within the client's deadline.
        ChargeKeyReused: When the key was used for another amount.
        ChargeNotFound: When the charge of this key was sent and left no invoice; charging after that takes a new key.
        PaymentConfirmationRequired: With `wait`, when the card holder must confirm the payment.
        JournalError: When the journal cannot be used; nothing was charged.
        APIStatusError: When the API refused the charge, now or before; nothing was charged.
        APIError: When the invoices could not be asked for, or the charge never left this machine; nothing was charged.
        ValueError, TypeError: When an argument is of no use; nothing was sent.
    """
    service = service_of(self)
    charge = checked_charge(service, key, amount, account_id)
    patience = patience_of(wait)
    book: Journal = yield Do(functools.partial(open_journal, journal))
    made = yield from charge_once(service, book, charge)
    return (yield from wait_for_payment(service, book, made.outcome, needs_person=made.needs_person, patience=patience))


def checked_charge(service: Service, key: str, amount: int, account_id: str | None) -> Charge:
    """Check what is to be charged."""
    key, account = check_key(key), service.account(account_id)
    return Charge(account, key, amount, service.charge(account, amount))


def charge_once(service: Service, journal: Journal, charge: Charge, version: int | None = None) -> Flow[Made]:
    """Claim the charge and send it, or learn what became of it."""
    patience = time.monotonic() + service.deadline
    pause = _FIRST_PAUSE
    while True:
        owner = new_owner()
        attempt = _Attempt(service, journal, charge, owner)
        claim = yield from attempt.claim(version)
        if claim.record.amount != charge.amount:
            raise _key_reused(charge, claim.record.amount)
        if claim.mine:
            made = yield from attempt.send()
            if made is not None:
                return made
        elif not claim.under_way:
            settled = yield from settle_charge(service, journal, charge.account_id, charge.key, replay=True)
            if settled.record.state != "intent" and not settled.under_way:
                return Made(outcome_or_error(settled), settled.record.needs_confirmation)
        if time.monotonic() + pause > patience:
            raise _in_progress(charge)
        yield Wait(pause)
        pause = min(pause * 2, _LONGEST_PAUSE)


class _Attempt:
    """One attempt to send one charge: the only one, unless it ends before anything left."""

    def __init__(self, service: Service, journal: Journal, charge: Charge, owner: str) -> None:
        self._service = service
        self._journal = journal
        self._charge = charge
        self._name = (charge.account_id, charge.key, owner)
        self._deadline = service.deadline
        self._gate_passed = False
        self._may_have_left = False

    def claim(self, version: int | None) -> Flow[Any]:
        """Ask the journal for the charge."""
        account_id, key, owner = self._name
        asked = functools.partial(
            self._journal.claim, account_id, key, self._charge.amount, owner, lease=self._deadline, version=version
        )
        try:
            return (yield Do(asked))
        except GeneratorExit:
            raise
        except BaseException as error:
            if not isinstance(error, Exception):
                # Cancelled while the journal was being written: it may have given the charge to this attempt all the same.
                yield from self._quietly(self._journal.release, *self._name)
            raise

    def send(self) -> Flow[Made | None]:
        """Look at the invoices, then let the request leave; None when the charge was lost to another attempt before that."""
        from .journal import LeaseLost

        end = time.monotonic() + self._deadline
        try:
            # At most half of the time, so that the charge is never sent with too little left to hear of it.
            page = yield from self._service.invoices(self._charge.account_id, time.monotonic() + self._deadline / 2)
            call = call_flow(self._charge.call, self._service.until(end))
            answer, _ = yield from self._guarded(call, baseline_of(page), end)
        except GeneratorExit:
            raise
        except LeaseLost:
            return None
        except BaseException as error:
            told = yield from self._ended(error)
            if told is error:
                raise
            raise told from told.__cause__
        return (yield from self._made(answer))

    def _guarded(self, call: Flow[Any], baseline: Baseline, end: float) -> Flow[Any]:
        """Run the charge's call; before each request leaves, the journal must say that it may."""
        told: Any = None
        advance: Callable[[Any], Step] = call.send
        try:
            while True:
                try:
                    step = advance(told)
                except StopIteration as done:
                    return done.value
                # The call goes on only after an attempt that provably never left.
                self._may_have_left = False
                if isinstance(step, Send):
                    yield Do(self._gate(baseline, max(end - time.monotonic(), 0.0)))
                    self._gate_passed = self._may_have_left = True
                try:
                    told = yield step
                    advance = call.send
                except GeneratorExit:
                    raise
                except BaseException as error:  # noqa: BLE001 - the call decides, and raises what it does not know
                    told = error
                    advance = call.throw
        finally:
            # Without this an error and this frame would keep each other alive.
            told = None

    def _gate(self, baseline: Baseline, lease: float) -> Callable[[], None]:
        if self._gate_passed:
            return functools.partial(self._journal.keep_sending, *self._name, lease=lease)
        return functools.partial(self._journal.start_sending, *self._name, baseline, lease=lease)

    def _made(self, answer: CreatedTopup) -> Flow[Made]:
        """Keep the answer of a charge that was made."""
        from .journal import Answered

        needs_person = answer.client_secret is not None
        kept = Answered(answer.payment_intent_id, answer.onboarding, answer.brand, answer.last4, needs_person)
        failure = yield from self._record(self._journal.record_sent, *self._name, kept)
        outcome = TopupOutcome(
            payment_intent_id=answer.payment_intent_id,
            status="pending",
            client_secret=answer.client_secret,
            onboarding=answer.onboarding,
            brand=answer.brand,
            last4=answer.last4,
            key=self._charge.key,
            amount=self._charge.amount,
            account_id=self._charge.account_id,
            recorded=failure is None,
        )
        return Made(outcome, needs_person)

    def _ended(self, error: BaseException) -> Flow[BaseException]:
        """Keep what an attempt that failed leaves behind, and give the error to raise."""
        if not self._may_have_left or (isinstance(error, APIConnectionError) and error.never_left):
            yield from self._quietly(self._journal.release, *self._name)
            if isinstance(error, APIError):
                error.add_note(f"Nothing was charged under the key {self._charge.key!r}; it may be used again.")
            return error
        if isinstance(error, ChargeOutcomeUnknown):
            note = error.cause.message if error.cause is not None else error.message
            failure = yield from self._record(self._journal.record_unknown, *self._name, error.payment_id, note)
            return _with_key(error, self._charge.key, failure)
        if isinstance(error, APIStatusError):
            # The call raises these bare only for definite refusals.
            refusal = RecordedRefusal(
                error.status_code, error.message, tuple((detail.code, detail.message) for detail in error.errors)
            )
            yield from self._record(self._journal.record_refused, *self._name, refusal)
            return error
        note = f"the call was interrupted ({type(error).__name__})"
        yield from self._quietly(self._journal.record_unknown, *self._name, None, note)
        return error

    def _record(self, work: Callable[..., None], *arguments: object) -> Flow[JournalError | None]:
        """Tell the journal what came of the charge, again and again for a moment; give the error when it could not be told."""
        failure = yield from self._quietly(work, *arguments)
        for pause in _BETWEEN_RECORDINGS:
            if failure is None:
                return None
            yield Wait(pause)
            failure = yield from self._quietly(work, *arguments)
        if failure is None:
            return None
        log.error(
            "the outcome of the charge %r could not be written to the journal, which has it as being sent: %s",
            self._charge.key,
            failure,
        )
        return failure

    def _quietly(self, work: Callable[..., None], *arguments: object) -> Flow[JournalError | None]:
        """Do a step of the journal whose failure must not hide what happened; the lease settles what it leaves."""
        try:
            yield Do(functools.partial(work, *arguments))
        except JournalError as error:
            return error
        return None


def _with_key(error: ChargeOutcomeUnknown, key: str, failure: JournalError | None) -> ChargeOutcomeUnknown:
    told = (
        f"It is in the journal under the key {key!r}: billing.topup.reconcile({key!r}) settles it."
        if failure is None
        else f"The journal could not be told and has it as being sent ({failure.message}): once the lease is over, "
        f"billing.topup.reconcile({key!r}) settles it."
    )
    made = ChargeOutcomeUnknown(
        f"{error.message} {told}",
        account_id=error.account_id,
        amount=error.amount,
        key=key,
        payment_id=error.payment_id,
        sent_at=error.sent_at,
        cause=error.cause,
    )
    made.__cause__ = error.cause
    return made


def _key_reused(charge: Charge, before: int) -> ChargeKeyReused:
    return ChargeKeyReused(
        f"The key {charge.key!r} was used before, for {Money.from_cents(before)}, and not for {Money.from_cents(charge.amount)}: "
        "take another key for another charge. Nothing was sent.",
        account_id=charge.account_id,
        amount=charge.amount,
        key=charge.key,
    )


def _in_progress(charge: Charge) -> ChargeInProgress:
    return ChargeInProgress(
        f"Another caller is sending the charge {charge.key!r} at this moment: call again with the same key to learn what became of it. "
        "This call sent nothing.",
        account_id=charge.account_id,
        amount=charge.amount,
        key=charge.key,
    )
