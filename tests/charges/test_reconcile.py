"""What became of a charge whose answer never came is found out from the invoices, and never by sending it again."""

from pathlib import Path
from typing import Any

import pytest
from aig_billing.errors import (
    ChargeError,
    ChargeNotFound,
    ChargeOutcomeUnknown,
    NotFoundError,
)
from sqlalchemy import update

from aig_billing_charges.schema import charges
from aig_billing_sandbox import Sandbox
from tests.charges.stage import MovedJournal, Topups, charged


@pytest.fixture(autouse=True)
def payments_take_long(sandbox: Sandbox) -> None:
    sandbox.behave(settles_after=3600)


def lose(
    topup: Topups, sandbox: Sandbox, journal: MovedJournal, key: str = "refill", *, amount: int = 5000, **fault: Any
) -> ChargeOutcomeUnknown:
    """Send a charge whose answer is lost."""
    terms: dict[str, Any] = fault or {"drop": "after"}
    sandbox.fault("topup.create", **terms)
    with pytest.raises(ChargeOutcomeUnknown) as caught:
        topup.create_once(key=key, amount=amount, journal=journal)
    return caught.value


@pytest.mark.parametrize("by", ["error", "key", "create_once"])
def test_a_lost_charge_that_was_made_is_found(topup: Topups, sandbox: Sandbox, journal: MovedJournal, by: str) -> None:
    error = lose(topup, sandbox, journal)
    if by == "create_once":
        outcome = topup.create_once(key="refill", amount=5000, journal=journal)
    else:
        outcome = topup.reconcile(error if by == "error" else "refill", journal=journal)
    assert outcome.payment_intent_id == sandbox.charges()[0].invoice_id
    assert (outcome.status, outcome.replayed, outcome.client_secret) == ("pending", True, None)
    assert charged(sandbox) == [5000]


def test_a_lost_charge_that_is_paid_by_now_is_found_completed(
    topup: Topups, sandbox: Sandbox, journal: MovedJournal
) -> None:
    lose(topup, sandbox, journal)
    sandbox.advance(hours=2)
    assert topup.reconcile("refill", journal=journal).status == "completed"
    assert journal.record(sandbox.account_id, "refill").state == "completed"


def test_a_lost_charge_that_was_not_made_is_not_found_after_the_window_and_its_key_is_spent(
    topup: Topups, sandbox: Sandbox, journal: MovedJournal
) -> None:
    error = lose(topup, sandbox, journal, drop="before")
    for _ in range(2):
        with pytest.raises(ChargeOutcomeUnknown, match="one may still appear: ask again in"):
            topup.reconcile(error, journal=journal)
    journal.let_windows_end()
    with pytest.raises(ChargeNotFound, match="take a new key"):
        topup.reconcile(error, journal=journal)
    # An invoice that comes later changes nothing about that.
    topup.create(amount=5000)
    with pytest.raises(ChargeNotFound) as caught:
        topup.reconcile("refill", journal=journal)
    assert caught.value.key == "refill"
    with pytest.raises(ChargeNotFound) as caught:
        topup.create_once(key="refill", amount=5000, journal=journal)
    assert caught.value.key == "refill"
    assert charged(sandbox) == [5000, 5000]


def test_a_late_invoice_is_found_when_it_comes(topup: Topups, sandbox: Sandbox, journal: MovedJournal) -> None:
    sandbox.behave(listed_after=600)
    lose(topup, sandbox, journal)
    with pytest.raises(ChargeOutcomeUnknown):
        topup.reconcile("refill", journal=journal)
    sandbox.advance(seconds=601)
    assert topup.reconcile("refill", journal=journal).payment_intent_id == sandbox.charges()[0].invoice_id


def test_an_unreachable_service_leaves_it_unknown(topup: Topups, sandbox: Sandbox, journal: MovedJournal) -> None:
    error = lose(topup, sandbox, journal)
    journal.let_windows_end()
    sandbox.fault("invoice_history", drop="before", times=3)
    for ask in range(3):
        with pytest.raises(ChargeOutcomeUnknown, match="the service could not be asked") as caught:
            topup.reconcile(error, journal=journal)
        assert caught.value.cause is not None
        assert journal.record(sandbox.account_id, "refill").state == "unknown", ask
    assert topup.reconcile(error, journal=journal).recorded


def test_several_new_invoices_leave_it_unknown_until_a_person_tells(
    topup: Topups, sandbox: Sandbox, journal: MovedJournal
) -> None:
    lose(topup, sandbox, journal)
    by_hand = topup.create(amount=5000).payment_intent_id
    with pytest.raises(ChargeOutcomeUnknown, match="several new invoices have its amount") as caught:
        topup.reconcile("refill", journal=journal)
    assert by_hand in str(caught.value)
    mine = sandbox.charges()[0].invoice_id
    outcome = topup.settle(key="refill", payment_id=mine, journal=journal)
    assert outcome.payment_intent_id == mine
    assert topup.create_once(key="refill", amount=5000, journal=journal).payment_intent_id == mine


def test_an_invoice_with_tax_leaves_it_unknown(topup: Topups, sandbox: Sandbox, journal: MovedJournal) -> None:
    sandbox.set_tax(10)
    lose(topup, sandbox, journal)
    journal.let_windows_end()
    with pytest.raises(ChargeOutcomeUnknown, match="a new invoice has another amount"):
        topup.reconcile("refill", journal=journal)


def test_a_charge_that_was_answered_is_known_by_its_id_whatever_its_invoice_is_over(
    topup: Topups, sandbox: Sandbox, journal: MovedJournal
) -> None:
    sandbox.set_tax(10)
    topup.create_once(key="refill", amount=5000, journal=journal)
    sandbox.advance(hours=2)
    assert topup.reconcile("refill", journal=journal).status == "completed"


def test_a_charge_that_was_answered_is_known_by_its_id_before_it_is_listed(
    topup: Topups, sandbox: Sandbox, journal: MovedJournal
) -> None:
    sandbox.behave(listed_after=600, settles_after=0)
    topup.create_once(key="refill", amount=5000, journal=journal)
    assert topup.reconcile("refill", journal=journal).status == "completed"


def test_the_journal_says_how_long_an_invoice_may_take(topup: Topups, sandbox: Sandbox, journal: MovedJournal) -> None:
    lose(topup, sandbox, journal, drop="before")
    journal.let_windows_end()
    journal.settling_window *= 2
    with pytest.raises(ChargeOutcomeUnknown, match="one may still appear: ask again in"):
        topup.reconcile("refill", journal=journal)
    journal.let_windows_end()
    with pytest.raises(ChargeNotFound):
        topup.reconcile("refill", journal=journal)


def test_more_pages_than_the_baseline_overlaps_leave_it_unknown(
    topup: Topups, sandbox: Sandbox, journal: MovedJournal
) -> None:
    sandbox.behave(invoices_per_page=2)
    lose(topup, sandbox, journal)
    for amount in (6000, 7000, 8000):
        topup.create(amount=amount)
    journal.let_windows_end()
    with pytest.raises(ChargeOutcomeUnknown, match="more pages than can be asked for"):
        topup.reconcile("refill", journal=journal)


def test_on_a_page_of_several_the_newest_is_found(topup: Topups, sandbox: Sandbox, journal: MovedJournal) -> None:
    sandbox.behave(invoices_per_page=2)
    for amount in (6000, 7000, 8000):
        topup.create(amount=amount)
    lose(topup, sandbox, journal)
    assert topup.reconcile("refill", journal=journal).payment_intent_id == sandbox.charges()[-1].invoice_id


def test_a_payment_that_was_listed_before_the_charge_is_not_its_own_although_the_journal_names_it(
    topup: Topups, sandbox: Sandbox, journal: MovedJournal
) -> None:
    """As a journal may have it that was written before such names were refused."""
    older = topup.create(amount=5000).payment_intent_id
    lose(topup, sandbox, journal, drop="before")
    with journal.transaction("name") as here:
        here.connection.execute(update(charges).values(payment_id=older))
    with pytest.raises(ChargeOutcomeUnknown, match="no invoice of it is listed yet"):
        topup.reconcile("refill", journal=journal)


def test_the_invoices_of_other_keys_are_not_taken(topup: Topups, sandbox: Sandbox, journal: MovedJournal) -> None:
    lose(topup, sandbox, journal, drop="before")
    topup.create_once(key="other", amount=5000, journal=journal)
    with pytest.raises(ChargeOutcomeUnknown, match="no invoice of it is listed yet"):
        topup.reconcile("refill", journal=journal)


def test_two_lost_charges_of_different_amounts_are_both_found(
    topup: Topups, sandbox: Sandbox, journal: MovedJournal
) -> None:
    lose(topup, sandbox, journal, "a", amount=5000)
    lose(topup, sandbox, journal, "b", amount=7000)
    found = [topup.reconcile(key, journal=journal).payment_intent_id for key in ("a", "b")]
    assert found == [charge.invoice_id for charge in sandbox.charges()]


def test_a_declined_charge_of_another_key_is_not_taken_for_the_lost_one(
    topup: Topups, sandbox: Sandbox, journal: MovedJournal
) -> None:
    sandbox.behave(listed_after=600)
    lose(topup, sandbox, journal)
    sandbox.behave(listed_after=0)
    sandbox.put_card("declines")
    with pytest.raises(Exception, match="CARD_DECLINED"):
        topup.create_once(key="declined", amount=5000, journal=journal)
    with pytest.raises(ChargeOutcomeUnknown):
        topup.reconcile("refill", journal=journal)
    sandbox.advance(seconds=601)
    assert topup.reconcile("refill", journal=journal).payment_intent_id == sandbox.charges()[0].invoice_id


def test_a_payment_that_is_given_up_later_ends_as_refused(
    topup: Topups, sandbox: Sandbox, journal: MovedJournal
) -> None:
    sandbox.put_card("declines_later")
    made = topup.create_once(key="refill", amount=5000, journal=journal)
    assert topup.reconcile("refill", journal=journal).status == "pending"
    sandbox.advance(hours=2)
    with pytest.raises(ChargeError, match="was given up unpaid") as caught:
        topup.reconcile("refill", journal=journal)
    assert caught.value.payment_id == made.payment_intent_id
    with pytest.raises(ChargeError, match="given up unpaid"):
        topup.create_once(key="refill", amount=5000, journal=journal)
    with pytest.raises(ChargeError, match="has it as refused"):
        topup.settle(key="refill", payment_id=made.payment_intent_id, journal=journal)
    assert charged(sandbox) == [5000]


def test_a_charge_under_which_nothing_was_sent_is_reported_as_that(
    topup: Topups, sandbox: Sandbox, journal: MovedJournal
) -> None:
    sandbox.fault("invoice_history", status=500)
    with pytest.raises(Exception, match="answered 500"):
        topup.create_once(key="refill", amount=5000, journal=journal)
    asked = len(sandbox.requests())
    with pytest.raises(ChargeNotFound, match="Nothing was sent yet"):
        topup.reconcile("refill", journal=journal)
    assert len(sandbox.requests()) == asked


def test_a_key_that_the_journal_does_not_know_is_reported(topup: Topups, journal: MovedJournal) -> None:
    with pytest.raises(ValueError, match=r"has no charge of the key 'refill'.*is it the right journal"):
        topup.reconcile("refill", journal=journal)
    with pytest.raises(TypeError):
        topup.reconcile(7, journal=journal)


def test_a_charge_that_keeps_moving_stays_unknown(topup: Topups, sandbox: Sandbox, journal: MovedJournal) -> None:
    lose(topup, sandbox, journal)
    owner = journal.record(sandbox.account_id, "refill").owner
    assert owner is not None

    def move() -> None:
        journal.before["conclude"] = move
        journal.record_unknown(sandbox.account_id, "refill", owner, "in_unheard_of", "told again")

    journal.before["conclude"] = move
    journal.steps.clear()
    with pytest.raises(ChargeOutcomeUnknown, match="the journal changed while the evidence was gathered"):
        topup.reconcile("refill", journal=journal)
    assert journal.steps.count("conclude") == 3


# Charges made without a key


def lose_plain(topup: Topups, sandbox: Sandbox, **fault: Any) -> ChargeOutcomeUnknown:
    sandbox.fault("topup.create", **fault)
    with pytest.raises(ChargeOutcomeUnknown) as caught:
        topup.create(amount=5000)
    assert caught.value.key is None
    return caught.value


def test_a_plain_charge_is_found_by_amount_and_time_without_a_journal(
    topup: Topups, sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIG_BILLING_JOURNAL", str(tmp_path / "journal.db"))
    error = lose_plain(topup, sandbox, drop="after")
    outcome = topup.reconcile(error)
    assert outcome.payment_intent_id == sandbox.charges()[0].invoice_id
    assert (outcome.key, outcome.replayed) == (None, True)
    assert list(tmp_path.iterdir()) == []


def test_a_plain_charge_that_is_not_listed_stays_unknown_within_the_window(topup: Topups, sandbox: Sandbox) -> None:
    error = lose_plain(topup, sandbox, drop="before")
    with pytest.raises(ChargeOutcomeUnknown, match="one may still appear"):
        topup.reconcile(error)
    assert error.sent_at is not None
    import datetime as dt

    error.sent_at -= dt.timedelta(minutes=25)
    with pytest.raises(ChargeNotFound, match=r"^The top-up of \$50\.00 for account .* left no invoice") as caught:
        topup.reconcile(error)
    assert (caught.value.account_id, caught.value.amount) == (sandbox.account_id, 5000)


def test_a_plain_charge_whose_payment_is_known_is_found_by_it(topup: Topups, sandbox: Sandbox) -> None:
    error = lose_plain(topup, sandbox, cut_off_after=150)
    assert error.payment_id is not None
    sandbox.fault("invoice_history", status=500)
    with pytest.raises(ChargeOutcomeUnknown) as still:
        topup.reconcile(error)
    assert still.value.payment_id == error.payment_id
    assert topup.reconcile(error).payment_intent_id == error.payment_id


def test_a_plain_charge_whose_payment_is_given_up_was_not_charged(topup: Topups, sandbox: Sandbox) -> None:
    sandbox.put_card("declines_later")
    error = lose_plain(topup, sandbox, cut_off_after=150)
    sandbox.advance(hours=2)
    with pytest.raises(ChargeError, match="given up unpaid") as caught:
        topup.reconcile(error)
    assert caught.value.payment_id == error.payment_id is not None


def test_a_plain_charge_of_another_account_is_found_there(topup: Topups, sandbox: Sandbox) -> None:
    other = sandbox.open_account()
    sandbox.fault("topup.create", drop="after")
    with pytest.raises(ChargeOutcomeUnknown) as lost:
        topup.create(amount=5000, account_id=other)
    sandbox.advance(hours=2)
    outcome = topup.reconcile(lost.value)
    assert (outcome.account_id, outcome.status) == (other, "completed")


def test_a_plain_charge_does_not_take_the_invoice_of_a_key(
    topup: Topups, sandbox: Sandbox, journal: MovedJournal
) -> None:
    error = lose_plain(topup, sandbox, drop="before")
    topup.create_once(key="refill", amount=5000, journal=journal)
    with pytest.raises(ChargeOutcomeUnknown, match="no invoice of it is listed yet"):
        topup.reconcile(error, journal=journal)


def test_a_plain_charge_with_an_unreachable_service_stays_unknown(topup: Topups, sandbox: Sandbox) -> None:
    error = lose_plain(topup, sandbox, drop="after")
    sandbox.fault("invoice_history", status=500)
    with pytest.raises(ChargeOutcomeUnknown, match="could not be asked"):
        topup.reconcile(error)


# Settled by hand


def test_a_person_can_tell_that_a_charge_was_not_made(topup: Topups, sandbox: Sandbox, journal: MovedJournal) -> None:
    lose(topup, sandbox, journal, drop="before")
    assert topup.settle(key="refill", payment_id=None, journal=journal) is None
    with pytest.raises(ChargeNotFound):
        topup.create_once(key="refill", amount=5000, journal=journal)


def test_a_person_cannot_overrule_an_answer_nor_name_another_charges_invoice(
    topup: Topups, sandbox: Sandbox, journal: MovedJournal
) -> None:
    other = topup.create_once(key="other", amount=5000, journal=journal).payment_intent_id
    lose(topup, sandbox, journal)
    with pytest.raises(ChargeError, match="that of another charge"):
        topup.settle(key="refill", payment_id=other, journal=journal)
    with pytest.raises(NotFoundError):
        topup.settle(key="refill", payment_id="in_that_is_not", journal=journal)
    sandbox.advance(hours=2)
    assert topup.reconcile("other", journal=journal).status == "completed"
    with pytest.raises(ChargeError, match="nothing to settle by hand"):
        topup.settle(key="other", payment_id=None, journal=journal)
    assert topup.settle(key="other", payment_id=other, journal=journal).status == "completed"
    with pytest.raises(ValueError, match="no charge of the key"):
        topup.settle(key="unheard-of", payment_id=None, journal=journal)
    mine = sandbox.charges()[1].invoice_id
    assert topup.settle(key="refill", payment_id=mine, journal=journal).status == "completed"


def test_a_person_can_settle_a_charge_of_another_account(
    topup: Topups, sandbox: Sandbox, journal: MovedJournal
) -> None:
    """The client's own account has no such payment."""
    other = sandbox.open_account()
    sandbox.fault("topup.create", drop="after")
    with pytest.raises(ChargeOutcomeUnknown):
        topup.create_once(key="refill", amount=5000, journal=journal, account_id=other)
    mine = sandbox.charges()[0].invoice_id
    outcome = topup.settle(key="refill", payment_id=mine, journal=journal, account_id=other)
    assert (outcome.payment_intent_id, outcome.account_id) == (mine, other)


def test_a_person_cannot_name_another_payment_for_a_charge_that_was_answered(
    topup: Topups, sandbox: Sandbox, journal: MovedJournal
) -> None:
    sandbox.behave(settles_after=3600)
    mine = topup.create_once(key="refill", amount=5000, journal=journal).payment_intent_id
    by_hand = topup.create(amount=5000).payment_intent_id
    with pytest.raises(ChargeError, match=f"nothing to settle by hand .* with the payment {mine}"):
        topup.settle(key="refill", payment_id=by_hand, journal=journal)
    assert journal.record(sandbox.account_id, "refill").payment_id == mine


def test_a_person_can_give_up_a_payment_that_nobody_confirms(
    topup: Topups, sandbox: Sandbox, journal: MovedJournal
) -> None:
    sandbox.put_card("needs_confirmation")
    topup.create_once(key="refill", amount=5000, journal=journal)
    assert topup.settle(key="refill", payment_id=None, journal=journal) is None
    with pytest.raises(ChargeError, match="a person settled"):
        topup.create_once(key="refill", amount=5000, journal=journal)
