"""A live sender is not taken for a dead one, a dead one is, and what a sender was given beats what was concluded without it."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import httpx
import psycopg
import pytest
from aig_billing.errors import (
    APIStatusError,
    ChargeInProgress,
    ChargeNotFound,
    ChargeOutcomeUnknown,
    JournalError,
)
from aig_billing.models import TopupCreateResponse
from psycopg import sql

from aig_billing_charges.evidence import InvoiceList
from aig_billing_charges.journal import AccountChanged, Journal, LeaseLost
from aig_billing_charges.record import RecordedRefusal
from aig_billing_sandbox import Sandbox
from tests.charges.stage import MovedJournal, Through, Topups, charged, claim_charge, is_charge, topups_of

NOTHING = InvoiceList((), has_more=False, total=0)
ANSWERED = TopupCreateResponse(
    client_secret=None, payment_intent_id="in_1", onboarding=True, brand="visa", last4="4242"
)


class Killed(BaseException):
    """Stands for the end of a process: nothing of it is caught or written down."""


def test_while_a_sender_lives_nobody_settles_its_charge(sandbox: Sandbox, journal: MovedJournal) -> None:
    sent, go_on = threading.Event(), threading.Event()

    def hold_up(request: httpx.Request) -> None:
        if is_charge(request):
            sent.set()
            assert go_on.wait(120)

    with (
        topups_of(sandbox, transport=Through(sandbox.transport(), hold_up)) as sender,
        topups_of(sandbox, deadline=0.2) as other,
        ThreadPoolExecutor(1) as threads,
    ):
        outcome = threads.submit(sender.create_once, key="refill", amount=5000, journal=journal)
        assert sent.wait(10)
        # Nearly the whole deadline has passed.
        journal.pass_time(119)
        with pytest.raises(ChargeInProgress):
            other.create_once(key="refill", amount=5000, journal=journal)
        with pytest.raises(ChargeInProgress, match="when its lease is over"):
            other.reconcile("refill", journal=journal)
        assert journal.record(sandbox.account_id, "refill").state == "sending"
        go_on.set()
        assert outcome.result(10).recorded
    assert charged(sandbox) == [5000]


def die(journal: MovedJournal, topup: Topups, step: str, when: str = "after") -> None:
    """Let an attempt end at a step as a killed process would, with no word to the journal."""

    def kill() -> None:
        for later in ("release", "record_unknown"):
            journal.before[later] = kill
        raise Killed

    getattr(journal, when)[step] = kill
    with pytest.raises(Killed):
        topup.create_once(key="refill", amount=5000, journal=journal)
    journal.before.clear()
    journal.after.clear()


@pytest.mark.parametrize(("step", "when"), [("claim", "before"), ("claim", "after"), ("start_sending", "before")])
def test_what_died_before_sending_is_taken_over_when_its_lease_ends(
    sandbox: Sandbox, journal: MovedJournal, step: str, when: str
) -> None:
    with topups_of(sandbox, deadline=0.3) as topup:
        die(journal, topup, step, when)
        if (step, when) != ("claim", "before"):
            with pytest.raises(ChargeInProgress):
                topup.create_once(key="refill", amount=5000, journal=journal)
            journal.let_leases_end()
    # This one sends, and a busy machine takes longer than that deadline.
    with topups_of(sandbox) as topup:
        assert not topup.create_once(key="refill", amount=5000, journal=journal).replayed
    assert charged(sandbox) == [5000]


def test_what_died_between_lease_and_send_is_never_sent_by_others(
    topup: Topups, sandbox: Sandbox, journal: MovedJournal
) -> None:
    die(journal, topup, "start_sending")
    journal.let_leases_end()
    with pytest.raises(ChargeOutcomeUnknown, match="one may still appear"):
        topup.create_once(key="refill", amount=5000, journal=journal)
    journal.let_windows_end()
    with pytest.raises(ChargeNotFound):
        topup.create_once(key="refill", amount=5000, journal=journal)
    assert charged(sandbox) == []


def test_what_died_with_the_answer_in_hand_is_found(topup: Topups, sandbox: Sandbox, journal: MovedJournal) -> None:
    die(journal, topup, "record_sent", "before")
    journal.let_leases_end()
    outcome = topup.create_once(key="refill", amount=5000, journal=journal)
    assert outcome.payment_intent_id == sandbox.charges()[0].invoice_id
    assert charged(sandbox) == [5000]


@pytest.mark.parametrize("step", ["start_sending", "keep_sending"])
def test_a_sender_that_was_paused_past_its_lease_finds_out_before_it_sends(
    sandbox: Sandbox, journal: MovedJournal, step: str
) -> None:
    left = 1

    def refuse_once(request: httpx.Request) -> None:
        nonlocal left
        if is_charge(request) and left and step == "keep_sending":
            left -= 1
            raise httpx.ConnectError("refused", request=request)

    with topups_of(sandbox) as other:

        def sleep_while_another_comes() -> None:
            journal.let_windows_end()
            if step == "start_sending":
                other.create_once(key="refill", amount=5000, journal=journal)
            else:
                with pytest.raises(ChargeNotFound):
                    other.create_once(key="refill", amount=5000, journal=journal)

        journal.before[step] = sleep_while_another_comes
        with topups_of(sandbox, transport=Through(sandbox.transport(), refuse_once), max_retries=1) as paused:
            if step == "start_sending":
                assert paused.create_once(key="refill", amount=5000, journal=journal).replayed
            else:
                with pytest.raises(ChargeNotFound):
                    paused.create_once(key="refill", amount=5000, journal=journal)
    assert charged(sandbox) == ([5000] if step == "start_sending" else [])


def sending(journal: MovedJournal, key: str, owner: str) -> None:
    claim_charge(journal, "account", key, 5000, owner, lease=10)
    journal.start_sending("account", key, owner, NOTHING, lease=10)


def test_an_answer_that_comes_after_all_beats_what_was_concluded_without_it(journal: MovedJournal) -> None:
    from aig_billing_charges.evidence import Found, NotFound

    journal.prepare()
    sending(journal, "late", "slow")
    sending(journal, "lost", "gone")
    journal.let_leases_end()
    journal.conclude(journal.record("account", "late"), NotFound())
    assert journal.record("account", "late").state == "not_found"
    # The invoice of the slow one is taken for that of the other.
    journal.conclude(journal.record("account", "lost"), Found("in_1", "completed"))
    assert journal.record("account", "lost").state == "completed"

    journal.record_sent("account", "late", "slow", ANSWERED)
    assert journal.record("account", "late").state == "sent"
    assert journal.record("account", "late").payment_id == "in_1"
    withdrawn = journal.record("account", "lost")
    assert (withdrawn.state, withdrawn.payment_id) == ("unknown", None)
    assert "turned out to be of the charge 'late'" in str(withdrawn.note)


def test_a_refusal_that_comes_after_all_beats_what_was_concluded_without_it(journal: MovedJournal) -> None:
    from aig_billing_charges.evidence import Found

    journal.prepare()
    sending(journal, "late", "slow")
    journal.let_leases_end()
    journal.conclude(journal.record("account", "late"), Found("in_of_another", "pending"))
    journal.record_refused("account", "late", "slow", RecordedRefusal(402, "declined"))
    found = journal.record("account", "late")
    assert (found.state, found.payment_id) == ("refused", None)


def test_telling_the_journal_twice_changes_nothing(journal: MovedJournal) -> None:
    journal.prepare()
    sending(journal, "refill", "me")
    journal.record_sent("account", "refill", "me", ANSWERED)
    before = journal.record("account", "refill")
    journal.record_sent("account", "refill", "me", ANSWERED)
    journal.record_unknown("account", "refill", "me", None, "too late")
    journal.record_refused("account", "refill", "me", RecordedRefusal(402, "too late"))
    assert journal.record("account", "refill") == before


@pytest.mark.parametrize("moved", [lambda journal: None, lambda journal: journal.let_leases_end()])
def test_only_the_owner_of_a_live_lease_may_send(journal: MovedJournal, moved: Callable[[MovedJournal], None]) -> None:
    journal.prepare()
    assert claim_charge(journal, "account", "refill", 5000, "me", lease=10)[1]
    other, mine = claim_charge(journal, "account", "refill", 5000, "you", lease=10)
    assert (mine, other.owner) == (False, "me")
    with pytest.raises(LeaseLost):
        journal.start_sending("account", "refill", "you", NOTHING, lease=10)
    journal.let_leases_end()
    with pytest.raises(LeaseLost):
        journal.start_sending("account", "refill", "me", NOTHING, lease=10)
    assert claim_charge(journal, "account", "refill", 5000, "you", lease=10)[1]
    journal.start_sending("account", "refill", "you", NOTHING, lease=10)
    moved(journal)
    assert not claim_charge(journal, "account", "refill", 5000, "me", lease=10)[1]
    with pytest.raises(LeaseLost):
        journal.keep_sending("account", "refill", "me", lease=10)
    journal.release("account", "refill", "me")
    assert journal.record("account", "refill").state == "sending"


def test_an_invoice_is_not_taken_while_another_charge_is_under_way(journal: MovedJournal) -> None:
    from aig_billing_charges.evidence import Found, Inconclusive

    journal.prepare()
    sending(journal, "lost", "gone")
    journal.let_leases_end()
    sending(journal, "live", "me")
    concluded = journal.conclude(journal.record("account", "lost"), Found("in_1", "pending"))
    assert isinstance(concluded[1], Inconclusive)
    assert "may belong to the charge 'live'" in concluded[1].missing
    journal.record_sent("account", "live", "me", ANSWERED)
    concluded = journal.conclude(journal.record("account", "lost"), Found("in_1", "pending"))
    assert isinstance(concluded[1], Inconclusive)
    assert "belongs to the charge 'live'" in concluded[1].missing
    assert journal.record("account", "lost").state == "unknown"


def test_a_verdict_on_a_charge_that_has_moved_since_is_not_kept(journal: MovedJournal) -> None:
    from aig_billing_charges.evidence import NotFound

    journal.prepare()
    sending(journal, "refill", "me")
    seen = journal.record("account", "refill")
    journal.record_sent("account", "refill", "me", ANSWERED)
    journal.let_windows_end()
    assert journal.conclude(seen, NotFound())[1] is None
    assert journal.record("account", "refill").state == "sent"


def test_a_wish_that_rests_on_an_older_state_of_the_account_is_refused(journal: MovedJournal) -> None:
    journal.prepare()
    view = journal.view("account", since_ms=0)
    sending(journal, "first", "me")
    with pytest.raises(AccountChanged):
        claim_charge(journal, "account", "second", 5000, "me", lease=10, version=view.version)
    view = journal.view("account", since_ms=0)
    assert [record.key for record in view.records] == ["first"]
    assert claim_charge(journal, "account", "second", 5000, "me", lease=10, version=view.version)[1]


def test_a_refusal_is_reported_with_the_class_it_had(topup: Topups, sandbox: Sandbox, journal: MovedJournal) -> None:
    sandbox.remove_card()
    for _ in range(2):
        with pytest.raises(APIStatusError, match="NO_PAYMENT_METHOD"):
            topup.create_once(key="refill", amount=5000, journal=journal)
    assert journal.record(sandbox.account_id, "refill").state == "refused"


@pytest.mark.slow
def test_the_first_transactions_of_an_account_exclude_each_other_too(place: str) -> None:
    first, second, impatient = Journal(place), Journal(place), Journal(place, timeout=0.3)
    entered, leave = threading.Event(), threading.Event()

    def enter_second() -> None:
        with second.transaction("second", "an account"):
            entered.set()
            assert leave.wait(60)

    for journal in (first, second, impatient):
        journal.prepare()
    with ThreadPoolExecutor(1) as threads:
        with first.transaction("first", "an account"):
            waiting = threads.submit(enter_second)
            time.sleep(0.3)  # for it to wait for the row that is not committed yet; nothing fails if it is late
            assert not entered.is_set()
        assert entered.wait(60)
        with pytest.raises(JournalError, match="too long"), impatient.transaction("third", "an account"):
            pass
        leave.set()
        waiting.result()


def test_the_clock_of_a_transaction_is_read_after_it_has_waited(place: str) -> None:
    first, second, third = Journal(place), Journal(place), Journal(place)

    def moment() -> int:
        with second.transaction("second", "an account") as here:
            return here.now_ms

    for journal in (first, second, third):
        journal.prepare()
    with ThreadPoolExecutor(1) as threads:
        with first.transaction("first", "an account") as here:
            waiting = threads.submit(moment)
            time.sleep(0.3)  # for it to wait; nothing fails if it is late
            begun = here.now_ms
        assert waiting.result() >= begun + 300


def test_each_state_gives_way_only_to_what_knows_more(journal: MovedJournal) -> None:
    from aig_billing_charges.evidence import Found, Inconclusive, NotFound

    refusal = RecordedRefusal(402, "declined")
    journal.prepare()
    for key in ("refused", "sent"):
        sending(journal, key, "me")
        journal.record_unknown("account", key, "me", f"in_{key}", "cut off")
        given_up = journal.conclude(journal.record("account", key), Found(f"in_{key}", "failed"))[0]
        assert (given_up.state, given_up.proof) == ("refused", "invoice")
        # The status of a payment that was given up comes too late.
        assert journal.record_status("account", key, f"in_{key}", "completed") == given_up
    refused = journal.record_refused("account", "refused", "me", refusal)
    assert (refused.state, refused.proof, refused.refusal) == ("refused", "answer", refusal)
    assert (refused.payment_id, refused.note, refused.lease_ms) == (None, None, None)
    assert journal.record_sent("account", "refused", "me", ANSWERED) == refused
    assert journal.record_sent("account", "sent", "me", ANSWERED).state == "sent"
    assert journal.record_refused("account", "sent", "me", refusal).state == "sent"

    sending(journal, "missing", "me")
    journal.let_windows_end()
    assert journal.conclude(journal.record("account", "missing"), NotFound())[0].state == "not_found"
    late = journal.record_unknown("account", "missing", "me", "in_late", "it came after all")
    assert (late.state, late.payment_id) == ("unknown", "in_late")
    seen = journal.conclude(late, Inconclusive("no answer"))[0]
    assert (seen.state, seen.note) == ("unknown", "no answer")
    assert journal.record_status("account", "missing", "in_another", "completed") == seen
    assert journal.conclude(seen, NotFound())[0].state == "not_found"
    assert journal.record_refused("account", "missing", "me", refusal).state == "refused"

    sending(journal, "named", "me")
    journal.record_unknown("account", "named", "me", "in_named", "cut off")
    paid = journal.record_status("account", "named", "in_named", "completed")
    assert paid is not None
    assert (paid.state, paid.note) == ("completed", None)


def test_a_charge_of_another_account_contests_nothing(journal: MovedJournal) -> None:
    from aig_billing_charges.evidence import Found

    journal.prepare()
    sending(journal, "lost", "gone")
    journal.let_leases_end()
    assert claim_charge(journal, "another", "live", 5000, "me", lease=10)[1]
    journal.start_sending("another", "live", "me", NOTHING, lease=10)
    assert journal.conclude(journal.record("account", "lost"), Found("in_1", "pending"))[0].state == "sent"


def test_what_is_given_back_while_it_is_settled_is_claimed_again_and_sent_once(
    sandbox: Sandbox, journal: MovedJournal
) -> None:
    journal.prepare()
    name = (sandbox.account_id, "refill")
    claim_charge(journal, *name, 5000, "first", lease=60)
    journal.start_sending(*name, "first", NOTHING, lease=60)
    journal.let_leases_end()
    journal.before["find"] = lambda: journal.release(*name, "first")
    with topups_of(sandbox) as topup:
        assert not topup.create_once(key="refill", amount=5000, journal=journal).replayed
    assert charged(sandbox) == [5000]


@pytest.mark.slow
def test_one_key_is_charged_once_although_a_database_is_serializable_by_default(
    sandbox: Sandbox, postgresql_place: str
) -> None:
    with psycopg.connect(postgresql_place, autocommit=True) as admin:
        statement = "ALTER DATABASE {} SET default_transaction_isolation = serializable"
        admin.execute(sql.SQL(statement).format(sql.Identifier(admin.info.dbname)))
    sandbox.fault("topup.create", delay_before=0.2)
    journal = MovedJournal(postgresql_place)
    with topups_of(sandbox) as topup, ThreadPoolExecutor(8) as threads:
        outcomes = list(threads.map(lambda _: topup.create_once(key="refill", amount=5000, journal=journal), range(8)))
    assert len({outcome.payment_intent_id for outcome in outcomes}) == 1
    assert charged(sandbox) == [5000]
