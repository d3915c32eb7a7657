"""What a list of invoices proves about one charge, and what it does not."""

import datetime as dt
from decimal import Decimal

import pytest

from aig_billing_charges.evidence import (
    NO_OTHERS,
    Found,
    Inconclusive,
    InvoiceList,
    ListedInvoice,
    NotFound,
    Others,
    Verdict,
    judge,
    judge_by_time,
)
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
    payment_id: str | None = None,
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
        payment_id=payment_id,
    )
    return judge(record, listed, others=others, now_ms=now_ms, window_ms=WINDOW_MS)


OLD = invoice("old", created=9.0)


@pytest.mark.parametrize(
    ("new", "state"),
    [
        (invoice("new"), "pending"),
        (invoice("new", status="paid", paid="5000"), "completed"),
        (invoice("new", due="5500", paid="5000"), "pending"),
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
    early = verdict_on(page(OLD), now_ms=AFTER - 1)
    assert isinstance(early, Inconclusive)
    assert "one may still appear" in early.missing
    assert verdict_on(page(OLD), now_ms=AFTER) == NotFound()
    assert verdict_on(page(), before=(), now_ms=AFTER) == NotFound()


def test_the_invoice_of_another_key_is_left_out() -> None:
    assert verdict_on(page(invoice("theirs"), OLD), others=Others(frozenset({"theirs"})), now_ms=AFTER) == NotFound()
    both = page(invoice("theirs", due="7000"), invoice("new"), OLD)
    assert verdict_on(both, others=Others(frozenset({"theirs"}))) == Found("new", "pending")


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
    dearer, much_dearer, cheaper = (page(invoice("theirs", due=due), OLD) for due in ("5500", "7600", "4000"))
    guessed = Others(adopted=frozenset({"theirs"}))
    for doubtful in (guessed, Others(open_amounts=(5500,))):
        found = verdict_on(dearer, others=doubtful, now_ms=AFTER * 10)
        assert isinstance(found, Inconclusive)
        assert "could be this one's, with tax" in found.missing
    assert verdict_on(much_dearer, others=guessed, now_ms=AFTER) == NotFound()
    assert verdict_on(cheaper, others=guessed, now_ms=AFTER) == NotFound()
    assert verdict_on(dearer, others=Others(owned=frozenset({"theirs"})), now_ms=AFTER) == NotFound()
    # One of this very amount is as good for the one as for the other: together they make the right number of charges.
    assert verdict_on(page(invoice("theirs"), OLD), others=guessed, now_ms=AFTER) == NotFound()


@pytest.mark.parametrize("status", ["void", "uncollectible"])
def test_an_invoice_that_was_given_up_proves_nothing_about_a_charge_whose_id_is_not_known(status: str) -> None:
    given_up = invoice("declined", status=status)
    assert isinstance(verdict_on(page(given_up, OLD)), Inconclusive)
    assert verdict_on(page(given_up, OLD), now_ms=AFTER) == NotFound()
    assert verdict_on(page(given_up, invoice("new"), OLD)) == Found("new", "pending")
    assert verdict_on(page(given_up, OLD), payment_id="declined") == Found("declined", "failed")


def test_a_known_payment_id_decides_outright() -> None:
    crowd = page(invoice("a"), invoice("b", due="5500"), invoice("c"), more=True, total=90)
    assert verdict_on(crowd, payment_id="b", before=None) == Found("b", "pending")
    assert isinstance(verdict_on(crowd, payment_id="z", now_ms=AFTER * 10), Inconclusive)


def test_with_more_pages_a_page_counts_that_reaches_back_unbroken_to_the_baseline() -> None:
    before = ("o1", "o2", "o3")
    old = [invoice(name, created=9.0 - index) for index, name in enumerate(before)]

    def seen(*listed: ListedInvoice, total: int, now_ms: int = LEFT_BY_MS) -> Verdict:
        return verdict_on(
            page(*listed, more=True, total=total), before=before, before_more=True, before_total=50, now_ms=now_ms
        )

    new = invoice("new", created=20.0)
    assert seen(new, *old[:2], total=51) == Found("new", "pending")
    assert seen(*old, total=50, now_ms=AFTER) == NotFound()
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
    return judge_by_time(5000, NOON, listed, others=NO_OTHERS, now=now, window=dt.timedelta(minutes=15))


def at(name: str | None, minutes: float, due: str = "5000") -> ListedInvoice:
    return invoice(name, due=due, created=NOON.timestamp() + minutes * 60)


def test_without_a_baseline_times_tell_old_from_new() -> None:
    assert by_time(page(at("new", 0.1), at("old", -60))) == Found("new", "pending")
    # Clocks may differ by minutes.
    assert by_time(page(at("new", -3), at("old", -60))) == Found("new", "pending")
    assert isinstance(by_time(page(at("old", -60))), Inconclusive)
    assert by_time(page(at("old", -60)), minutes=21) == NotFound()
    assert isinstance(by_time(page(at("a", 0), at("b", 1))), Inconclusive)
    assert isinstance(by_time(page(at("a", 0, due="5500"), at("old", -60)), minutes=60), Inconclusive)
    assert isinstance(by_time(page(invoice("a", created=None)), minutes=60), Inconclusive)
    assert isinstance(by_time(page(at(None, 0)), minutes=60), Inconclusive)


def test_without_a_baseline_a_page_of_several_must_reach_back_before_the_charge() -> None:
    assert by_time(page(at("new", 0.1), at("old", -60), more=True, total=90)) == Found("new", "pending")
    assert isinstance(by_time(page(at("new", 0.1), more=True, total=90)), Inconclusive)
    assert isinstance(by_time(page(at("old", -60), at("new", 0.1), more=True, total=90)), Inconclusive)
    assert by_time(page(at("old", -60), at("older", -90), more=True, total=90), minutes=30) == NotFound()
