"""Each step of the journal by itself, on an SQLite file: what it keeps, what it leaves, and what it refuses."""

import datetime as dt
import sqlite3
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from aig_billing.errors import JournalError
from aig_billing.models import TopupCreateResponse
from sqlalchemy import event, text

from aig_billing_charges.evidence import Found, Inconclusive, InvoiceList, ListedInvoice, NotFound
from aig_billing_charges.journal import AccountChanged, LeaseLost, Spent
from aig_billing_charges.record import STATES, TRANSITIONS, ChargeRecord, RecordedRefusal
from tests.charges.stage import MovedJournal, claim_charge

NOTHING = InvoiceList((), has_more=False, total=0)
REFUSAL = RecordedRefusal(402, "declined")
DAY_MS = 86_400_000


def answered(payment_id: str = "in_1") -> TopupCreateResponse:
    return TopupCreateResponse(
        client_secret=None, payment_intent_id=payment_id, onboarding=True, brand="visa", last4="4242"
    )


def listed(*invoices: tuple[str, int], service_time: float | None = None) -> InvoiceList:
    found = tuple(ListedInvoice(name, Decimal(due), Decimal(0), "open", 10.0) for name, due in invoices)
    return InvoiceList(found, has_more=False, total=len(found), service_time=service_time)


@pytest.fixture
def journal(tmp_path: Path) -> MovedJournal:
    journal = MovedJournal(tmp_path / "journal.db")
    journal.prepare()
    return journal


def sending(
    journal: MovedJournal, key: str, *, account: str = "account", amount: int = 5000, before: InvoiceList = NOTHING
) -> ChargeRecord:
    """Bring a charge as far as its request; its attempt has the name of its key."""
    assert claim_charge(journal, account, key, amount, key, lease=10)[1]
    journal.start_sending(account, key, key, before, lease=10)
    return journal.record(account, key)


def test_a_claim_keeps_what_was_asked_for(journal: MovedJournal) -> None:
    claim_charge(journal, "account", "k", 5000, "k", lease=10, payment_method_id="pm_1", balance_before=Decimal("12.5"))
    kept = journal.record("account", "k")
    assert (kept.amount, kept.payment_method_id, kept.balance_before) == (5000, "pm_1", Decimal("12.5"))
    assert (kept.state, kept.owner) == ("intent", "k")
    assert kept.created_ms == kept.changed_ms
    assert kept.lease_ms == kept.created_ms + 10_000 + journal.lease_margin * 1000


def test_a_charge_that_is_taken_over_rests_on_the_new_callers_wish(journal: MovedJournal) -> None:
    claim_charge(journal, "account", "k", 5000, "first", lease=10, balance_before=Decimal(1))
    journal.let_leases_end()
    taken, mine = claim_charge(journal, "account", "k", 5000, "second", lease=10, balance_before=Decimal(2))
    assert (mine, taken.owner) == (True, "second")
    kept, now_ms = journal.find("account", "k")
    assert kept is not None
    assert kept.balance_before == Decimal(2)
    assert kept.is_under_way(now_ms)


@pytest.mark.parametrize("other", [{"amount": 6000}, {"payment_method_id": "pm_2"}])
def test_a_key_of_another_charge_is_not_taken_over_although_its_lease_is_over(
    journal: MovedJournal, other: dict[str, object]
) -> None:
    terms = {"amount": 5000, "payment_method_id": "pm_1", "lease": 10}
    claim_charge(journal, "account", "k", owner="first", **terms)  # type: ignore[arg-type]  # each has its type
    journal.let_leases_end()
    found, mine = claim_charge(journal, "account", "k", owner="second", **{**terms, **other})  # type: ignore[arg-type]
    assert (mine, found.owner) == (False, "first")
    assert journal.record("account", "k").owner == "first"


def test_a_charge_is_claimed_again_only_while_nothing_was_sent_and_nobody_has_it(journal: MovedJournal) -> None:
    claim_charge(journal, "account", "k", 5000, "first", lease=10)
    other, mine = claim_charge(journal, "account", "k", 5000, "second", lease=10)
    assert (mine, other.owner) == (False, "first")
    journal.start_sending("account", "k", "first", NOTHING, lease=10)
    journal.let_leases_end()
    for end in (lambda: None, lambda: journal.record_sent("account", "k", "first", answered())):
        end()
        later, mine = claim_charge(journal, "account", "k", 5000, "third", lease=10)
        assert (mine, later.owner) == (False, "first")


def test_a_claim_refuses_whoever_looked_at_the_account_before_it(journal: MovedJournal) -> None:
    seen = journal.view("account", since_ms=0).version
    claim_charge(journal, "account", "k", 5000, "first", lease=10)
    with pytest.raises(AccountChanged):
        claim_charge(journal, "account", "other", 5000, "second", lease=10, version=seen)


def test_what_is_listed_before_a_charge_is_kept_with_both_clocks(journal: MovedJournal) -> None:
    ahead = 7.0
    before = listed(("in_old", 700), service_time=journal.now_ms() / 1000 + ahead)
    kept = sending(journal, "k", before=before)
    assert kept.baseline is not None
    assert (kept.baseline.ids, kept.baseline.newest, kept.baseline.taken_ms) == (("in_old",), 10.0, kept.changed_ms)
    # The clock of the transaction went on between the two looks at it.
    assert kept.baseline.service_ahead_ms is not None
    assert 0 < kept.baseline.service_ahead_ms <= ahead * 1000
    assert kept.left_by_ms == kept.lease_ms == kept.changed_ms + 10_000 + journal.lease_margin * 1000


def test_a_further_try_moves_the_time_by_which_the_request_left(journal: MovedJournal) -> None:
    first = sending(journal, "k")
    journal.pass_time(5)
    journal.keep_sending("account", "k", "k", lease=10)
    later = journal.record("account", "k")
    assert later.left_by_ms == later.lease_ms
    assert later.left_by_ms is not None
    assert first.left_by_ms is not None
    assert later.left_by_ms >= first.left_by_ms + 5000
    assert later.baseline == first.baseline


def test_what_each_way_of_giving_a_charge_back_keeps(journal: MovedJournal) -> None:
    before = listed(("in_old", 700))
    for key, refused in (("refused", True), ("unsent", False)):
        sending(journal, key, before=before)
        journal.release("account", key, "another attempt", refused=refused)
        assert journal.record("account", key).state == "sending"
        journal.release("account", key, key, refused=refused)
        free = journal.record("account", key)
        assert (free.state, free.owner, free.lease_ms) == ("intent", None, None)
        assert (free.baseline is not None) is refused
        assert (free.left_by_ms is not None) is refused
    # One that was refused keeps its list through an attempt that comes to nothing.
    assert claim_charge(journal, "account", "refused", 5000, "next", lease=10)[1]
    journal.release("account", "refused", "next")
    kept = journal.record("account", "refused")
    assert (kept.baseline is not None, kept.left_by_ms is not None, kept.owner) == (True, True, None)


def test_a_charge_that_was_refused_and_may_have_been_made_is_doubted_by_its_owner_alone(journal: MovedJournal) -> None:
    claim_charge(journal, "account", "k", 5000, "k", lease=10)
    journal.doubt("account", "k", "another attempt")
    assert journal.record("account", "k").state == "intent"
    journal.doubt("account", "k", "k")
    doubted = journal.record("account", "k")
    assert (doubted.state, doubted.lease_ms) == ("unknown", None)
    assert "a new invoice has its amount" in str(doubted.note)
    sending(journal, "sent")
    journal.doubt("account", "sent", "sent")
    assert journal.record("account", "sent").state == "sending"


def test_a_recorded_refusal_leaves_nothing_of_the_lease_and_of_the_doubt(journal: MovedJournal) -> None:
    sending(journal, "at once")
    refused = journal.record_refused("account", "at once", "at once", REFUSAL)
    assert (refused.state, refused.proof, refused.refusal, refused.lease_ms) == ("refused", "answer", REFUSAL, None)
    sending(journal, "late")
    journal.record_unknown("account", "late", "late", "in_1", "cut off")
    refused = journal.record_refused("account", "late", "late", REFUSAL)
    assert (refused.note, refused.payment_id) == (None, None)


def test_an_answer_leaves_nothing_of_the_lease_the_doubt_and_the_refusal(journal: MovedJournal) -> None:
    sending(journal, "at once")
    assert journal.record_sent("account", "at once", "at once", answered("in_0")).lease_ms is None
    sending(journal, "late")
    journal.record_unknown("account", "late", "late", "in_1", "cut off")
    # It names the payment that a part of it named before.
    sent = journal.record_sent("account", "late", "late", answered())
    assert (sent.state, sent.proof, sent.payment_id, sent.note) == ("sent", "answer", "in_1", None)
    sending(journal, "given up")
    journal.let_leases_end()
    given_up = journal.conclude(journal.record("account", "given up"), Found("in_2", "failed"))[0]
    assert (given_up.state, given_up.refusal is not None) == ("refused", True)
    sent = journal.record_sent("account", "given up", "given up", answered("in_2"))
    assert (sent.state, sent.refusal) == ("sent", None)


def test_an_answer_does_not_undo_that_its_payment_is_completed(journal: MovedJournal) -> None:
    for key, named, state in (("same", "in_same", "completed"), ("other", "in_other", "sent")):
        sending(journal, key)
        journal.let_leases_end()
        assert journal.conclude(journal.record("account", key), Found("in_same", "completed"))[0].state in {
            "completed",
            "unknown",
        }
        assert journal.record_sent("account", key, key, answered(named)).state == state


@pytest.mark.parametrize("concluded", ["pending", "completed"])
def test_an_invoice_that_was_guessed_to_be_anothers_goes_to_its_sender(journal: MovedJournal, concluded: str) -> None:
    sending(journal, "sender")
    sending(journal, "guessed")
    journal.let_leases_end()
    verdict = Found("in_1", concluded, Decimal(5250))  # type: ignore[arg-type]  # one of its words
    guessed = journal.conclude(journal.record("account", "guessed"), verdict)[0]
    assert (guessed.proof, guessed.invoiced) == ("invoice", Decimal(5250))
    assert journal.record_sent("account", "sender", "sender", answered()).state == "sent"
    left = journal.record("account", "guessed")
    assert (left.state, left.payment_id, left.invoiced, left.proof) == ("unknown", None, None, None)


def test_a_charge_whose_guessed_invoice_was_given_up_stays_refused_when_its_sender_comes(journal: MovedJournal) -> None:
    sending(journal, "sender")
    sending(journal, "guessed")
    journal.let_leases_end()
    journal.conclude(journal.record("account", "guessed"), Found("in_1", "failed"))
    assert journal.record_sent("account", "sender", "sender", answered()).state == "sent"
    assert journal.record("account", "guessed").state == "refused"


def test_a_payment_that_is_anothers_leaves_a_charge_unknown(journal: MovedJournal) -> None:
    sending(journal, "other")
    journal.record_sent("account", "other", "other", answered("in_theirs"))
    before = listed(("in_old", 700))
    for key, named in (("theirs", "in_theirs"), ("older", "in_old")):
        sending(journal, key, before=before)
        kept = journal.record_sent("account", key, key, answered(named))
        assert (kept.state, kept.payment_id, kept.proof, kept.lease_ms) == ("unknown", None, None, None)
        assert f"named the payment {named}" in str(kept.note)
        sending(journal, f"{key} in part", before=before)
        kept = journal.record_unknown("account", f"{key} in part", f"{key} in part", named, "cut off")
        assert (kept.state, kept.payment_id, kept.note) == ("unknown", None, "cut off")


def test_that_an_answer_never_came_changes_nothing_of_what_is_known_by_then(journal: MovedJournal) -> None:
    sending(journal, "k")
    unknown = journal.record_unknown("account", "k", "k", "in_1", "cut off")
    assert (unknown.state, unknown.lease_ms, unknown.left_by_ms) == ("unknown", None, unknown.changed_ms)
    assert journal.record_unknown("account", "k", "k", None, "again") == unknown
    assert journal.record_unknown("account", "k", "k", "in_2", "again").payment_id == "in_2"
    found = journal.conclude(journal.record("account", "k"), Found("in_2", "pending"))[0]
    assert journal.record_unknown("account", "k", "k", "in_3", "again") == found


def test_the_status_of_a_charge_that_the_journal_does_not_have_is_nothing(journal: MovedJournal) -> None:
    assert journal.record_status("account", "never", "in_1", "completed") is None
    sending(journal, "k")
    journal.record_sent("account", "k", "k", answered())
    paid = journal.record_status("account", "k", "in_1", "completed")
    assert paid is not None
    assert (paid.state, paid.proof) == ("completed", "answer")


@pytest.mark.parametrize("other", ["claimed", "dead", "of another account", "paid in another account"])
def test_what_cannot_have_an_invoice_does_not_contest_it(journal: MovedJournal, other: str) -> None:
    sending(journal, "lost")
    if other == "dead":
        sending(journal, "other")
    journal.let_leases_end()
    if other == "claimed":
        assert claim_charge(journal, "account", "other", 5000, "other", lease=10)[1]
    elif other == "of another account":
        sending(journal, "other", account="another")
    elif other == "paid in another account":
        sending(journal, "other", account="another")
        journal.record_sent("another", "other", "other", answered())
    concluded = journal.conclude(journal.record("account", "lost"), Found("in_1", "pending"))
    assert (concluded[0].state, concluded[0].payment_id) == ("sent", "in_1")


def test_a_verdict_is_not_kept_while_the_sender_may_live_nor_once_it_is_final(journal: MovedJournal) -> None:
    live = sending(journal, "live")
    assert journal.conclude(live, NotFound())[1] is None
    assert journal.record("account", "live") == live
    sending(journal, "gone")
    journal.let_leases_end()
    final = journal.conclude(journal.record("account", "gone"), NotFound())[0]
    assert final.state == "not_found"
    assert journal.conclude(final, Found("in_1", "completed"))[1] is None
    assert journal.record("account", "gone") == final


def test_a_verdict_that_changes_nothing_is_no_transition(journal: MovedJournal) -> None:
    sending(journal, "k")
    journal.let_leases_end()
    seen = journal.conclude(journal.record("account", "k"), Inconclusive("not yet"))[0]
    version = journal.view("account", since_ms=0).version
    again = journal.conclude(seen, Inconclusive("not yet"))
    assert again == (seen, Inconclusive("not yet"))
    assert journal.view("account", since_ms=0).version == version
    assert journal.conclude(seen, NotFound())[0].note is None


def test_a_verdict_without_an_amount_keeps_the_one_that_is_known(journal: MovedJournal) -> None:
    sending(journal, "k")
    journal.let_leases_end()
    first = journal.conclude(journal.record("account", "k"), Found("in_1", "pending", Decimal(5250)))[0]
    assert (first.invoiced, first.proof, first.lease_ms) == (Decimal(5250), "invoice", None)
    assert journal.conclude(first, Found("in_1", "completed"))[0].invoiced == Decimal(5250)
    # What an answer proved stays proved by it.
    sending(journal, "answered")
    journal.record_sent("account", "answered", "answered", answered("in_2"))
    record = journal.conclude(journal.record("account", "answered"), Found("in_2", "completed", Decimal(5250)))[0]
    assert (record.state, record.proof) == ("completed", "answer")


def test_the_settling_of_a_person_is_held_against_what_the_journal_knows(journal: MovedJournal) -> None:
    assert journal.settle_by_hand("account", "never", None) is None
    live = sending(journal, "k", before=listed(("in_old", 700)))
    assert journal.settle_by_hand("account", "k", None) == live
    journal.let_leases_end()
    missing = journal.settle_by_hand("account", "k", None)
    assert missing is not None
    assert (missing.state, missing.proof, missing.lease_ms) == ("not_found", "person", None)
    # Whoever finds it after all may say so.
    found = journal.settle_by_hand("account", "k", "in_1")
    assert found is not None
    assert (found.state, found.proof, found.payment_id) == ("sent", "person", "in_1")
    given_up = journal.settle_by_hand("account", "k", None)
    assert given_up is not None
    assert (given_up.state, given_up.proof) == ("refused", "person")
    assert given_up.refusal is not None
    assert (given_up.refusal.status, "in_1 will not be paid" in given_up.refusal.message) == (None, True)
    sending(journal, "noted")
    journal.record_unknown("account", "noted", "noted", None, "lost")
    settled = journal.settle_by_hand("account", "noted", None)
    assert settled is not None
    assert (settled.state, settled.note) == ("not_found", None)


def test_a_step_leaves_the_same_key_of_another_account_as_it_is(journal: MovedJournal) -> None:
    sending(journal, "k")
    theirs = sending(journal, "k", account="another")
    assert journal.record_refused("account", "k", "k", REFUSAL).state == "refused"
    assert journal.record("another", "k") == theirs


def test_what_the_journal_knows_of_other_charges(journal: MovedJournal) -> None:
    sending(journal, "me")
    for key, amount in (("open", 1001), ("unknown", 1002), ("named", 1003), ("owned", 1004), ("adopted", 1005)):
        sending(journal, key, amount=amount)
    sending(journal, "settled", amount=1000)
    claim_charge(journal, "account", "intent", 1006, "intent", lease=10)
    sending(journal, "open", account="another", amount=1007)
    journal.let_leases_end()
    journal.record_unknown("account", "unknown", "unknown", None, "lost")
    journal.record_unknown("account", "named", "named", "in_named", "cut off")
    journal.record_sent("account", "owned", "owned", answered("in_owned"))
    journal.conclude(journal.record("account", "owned"), Found("in_owned", "completed", Decimal("1054.2")))
    journal.conclude(journal.record("account", "adopted"), Found("in_adopted", "pending", Decimal(2010)))
    settled = journal.settle_by_hand("account", "settled", "in_settled")
    assert settled is not None
    journal.conclude(settled, Found("in_settled", "completed", Decimal(1190)))
    asked = ["in_named", "in_owned", "in_adopted", "in_settled", "in_nobodys", None]
    others = journal.others("account", "me", asked)
    assert others.owned == {"in_named", "in_owned", "in_settled"}
    assert others.adopted == {"in_adopted"}
    assert sorted(others.open_amounts) == [1001, 1002]
    # What was guessed from the amount says nothing about what the service adds to it.
    assert others.ratios == {Fraction(21, 20), Fraction(119, 100)}
    mine_alone = journal.others("account", "owned", asked)
    assert mine_alone.owned == {"in_named", "in_settled"}
    assert 5000 in mine_alone.open_amounts
    assert journal.others("account", "me", ["in_nobodys"]).owned == frozenset()


def test_a_long_list_is_asked_about_where_sqlite_takes_999_values_in_a_statement(journal: MovedJournal) -> None:
    """As before version 3.32."""

    def lower(connection: sqlite3.Connection, *_: object) -> None:
        connection.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, 999)

    event.listen(journal._database.engine, "connect", lower)
    sending(journal, "k")
    journal.record_sent("account", "k", "k", answered("in_7"))
    assert journal.others("account", None, [f"in_{number}" for number in range(2_000)]).owned == {"in_7"}


def test_what_an_account_was_invoiced_is_noted_from_the_next_list(journal: MovedJournal) -> None:
    sending(journal, "first")
    journal.record_sent("account", "first", "first", answered())
    sending(journal, "first", account="another")
    journal.record_sent("another", "first", "first", answered())
    sending(journal, "second", before=listed(("in_1", 5250), ("in_of_nobody", 700)))
    assert journal.record("account", "first").invoiced == Decimal(5250)
    assert journal.record("another", "first").invoiced is None
    assert journal.record("account", "second").invoiced is None
    # It is noted once: an invoice that is changed later was another sum then.
    sending(journal, "third", before=listed(("in_1", 9999)))
    assert journal.record("account", "first").invoiced == Decimal(5250)


def test_what_a_budget_counts(journal: MovedJournal) -> None:
    today, month = _day_in_the_middle_of_a_month(journal)
    for number, end in ((1, "sent"), (2, "refused"), (3, "unknown"), (4, "released")):
        key = f"cron-{today}-{number}"
        sending(journal, key, amount=1000 + number)
        if end == "sent":
            journal.record_sent("account", key, key, answered())
        elif end == "refused":
            journal.record_refused("account", key, key, REFUSAL)
        elif end == "unknown":
            journal.record_unknown("account", key, key, None, "lost")
        else:
            journal.release("account", key, key)
    sending(journal, f"cron-{month}-01-1", amount=2000)
    sending(journal, f"cronic-{today}-1", amount=4000)
    sending(journal, f"cron-{today}-1", account="another", amount=8000)
    budget = journal.budget("account", "cron", 1)
    assert budget.today == Spent(2, 1001 + 1003)
    assert budget.month == Spent(3, 1001 + 1003 + 2000)
    assert budget.last_purchase is not None
    assert budget.last_purchase.key == f"cron-{today}-1"
    assert [record.key for record in budget.records] == [f"cron-{today}-{number}" for number in (1, 3, 4)] + [
        f"cron-{month}-01-1",
        f"cronic-{today}-1",
    ]


def _day_in_the_middle_of_a_month(journal: MovedJournal) -> tuple[str, str]:
    """Move the journal's clock to noon of a 15th, so that neither day nor month ends during the test."""
    now = dt.datetime.fromtimestamp(journal.now_ms() / 1000, dt.UTC)
    later = (now.replace(day=1) + dt.timedelta(days=40)).replace(day=15, hour=12, minute=0)
    journal.pass_time((later - now).total_seconds())
    return later.strftime("%Y-%m-%d"), later.strftime("%Y-%m")


def test_the_last_purchase_is_the_one_that_moved_last(journal: MovedJournal) -> None:
    for key, state in (("first", "completed"), ("second", "sent")):
        sending(journal, key)
        journal.record_sent("account", key, key, answered(f"in_{key}"))
        if state == "completed":
            journal.record_status("account", key, f"in_{key}", "completed")
        journal.pass_time(10)
        last = journal.budget("account", "cron", 1).last_purchase
        assert last is not None
        assert last.key == key
    journal.record_status("account", "second", "in_second", "completed")
    journal.pass_time(10)
    assert journal.budget("other account", "cron", 1).last_purchase is None


def test_what_was_found_missing_counts_for_that_day(journal: MovedJournal) -> None:
    sending(journal, "by hand")
    _day_in_the_middle_of_a_month(journal)
    journal.conclude(journal.record("account", "by hand"), NotFound())
    journal.pass_time(3600)
    assert [record.key for record in journal.budget("account", "cron", 1).records] == ["by hand"]
    journal.pass_time(DAY_MS / 1000)
    assert journal.budget("account", "cron", 1).records == ()


@pytest.mark.slow
def test_every_transition_that_is_allowed_is_taken_by_some_step(journal: MovedJournal) -> None:
    """A table that allowed more, or less, would hide a fault of the journal, or be one."""
    with journal.transaction("watch") as here:
        here.connection.execute(text("CREATE TABLE taken (before, after)"))
        here.connection.execute(
            text(
                "CREATE TRIGGER watch AFTER UPDATE ON aig_billing_charges "
                "BEGIN INSERT INTO taken VALUES (old.state, new.state); END"
            )
        )
    numbers = iter(range(1000))

    def new() -> str:
        return f"key-{next(numbers)}"

    def gone(key: str | None = None) -> ChargeRecord:
        key = key or new()
        sending(journal, key)
        journal.let_leases_end()
        return journal.record("account", key)

    def found(record: ChargeRecord, state: str) -> ChargeRecord:
        verdict = Found(f"in_{record.key}", state)  # type: ignore[arg-type]  # one of its words
        return journal.conclude(journal.record("account", record.key), verdict)[0]

    def unknown() -> ChargeRecord:
        record = gone()
        return journal.record_unknown("account", record.key, record.key, None, "lost")

    def missing() -> ChargeRecord:
        return journal.conclude(gone(), NotFound())[0]

    def own(record: ChargeRecord, then: str) -> None:
        key = record.key
        if then == "sent":
            journal.record_sent("account", key, key, answered(f"in_answered_{key}"))
        elif then == "same":
            journal.record_sent("account", key, key, answered(f"in_{key}"))
        elif then == "refused":
            journal.record_refused("account", key, key, REFUSAL)
        else:
            journal.record_unknown("account", key, key, f"in_late_{key}", "late")

    # intent
    key = new()
    claim_charge(journal, "account", key, 5000, "first", lease=10)
    journal.let_leases_end()
    claim_charge(journal, "account", key, 5000, key, lease=10)
    journal.doubt("account", key, key)
    # sending
    key = new()
    sending(journal, key)
    journal.keep_sending("account", key, key, lease=10)
    journal.release("account", key, key)
    for then in ("sent", "refused", "unknown"):
        own(gone(), then)
    found(gone(), "completed")
    missing()
    # unknown
    journal.conclude(unknown(), Inconclusive("not yet"))
    for then in ("sent", "refused"):
        own(unknown(), then)
    for state in ("pending", "completed"):
        found(unknown(), state)
    journal.conclude(unknown(), NotFound())
    # sent
    sent = found(gone(), "pending")
    own(sent, "same")
    found(sent, "completed")
    own(found(gone(), "pending"), "refused")
    # completed
    own(found(gone(), "completed"), "same")
    own(found(gone(), "completed"), "sent")
    own(found(gone(), "completed"), "refused")
    # refused, not_found
    own(found(gone(), "failed"), "refused")
    own(found(gone(), "failed"), "sent")
    for then in ("sent", "refused", "unknown"):
        own(missing(), then)
    # An invoice that was guessed to be of one charge turns out to be another's.
    for state in ("pending", "completed"):
        sender, guessed = gone(), gone()
        found(guessed, state)
        journal.record_sent("account", sender.key, sender.key, answered(f"in_{guessed.key}"))

    with journal.transaction("look", write=False) as here:
        taken = {(before, after) for before, after in here.connection.execute(text("SELECT before, after FROM taken"))}
    assert taken == {(before, after) for before, afters in TRANSITIONS.items() for after in afters}


def test_only_the_attempt_that_holds_a_charge_may_record_what_happened_to_it(journal: MovedJournal) -> None:
    sending(journal, "k")
    for key, owner in (("k", "another attempt"), ("never", "never")):
        with pytest.raises(JournalError, match="has vanished"):
            journal.record_sent("account", key, owner, answered())
    journal.release("account", "k", "k")
    claim_charge(journal, "account", "k", 5000, "k", lease=10)
    with pytest.raises(JournalError, match="has vanished"):
        journal.record_sent("account", "k", "k", answered())
    with pytest.raises(LeaseLost):
        journal.keep_sending("account", "k", "k", lease=10)
    with pytest.raises(LeaseLost):
        journal.start_sending("account", "never", "never", NOTHING, lease=10)


def test_money_may_be_on_its_way_in_three_states() -> None:
    unsettled = {
        state for state in STATES if ChargeRecord(account_id="a", key="k", amount=1, state=state).is_unsettled()
    }
    assert unsettled == {"sending", "sent", "unknown"}


def test_a_charge_that_is_given_back_keeps_its_list_of_invoices_only_where_it_was_refused(
    journal: MovedJournal,
) -> None:
    before = listed(("in_old", 5000))
    sending(journal, "never left", before=before)
    journal.release("account", "never left", "never left")
    free = journal.record("account", "never left")
    assert (free.state, free.owner, free.baseline, free.left_by_ms) == ("intent", None, None, None)
    sending(journal, "refused", before=before)
    journal.release("account", "refused", "refused", refused=True)
    kept = journal.record("account", "refused")
    assert (kept.state, kept.owner) == ("intent", None)
    assert kept.baseline is not None
    assert kept.left_by_ms == kept.changed_ms


def test_a_view_shows_what_is_unsettled_and_what_has_changed_since(journal: MovedJournal) -> None:
    for key in ("done", "open"):
        sending(journal, key)
    journal.record_sent("account", "done", "done", answered("in_done"))
    journal.record_status("account", "done", "in_done", "completed")
    changed_ms = journal.record("account", "done").changed_ms

    def keys(since_ms: int) -> list[str]:
        return [record.key for record in journal.view("account", since_ms=since_ms).records]

    assert keys(changed_ms) == ["done", "open"]
    assert keys(changed_ms + 1) == ["open"]


def test_every_step_of_a_charge_makes_the_version_of_its_account_newer(journal: MovedJournal) -> None:
    def version() -> int:
        return journal.view("account", since_ms=0).version

    sending(journal, "k")
    before = version()
    journal.record_sent("account", "k", "k", answered())
    sent = version()
    journal.record_status("account", "k", "in_1", "completed")
    assert before < sent < version()


def test_a_lease_outlives_its_call_by_a_minute(journal: MovedJournal) -> None:
    assert journal.lease_margin == 60
