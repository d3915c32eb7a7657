"""What a list of invoices proves about one charge, and what it does not."""

import datetime as dt
import functools
import re
from decimal import Decimal
from fractions import Fraction

import pytest
from aig_billing.models import BillingInvoiceHistoryResponse
from attrs import evolve

from aig_billing_charges.evidence import (
    NO_OTHERS,
    Found,
    Inconclusive,
    InvoiceList,
    ListedInvoice,
    NotFound,
    Others,
    Verdict,
    baseline_of,
    can_be_payment_of,
    find_by_id,
    judge,
    judge_by_time,
    may_show,
    payment_state,
    read_invoices,
)
from aig_billing_charges.identity import account_identity, check_key
from aig_billing_charges.record import Baseline, ChargeRecord

WINDOW_MS = 900_000
LEFT_BY_MS = 1_000_000
AFTER = LEFT_BY_MS + WINDOW_MS


def invoice(
    name: str | None, due: str = "5000", paid: str = "0", status: str = "open", created: float | None = 10.0
) -> ListedInvoice:
    return ListedInvoice(name, Decimal(due), Decimal(paid), status, created)


def page(*invoices: ListedInvoice, more: bool = False, total: int | None = None) -> InvoiceList:
    return InvoiceList(invoices, more, len(invoices) if total is None else total)


def verdict_on(
    listed: InvoiceList,
    *,
    before: tuple[str | None, ...] | None = ("old",),
    before_more: bool = False,
    before_total: int | None = None,
    others: Others = NO_OTHERS,
    now_ms: int = LEFT_BY_MS,
) -> Verdict:
    baseline = None
    if before is not None:
        baseline = Baseline(before, before_more, len(before) if before_total is None else before_total, 9.0)
    record = ChargeRecord(
        account_id="account",
        key="key",
        amount=5000,
        state="unknown",
        baseline=baseline,
        left_by_ms=LEFT_BY_MS,
    )
    return _without_sum(judge(record, listed, others=others, now_ms=now_ms, window_ms=WINDOW_MS))


def _without_sum(verdict: Verdict) -> Verdict:
    return verdict._replace(invoiced=None) if isinstance(verdict, Found) else verdict


OLD = invoice("old", created=9.0)


def test_a_list_that_shows_an_invoice_twice_may_hide_another() -> None:
    twice = verdict_on(page(OLD, OLD), before=("old", "older"), now_ms=AFTER)
    assert isinstance(twice, Inconclusive)
    assert twice.missing == "the list of invoices contradicts itself: it shows old twice"
    baseline = verdict_on(page(OLD), before=("old", "old"), now_ms=AFTER)
    assert isinstance(baseline, Inconclusive)
    assert baseline.missing.endswith("before the charge contradicts itself: it shows old twice")


def test_a_page_that_is_not_the_first_is_not_a_whole_list() -> None:
    history: dict[str, object] = {
        "invoices": [],
        "pagination": {"has_more": False, "page": 2, "per_page": 100, "total_count": 0},
    }
    assert read_invoices(BillingInvoiceHistoryResponse.from_dict(history), None).has_more


def test_what_counts_of_an_invoice_is_read_exactly() -> None:
    invoices: list[dict[str, object]] = [
        {"id": "in_1", "amount_due": 5250.1, "amount_paid": 5000, "currency": "USD", "status": "open", "created": 20},
        {"id": "", "amount_due": 1, "amount_paid": 0, "currency": "eur", "created": 30, "invoice_origin": "auto"},
        {"id": "in_2", "amount_due": 2, "amount_paid": 0, "currency": "eur", "invoice_origin": "manual"},
    ]
    for listed in invoices:
        listed["amount_remaining"] = 0
    for more, page_number in ((True, 1), (False, 1), (False, 2)):
        pagination = {"has_more": more, "page": page_number, "per_page": 100, "total_count": 7}
        history: dict[str, object] = {"invoices": invoices, "pagination": pagination}
        found = read_invoices(BillingInvoiceHistoryResponse.from_dict(history), 40.0)
        assert (found.has_more, found.total, found.service_time) == (more or page_number > 1, 7, 40.0)
    assert found.invoices == (
        ListedInvoice("in_1", Decimal("5250.1"), Decimal(5000), "open", 20, manual=True, currency="usd"),
        ListedInvoice(None, Decimal(1), Decimal(0), None, 30, manual=False, currency="eur"),
        ListedInvoice("in_2", Decimal(2), Decimal(0), None, None, manual=True, currency="eur"),
    )
    # What is listed automatically was not asked for, and is still among what was there.
    assert baseline_of(found, 39_500) == Baseline(
        ("in_1", None, "in_2"), has_more=True, total=7, newest=30, service_ahead_ms=500, taken_ms=39_500
    )
    assert baseline_of(page(), 7) == Baseline((), has_more=False, total=0, newest=None, taken_ms=7)


def test_an_invoice_in_a_currency_that_the_account_was_never_billed_in_is_not_taken_for_the_charges() -> None:
    euros = invoice("new", status="paid")._replace(currency="eur")
    strange = verdict_on(page(OLD, euros), now_ms=AFTER)
    assert isinstance(strange, Inconclusive)
    assert "another amount or currency (new)" in strange.missing
    assert verdict_on(page(OLD._replace(currency="eur"), euros)) == Found("new", "completed")
    dollars = invoice("new", status="paid")
    assert verdict_on(page(OLD._replace(currency="eur"), dollars)) == Found("new", "completed")
    assert isinstance(by_time(page(at("new", 0)._replace(currency="eur"), at("old", -60))), Inconclusive)
    both = page(at("new", 0)._replace(currency="eur"), at("old", -60)._replace(currency="eur"))
    assert by_time(both) == Found("new", "pending")


@pytest.mark.parametrize(
    ("new", "state"),
    [
        (invoice("new"), "pending"),
        (invoice("new", status="paid", paid="5000"), "completed"),
        (invoice("new", due="5500", paid="5000"), "pending"),
        (invoice("new", due="5900", paid="5250"), "pending"),
        (invoice("new", due="5000.0", status="paid"), "completed"),
    ],
)
def test_one_new_invoice_of_the_amount_is_the_charges(new: ListedInvoice, state: str) -> None:
    assert verdict_on(page(new, OLD)) == Found("new", state)  # type: ignore[arg-type]  # one of its words
    assert verdict_on(page(OLD, new)) == Found("new", state)  # type: ignore[arg-type]  # in any order


@pytest.mark.parametrize(
    ("listed", "missing"),
    [
        (page(invoice("a"), invoice("b"), OLD), "several new invoices have its amount"),
        (page(invoice("a", due="5500"), OLD), "a new invoice has another amount"),
        (page(invoice("a", due="5000.5"), OLD), "a new invoice has another amount"),
        (page(invoice("a"), invoice("b", due="7000"), OLD), "a new invoice has another amount"),
        (page(invoice(None), OLD), "has no id"),
        (page(invoice("a"), invoice(None, due="1"), OLD), "has no id"),
        (page(invoice("a"), invoice("b"), more=True, total=40), "more pages"),
        (page(invoice("a"), OLD, more=True, total=40), "more pages"),
    ],
)
def test_what_does_not_decide_stays_unknown_and_says_why_for_ever(listed: InvoiceList, missing: str) -> None:
    for now_ms in (LEFT_BY_MS, AFTER * 10):
        found = verdict_on(listed, now_ms=now_ms)
        assert isinstance(found, Inconclusive)
        assert missing in found.missing


def test_an_id_missing_before_the_charge_stays_unknown() -> None:
    assert isinstance(verdict_on(page(invoice("new"), OLD), before=("old", None)), Inconclusive)


def test_without_a_baseline_nothing_is_concluded() -> None:
    assert isinstance(verdict_on(page(invoice("new")), before=None, now_ms=AFTER * 10), Inconclusive)


def test_no_invoice_is_not_found_only_after_the_settling_window() -> None:
    early = verdict_on(page(OLD), now_ms=AFTER - 90_000)
    assert isinstance(early, Inconclusive)
    assert "one may still appear: ask again in 90 s" in early.missing
    assert isinstance(verdict_on(page(OLD), now_ms=AFTER - 1), Inconclusive)
    assert verdict_on(page(OLD), now_ms=AFTER) == NotFound()
    assert verdict_on(page(), before=(), now_ms=AFTER) == NotFound()


def test_the_invoice_of_another_key_is_left_out() -> None:
    assert verdict_on(page(invoice("theirs"), OLD), others=Others(frozenset({"theirs"})), now_ms=AFTER) == NotFound()
    both = page(invoice("theirs", due="7000"), invoice("new"), OLD)
    assert verdict_on(both, others=Others(frozenset({"theirs"}))) == Found("new", "pending")


def test_an_invoice_of_auto_topup_is_not_taken_for_the_charges() -> None:
    automatic = invoice("new")._replace(manual=False)
    assert verdict_on(page(automatic, OLD), now_ms=AFTER) == NotFound()
    assert verdict_on(page(automatic, invoice("mine"), OLD)) == Found("mine", "pending")


def test_an_invoice_of_another_amount_is_explained_by_another_open_charge_of_that_amount() -> None:
    open_charge = Others(open_amounts=(7000,))
    both = page(invoice("theirs", due="7000"), invoice("new"), OLD)
    assert verdict_on(both, others=open_charge) == Found("new", "pending")
    assert isinstance(verdict_on(both, others=Others(open_amounts=(7001,))), Inconclusive)
    # One charge explains one invoice.
    assert isinstance(verdict_on(page(invoice("third", due="7000"), *both.invoices), others=open_charge), Inconclusive)
    only_theirs = page(invoice("theirs", due="9000"), OLD)
    assert isinstance(verdict_on(only_theirs, others=Others(open_amounts=(9000,))), Inconclusive)
    assert verdict_on(only_theirs, others=Others(open_amounts=(9000,)), now_ms=AFTER) == NotFound()


def test_an_invoice_that_another_charge_was_guessed_to_have_could_be_this_ones_with_tax() -> None:
    dearer, much_dearer, cheaper = (page(invoice("theirs", due=due), OLD) for due in ("5500", "7501", "4000"))
    guessed = Others(adopted=frozenset({"theirs"}))
    for doubtful in (guessed, Others(open_amounts=(5500,))):
        found = verdict_on(dearer, others=doubtful, now_ms=AFTER * 10)
        assert isinstance(found, Inconclusive)
        assert "could be this one's, with tax" in found.missing
    assert isinstance(verdict_on(page(invoice("theirs", due="7500"), OLD), others=guessed, now_ms=AFTER), Inconclusive)
    assert verdict_on(much_dearer, others=guessed, now_ms=AFTER) == NotFound()
    assert verdict_on(cheaper, others=guessed, now_ms=AFTER) == NotFound()
    assert verdict_on(dearer, others=Others(owned=frozenset({"theirs"})), now_ms=AFTER) == NotFound()
    # One of this very amount is as good for the one as for the other: together they make the right number of charges.
    assert verdict_on(page(invoice("theirs"), OLD), others=guessed, now_ms=AFTER) == NotFound()


@pytest.mark.parametrize(
    ("due", "paid", "status", "state"),
    [
        ("5000", "0", "open", "pending"),
        ("5000", "4999", "open", "pending"),
        ("5000", "5000", "open", "completed"),
        ("5000", "5001", "open", "completed"),
        ("5000", "0", "paid", "completed"),
        ("0", "0", "draft", "pending"),
        ("5000", "0", "void", "failed"),
        ("5000", "0", "uncollectible", "failed"),
        ("5000", "100", "void", "pending"),
        ("5000", "5000", "void", "completed"),
    ],
)
def test_how_far_a_payment_is_follows_from_status_and_amounts(due: str, paid: str, status: str, state: str) -> None:
    assert payment_state(invoice("in_1", due=due, paid=paid, status=status)) == state


@pytest.mark.parametrize("status", ["void", "uncollectible"])
def test_an_invoice_that_was_given_up_proves_nothing_about_a_charge_whose_id_is_not_known(status: str) -> None:
    given_up = invoice("declined", status=status)
    assert isinstance(verdict_on(page(given_up, OLD)), Inconclusive)
    assert verdict_on(page(given_up, OLD), now_ms=AFTER) == NotFound()
    assert verdict_on(page(given_up, invoice("new"), OLD)) == Found("new", "pending")
    assert find_by_id("declined", page(given_up, OLD)) == Found("declined", "failed", Decimal(5000))


def test_a_payment_that_an_answer_named_counts_only_where_it_can_be_the_charges() -> None:
    crowd = page(invoice("a"), invoice("b", due="5250"), invoice("dear", due="7700"), OLD, more=True, total=90)
    before = Baseline(("old",), has_more=True, total=90, newest=9.0)
    can_be = functools.partial(can_be_payment_of, amount=5000, listed=crowd, baseline=before, others=NO_OTHERS)
    assert can_be("a")
    assert can_be("b")
    assert can_be("not listed yet")
    assert can_be("dear", amount=None), "nothing is known of its amount"
    assert not can_be("old"), "it was there before the charge"
    assert not can_be("dear"), "it is over another amount"
    assert not can_be("a", others=Others(owned=frozenset({"a"}))), "it is another charge's"


def test_a_refused_charge_may_show_in_a_new_invoice_of_its_amount_that_is_nobody_elses() -> None:
    baseline = Baseline(("old",), has_more=False, total=1, newest=9.0)
    record = ChargeRecord(account_id="a", key="k", amount=5000, state="intent", baseline=baseline)
    for shown, listed in (
        (True, [invoice("new"), OLD]),
        (True, [OLD, invoice("new", due="5250")]),
        (False, [OLD]),
        (False, [invoice("new", due="5001")]),
        (False, [invoice("new", status="void")]),
        (False, [invoice("new")._replace(manual=False)]),
    ):
        assert may_show(record, page(*listed), NO_OTHERS) is shown, listed
    assert not may_show(record, page(invoice("theirs")), Others(owned=frozenset({"theirs"})))
    assert may_show(record, page(invoice("taxed", due="5950")), Others(ratios=frozenset({Fraction("1.19")})))
    assert may_show(evolve(record, baseline=None), page(OLD), NO_OTHERS)


def test_a_list_that_contradicts_itself_decides_nothing() -> None:
    for listed in (page(OLD, total=2), page(OLD, invoice("new"), total=3), page(invoice("new"), OLD, total=1)):
        for found in (verdict_on(listed, now_ms=AFTER * 10), by_time(listed, minutes=60)):
            assert isinstance(found, Inconclusive)
            assert "contradicts itself" in found.missing
    assert isinstance(verdict_on(page(invoice("new"), OLD), before_total=2), Inconclusive)


def test_that_a_charge_was_not_made_takes_a_list_with_all_that_was_listed_before() -> None:
    found = verdict_on(page(OLD), before=("old", "older"), now_ms=AFTER * 10)
    assert isinstance(found, Inconclusive)
    assert "neither are all that were listed before" in found.missing
    assert verdict_on(page(OLD, invoice("older", created=1.0)), before=("old", "older"), now_ms=AFTER) == NotFound()


@pytest.mark.parametrize("created", [1000.0, -300.0, AFTER / 1000 + 300])
def test_an_invoice_counts_that_was_made_when_the_charge_can_have_been(created: float) -> None:
    assert verdict_on(page(invoice("new", created=created), OLD), now_ms=AFTER) == Found("new", "pending")


@pytest.mark.parametrize("created", [-400.0, AFTER / 1000 + 301, None])
def test_an_invoice_of_another_time_or_of_none_decides_nothing(created: float | None) -> None:
    """Not that the charge was made, and, as clocks may be wrong, not that it was not made either."""
    found = verdict_on(page(invoice("new", created=created), OLD), now_ms=AFTER * 10)
    assert isinstance(found, Inconclusive)
    assert ("has no time" if created is None else "at another time") in found.missing


def test_a_charge_whose_times_were_not_kept_is_judged_by_those_of_its_row() -> None:
    """As rows of version 1 are: they say when the charge was asked for, and when it changed last."""
    day_ms = 86_400_000
    asked_ms = 10 * day_ms
    record = ChargeRecord(
        account_id="a",
        key="k",
        amount=5000,
        state="unknown",
        baseline=Baseline(("old",), has_more=False, total=1, newest=9.0),
        created_ms=asked_ms,
        changed_ms=asked_ms + 1000,
    )

    def verdict(record: ChargeRecord, created_ms: int) -> Verdict:
        listed = page(invoice("new", created=created_ms / 1000), OLD)
        return judge(record, listed, others=NO_OTHERS, now_ms=asked_ms, window_ms=WINDOW_MS)

    assert isinstance(verdict(record, asked_ms), Found)
    assert isinstance(verdict(record, asked_ms - day_ms), Inconclusive)
    assert isinstance(verdict(record, asked_ms + day_ms), Inconclusive)
    assert record.baseline is not None
    listed_later = evolve(record, baseline=record.baseline._replace(taken_ms=asked_ms + day_ms // 2))
    assert isinstance(verdict(listed_later, asked_ms), Inconclusive)
    ends_ms = record.changed_ms + WINDOW_MS
    for now_ms, kind in ((ends_ms - 1, Inconclusive), (ends_ms, NotFound)):
        assert isinstance(judge(record, page(OLD), others=NO_OTHERS, now_ms=now_ms, window_ms=WINDOW_MS), kind)


def test_the_services_own_clock_counts_where_the_journals_is_wrong() -> None:
    day = 86_400
    baseline = Baseline(("old",), has_more=False, total=1, newest=9.0, service_ahead_ms=day * 1000, taken_ms=LEFT_BY_MS)
    record = ChargeRecord(
        account_id="a", key="k", amount=5000, state="unknown", baseline=baseline, left_by_ms=LEFT_BY_MS
    )
    for created, is_its in ((LEFT_BY_MS / 1000 + day, True), (LEFT_BY_MS / 1000, False)):
        listed = page(invoice("new", created=created), OLD)
        found = judge(record, listed, others=NO_OTHERS, now_ms=AFTER, window_ms=WINDOW_MS)
        assert isinstance(found, Found if is_its else Inconclusive)


@pytest.mark.parametrize(
    ("due", "ratios", "is_its"),
    [
        ("5250", (), True),
        ("5249", (), False),
        ("5251", (), False),
        ("5950", (), False),
        ("5950", ("1.19",), True),
        ("6247.5", ("1.2495",), True),
        ("6248", ("1.2495",), True),
        ("6249", ("1.2495",), False),
        ("5950", ("1.2",), False),
    ],
)
def test_the_fee_and_what_was_added_before_are_recognised_exactly(
    due: str, ratios: tuple[str, ...], *, is_its: bool
) -> None:
    others = Others(ratios=frozenset(map(Fraction, ratios)))
    found = verdict_on(page(invoice("new", due=due), OLD), others=others, now_ms=AFTER)
    assert isinstance(found, Found if is_its else Inconclusive)


def test_with_more_pages_a_page_counts_that_reaches_back_unbroken_to_the_baseline() -> None:
    before = ("o1", "o2", "o3")
    old = [invoice(name, created=9.0 - index) for index, name in enumerate(before)]

    def seen(*listed: ListedInvoice, total: int, now_ms: int = LEFT_BY_MS) -> Verdict:
        return verdict_on(
            page(*listed, more=True, total=total), before=before, before_more=True, before_total=50, now_ms=now_ms
        )

    new = invoice("new", created=20.0)
    assert seen(new, *old[:2], total=51) == Found("new", "pending")
    # Two may be of one second.
    assert seen(invoice("new", created=9.0), *old[:2], total=51) == Found("new", "pending")
    # Nothing was there before it.
    assert verdict_on(page(new, more=True, total=1), before=()) == Found("new", "pending")
    # One that was there before is gone from a list that is whole now.
    gone = verdict_on(page(new, old[0]), before=("o1", "o2"), before_more=True)
    assert isinstance(gone, Inconclusive)
    # Only a whole list shows that there is none.
    assert isinstance(seen(*old, total=50, now_ms=AFTER), Inconclusive)
    # One more has come than can be seen.
    assert isinstance(seen(*old, total=51, now_ms=AFTER), Inconclusive)
    assert isinstance(seen(new, *old[:2], total=52), Inconclusive)
    # An old one that was on a later page shows itself, and the new one hides: not listed with the newest first.
    assert isinstance(seen(invoice("older", created=1.0), *old[:2], total=51), Inconclusive)
    assert isinstance(seen(old[0], new, old[1], total=51), Inconclusive)
    assert isinstance(seen(new, old[1], total=51), Inconclusive)
    assert isinstance(seen(new, total=51), Inconclusive)
    assert isinstance(seen(invoice("new", created=None), *old[:2], total=51), Inconclusive)


NOON = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)


def by_time(listed: InvoiceList, minutes: float = 1) -> Verdict:
    now = NOON + dt.timedelta(minutes=minutes)
    return _without_sum(
        judge_by_time(5000, NOON, listed, others=NO_OTHERS, now_ms=round(now.timestamp() * 1000), window_ms=WINDOW_MS)
    )


def at(name: str | None, minutes: float, due: str = "5000") -> ListedInvoice:
    return invoice(name, due=due, created=NOON.timestamp() + minutes * 60)


def test_without_a_baseline_times_tell_old_from_new() -> None:
    assert by_time(page(at("new", 0.1), at("old", -60))) == Found("new", "pending")
    # Clocks may differ by minutes.
    assert by_time(page(at("new", -3), at("old", -60))) == Found("new", "pending")
    assert by_time(page(at("new", -5), at("old", -60))) == Found("new", "pending")
    assert isinstance(by_time(page(at("new", -5.1), at("old", -60))), Inconclusive)
    assert by_time(page(at("new", 19.9), at("old", -60)), minutes=21) == Found("new", "pending")
    assert isinstance(by_time(page(at("new", 20.1), at("old", -60)), minutes=21), Inconclusive)
    # An id that is listed twice is noticed behind old ones without one, too.
    nameless = [at(None, -50), at(None, -50)]
    assert by_time(page(at("new", 0.1), *nameless)) == Found("new", "pending")
    assert isinstance(by_time(page(at("new", 0.1), *nameless, at("old", -60), at("old", -60))), Inconclusive)
    # An old one without an id was not this charge's.
    assert by_time(page(at("new", 0.1), at(None, -60))) == Found("new", "pending")
    assert isinstance(by_time(page(at("old", -60))), Inconclusive)
    # The invoice may come until the window is over, by a clock that is behind.
    assert isinstance(by_time(page(at("old", -60)), minutes=19), Inconclusive)
    assert by_time(page(at("old", -60)), minutes=20) == NotFound()
    assert by_time(page(at("old", -60)), minutes=21) == NotFound()
    assert isinstance(by_time(page(at("a", 0), at("b", 1))), Inconclusive)
    assert isinstance(by_time(page(at("a", 0, due="5500"), at("old", -60)), minutes=60), Inconclusive)
    assert isinstance(by_time(page(invoice("a", created=None)), minutes=60), Inconclusive)
    assert isinstance(by_time(page(at(None, 0)), minutes=60), Inconclusive)


def test_without_a_baseline_a_page_of_several_must_reach_back_before_the_charge() -> None:
    assert by_time(page(at("new", 0.1), at("old", -60), more=True, total=90)) == Found("new", "pending")
    # Two may be of one second.
    assert by_time(page(at("new", 0.1), at("a", -60), at("b", -60), more=True, total=90)) == Found("new", "pending")
    assert isinstance(by_time(page(at("new", 0.1), more=True, total=90)), Inconclusive)
    assert isinstance(by_time(page(at("old", -60), at("new", 0.1), more=True, total=90)), Inconclusive)
    # Only a whole list shows that there is none.
    assert isinstance(by_time(page(at("old", -60), at("older", -90), more=True, total=90), minutes=30), Inconclusive)


@pytest.mark.parametrize(
    ("given", "shown"),
    [("é" * 60, f"'{'é' * 60}' cannot"), ("é" * 61, f"'{'é' * 57}'... cannot")],
    ids=["whole", "in part"],
)
def test_a_long_key_that_is_refused_is_shown_in_part(given: str, shown: str) -> None:
    with pytest.raises(ValueError, match=f"^key={re.escape(shown)} be a key"):
        check_key(given)


def test_only_hexadecimal_accounts_mean_the_same_in_either_case() -> None:
    assert account_identity("AB" * 16) == account_identity("ab" * 16)
    assert account_identity("Shop") != account_identity("shop")


def test_a_charge_is_under_way_until_its_lease_ends_and_no_longer() -> None:
    record = ChargeRecord(account_id="a", key="k", amount=5000, state="sending", lease_ms=10)
    assert record.is_under_way(9)
    assert not record.is_under_way(10)
