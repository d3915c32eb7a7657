"""Waiting for a payment, and the rarer ends of settling."""

import datetime as dt
import time
from typing import Any

import pytest
from aig_billing.errors import (
    APIStatusError,
    ChargeError,
    ChargeInProgress,
    ChargeNotFound,
    ChargeOutcomeUnknown,
    JournalError,
)

from aig_billing_charges.record import ChargeRecord, ChargeState
from aig_billing_charges.settling import Settled, outcome_or_error
from aig_billing_sandbox import Sandbox
from tests.charges.stage import MovedJournal, Topups, charged, topups_of


@pytest.mark.slow
def test_wait_asks_until_the_payment_is_completed(topup: Topups, sandbox: Sandbox) -> None:
    sandbox.behave(settles_after=0.5)
    made = topup.create(amount=5000)
    assert topup.wait(payment_intent_id=made.payment_intent_id, timeout=60).status == "completed"


def test_wait_ends_when_its_time_is_over(topup: Topups, sandbox: Sandbox) -> None:
    sandbox.behave(settles_after=3600)
    made = topup.create(amount=5000)
    started = time.monotonic()
    assert topup.wait(payment_intent_id=made.payment_intent_id, timeout=0.2).status == "pending"
    assert time.monotonic() - started < 60
    with pytest.raises(ValueError, match="timeout"):
        topup.wait(payment_intent_id=made.payment_intent_id, timeout=-1)


def test_a_completed_payment_is_returned_although_it_cannot_be_recorded(
    topup: Topups, sandbox: Sandbox, journal: MovedJournal, caplog: pytest.LogCaptureFixture
) -> None:
    sandbox.behave(settles_after=0)

    def fail() -> None:
        raise JournalError("it fails")

    journal.before["record_status"] = fail
    assert topup.create_once(key="refill", amount=5000, journal=journal, wait=5).status == "completed"
    assert "could not be recorded" in caplog.text
    assert topup.create_once(key="refill", amount=5000, journal=journal, wait=5).status == "completed"
    assert journal.record(sandbox.account_id, "refill").state == "completed"


@pytest.mark.slow
def test_an_unknown_charge_that_cannot_be_recorded_says_so(
    topup: Topups, sandbox: Sandbox, journal: MovedJournal
) -> None:
    def fail() -> None:
        journal.before["record_unknown"] = fail
        raise JournalError("it fails")

    journal.before["record_unknown"] = fail
    sandbox.fault("topup.create", drop="after")
    with pytest.raises(ChargeOutcomeUnknown, match="could not be recorded in the journal"):
        topup.create_once(key="refill", amount=5000, journal=journal)
    journal.before.clear()
    with pytest.raises(ChargeInProgress):
        topup.reconcile("refill", journal=journal)
    journal.let_leases_end()
    assert topup.create_once(key="refill", amount=5000, journal=journal).payment_intent_id
    assert charged(sandbox) == [5000]


def test_a_known_payment_that_is_neither_listed_nor_has_a_status_stays_unknown(
    topup: Topups, sandbox: Sandbox, journal: MovedJournal
) -> None:
    sandbox.behave(listed_after=3600)
    sandbox.fault("topup.create", cut_off_after=150)
    with pytest.raises(ChargeOutcomeUnknown) as caught:
        topup.create_once(key="refill", amount=5000, journal=journal)
    assert caught.value.payment_id is not None
    journal.let_windows_end()
    sandbox.fault("topup.status", status=404)
    with pytest.raises(ChargeOutcomeUnknown, match="is not listed, nor has it a status"):
        topup.reconcile("refill", journal=journal)
    assert topup.reconcile("refill", journal=journal).payment_intent_id == caught.value.payment_id


def test_a_listed_payment_counts_although_its_status_cannot_be_asked(
    topup: Topups, sandbox: Sandbox, journal: MovedJournal
) -> None:
    sandbox.behave(settles_after=3600)
    topup.create_once(key="refill", amount=5000, journal=journal)
    sandbox.fault("topup.status", status=403)
    assert topup.reconcile("refill", journal=journal).status == "pending"


def test_errors_that_leave_nothing_to_find_out_are_reported(topup: Topups, sandbox: Sandbox) -> None:
    with pytest.raises(ValueError, match="leaves nothing to find out"):
        topup.reconcile(ChargeError("no key"))
    with pytest.raises(ChargeOutcomeUnknown, match="neither amount nor time"):
        topup.reconcile(ChargeOutcomeUnknown("unknown", account_id=sandbox.account_id))


def unknown_charge(sandbox: Sandbox, payment_id: str) -> ChargeOutcomeUnknown:
    return ChargeOutcomeUnknown(
        "unknown",
        account_id=sandbox.account_id,
        amount=5000,
        payment_id=payment_id,
        sent_at=dt.datetime.now(dt.UTC),
    )


def test_a_plain_charge_whose_payment_was_given_up_is_refused(topup: Topups, sandbox: Sandbox) -> None:
    sandbox.put_card("declines_later")
    sandbox.behave(settles_after=0)
    made = topup.create(amount=5000)
    lost = unknown_charge(sandbox, made.payment_intent_id)
    with pytest.raises(ChargeError, match="given up unpaid: nothing was charged") as caught:
        topup.reconcile(lost)
    assert (caught.value.account_id, caught.value.amount) == (sandbox.account_id, 5000)


def test_a_plain_charge_that_is_not_listed_is_found_by_its_status(topup: Topups, sandbox: Sandbox) -> None:
    sandbox.behave(settles_after=3600, listed_after=3600)
    made = topup.create(amount=5000)
    lost = ChargeOutcomeUnknown(
        "unknown", account_id=sandbox.account_id, amount=5000, payment_id=made.payment_intent_id
    )
    found = topup.reconcile(lost)
    assert (found.payment_intent_id, found.amount) == (made.payment_intent_id, 5000)
    sandbox.fault("topup.status", status=404)
    with pytest.raises(ChargeOutcomeUnknown, match="is not listed, nor has it a status") as caught:
        topup.reconcile(lost)
    assert isinstance(caught.value.cause, APIStatusError)


def test_a_lease_that_is_lost_and_found_again_sends_once(sandbox: Sandbox, journal: MovedJournal) -> None:
    # The first attempt is paused until its lease is over; nobody has taken the charge meanwhile, so it takes it again.
    journal.before["start_sending"] = journal.let_leases_end
    with topups_of(sandbox) as topup:
        assert not topup.create_once(key="refill", amount=5000, journal=journal).replayed
    assert journal.steps.count("claim") == 2
    assert charged(sandbox) == [5000]


@pytest.mark.slow
def test_wait_asks_more_than_twice(sandbox: Sandbox) -> None:
    sandbox.behave(settles_after=2)
    with topups_of(sandbox) as topup:
        made = topup.create(amount=5000)
        assert topup.wait(payment_intent_id=made.payment_intent_id, timeout=60).status == "completed"


def test_what_cannot_be_a_time_to_wait_is_named(topup: Topups, sandbox: Sandbox, journal: MovedJournal) -> None:
    with pytest.raises(TypeError, match=r"^wait must be a number, not 'long'"):
        topup.create_once(key="refill", amount=5000, journal=journal, wait="long")
    assert sandbox.requests() == []


def test_a_payment_that_an_error_names_is_believed_only_if_it_can_be_the_charges(
    topup: Topups, sandbox: Sandbox
) -> None:
    sandbox.behave(settles_after=3600)
    other = topup.create(amount=2000)
    lost = unknown_charge(sandbox, other.payment_intent_id)
    with pytest.raises(
        ChargeOutcomeUnknown, match=r"^The top-up of \$50\.00 .* a new invoice has another amount"
    ) as caught:
        topup.reconcile(lost)
    assert (caught.value.account_id, caught.value.amount) == (sandbox.account_id, 5000)


@pytest.mark.parametrize(
    ("state", "under_way", "error"),
    [
        ("sending", True, ChargeInProgress),
        ("intent", False, ChargeNotFound),
        ("not_found", False, ChargeNotFound),
        ("unknown", False, ChargeOutcomeUnknown),
        ("refused", False, ChargeError),
    ],
)
def test_every_error_about_a_charge_says_which(
    state: ChargeState, error: type[ChargeError], *, under_way: bool
) -> None:
    about: dict[str, Any] = {"account_id": "account", "amount": 5000, "key": "refill", "payment_id": "in_1"}
    with pytest.raises(ChargeError) as caught:
        outcome_or_error(Settled(ChargeRecord(**about, state=state), under_way))
    assert type(caught.value) is error
    assert {name: getattr(caught.value, name) for name in about} == about
