"""What a list of invoices proves about one charge. Pure decisions: nothing is asked, nothing is stored.

Invoice history has no documented order and no way to ask for a second page. So a page proves something only when it shows everything
that has come since the baseline: because it is the only page, or because it goes on, unbroken, where the baseline began.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable
from decimal import Decimal
from typing import Literal, NamedTuple, Protocol, TypeAlias

from .record import Baseline, ChargeRecord

PaymentState: TypeAlias = Literal["completed", "pending", "failed"]

CLOCK_SKEW = dt.timedelta(minutes=5)
"""How far this machine's clock and the service's may lie apart, where only times tell an invoice's charge."""


_DEAREST_WITH_TAX = Decimal("1.5")


class InvoiceLike(Protocol):
    """What counts of an invoice: the generated `Invoice`."""

    id: str | None
    amount_due: float
    amount_paid: float
    status: str | None
    created: float | None
    invoice_origin: str | None


class Invoice(NamedTuple):
    """One manual invoice, with exact amounts in cents."""

    id: str | None
    due: Decimal
    paid: Decimal
    status: str | None = None
    created: float | None = None
    """Unix seconds, by the service's clock."""


class Others(NamedTuple):
    """What the journal knows of the account's other charges."""

    owned: frozenset[str] = frozenset()
    """The payment ids that they were told."""
    adopted: frozenset[str] = frozenset()
    """Those that were concluded to be theirs from the amount alone."""
    open_amounts: tuple[int, ...] = ()
    """The amounts, in cents, of those that may have been made and have no payment id yet."""


NO_OTHERS = Others()


class Page(NamedTuple):
    """The manual invoices that the service listed, and how many it says there are."""

    invoices: tuple[Invoice, ...]
    has_more: bool
    total: float


class Found(NamedTuple):
    """This invoice is the charge's."""

    payment_id: str
    state: PaymentState


class NotFound(NamedTuple):
    """The charge left no invoice, and none is to be expected any more."""


class Unclear(NamedTuple):
    """What is known does not decide."""

    missing: str
    """Which evidence is missing, in words."""


Verdict: TypeAlias = Found | NotFound | Unclear


def read_page(invoices: Iterable[InvoiceLike], *, has_more: bool, total: float) -> Page:
    """Take from the service's answer what counts."""
    manual = (
        Invoice(
            invoice.id or None,
            Decimal(str(invoice.amount_due)),
            Decimal(str(invoice.amount_paid)),
            invoice.status,
            invoice.created,
        )
        for invoice in invoices
        # Only manual invoices were asked for; should the service ever list others too, they are not ours.
        if invoice.invoice_origin != "auto"
    )
    return Page(tuple(manual), has_more, total)


def baseline_of(page: Page) -> Baseline:
    """Give what is kept of the page that was seen before a charge."""
    created = [invoice.created for invoice in page.invoices if invoice.created is not None]
    return Baseline(
        tuple(invoice.id for invoice in page.invoices), page.has_more, page.total, max(created, default=None)
    )


def weigh(record: ChargeRecord, page: Page, *, others: Others, now_ms: int, window_ms: int) -> Verdict:
    """Decide what became of a charge whose answer never came.

    Args:
        record: The charge, with its baseline and, where one was told, its payment id.
        page: The manual invoices listed now.
        others: What the journal knows of the account's other charges.
        now_ms: Now, by the journal's clock.
        window_ms: How long after the request an invoice may still appear.
    """
    if record.payment_id is not None:
        return _by_id(record.payment_id, page)
    baseline = record.baseline
    if baseline is None:
        return Unclear("the journal holds no list of the invoices before the charge")
    if None in baseline.ids or any(invoice.id is None for invoice in page.invoices):
        return Unclear("an invoice in the history has no id, so it cannot be told whether it is new")
    known = frozenset(baseline.ids)
    new = [invoice for invoice in page.invoices if invoice.id not in known]
    hidden = _hidden(baseline, page, new)
    if hidden is not None:
        return Unclear(hidden)
    verdict = _among(new, record.amount, others)
    if verdict is not None:
        return verdict
    wait_ms = (record.left_by_ms or record.changed_ms) + window_ms - now_ms
    if wait_ms > 0:
        return Unclear(
            f"no invoice of it is listed yet, and one may still appear: ask again in {wait_ms / 1000:,.0f} s"
        )
    return NotFound()


def weigh_by_time(
    amount: int, sent_at: dt.datetime, page: Page, *, others: Others, now: dt.datetime, window: dt.timedelta
) -> Verdict:
    """Decide what became of a charge made without a key: there is no baseline, so only times tell old invoices from new ones."""
    since = (sent_at - CLOCK_SKEW).timestamp()
    if any(invoice.created is None for invoice in page.invoices):
        return Unclear("an invoice in the history has no time, and without a baseline only times tell the new ones")
    recent = [invoice for invoice in page.invoices if (invoice.created or 0) >= since]
    if any(invoice.id is None for invoice in recent):
        return Unclear("an invoice in the history has no id")
    if page.has_more and not (_is_newest_first(page.invoices) and len(recent) < len(page.invoices)):
        return Unclear("the history has more pages than can be asked for, and this one need not show the charge")
    verdict = _among(recent, amount, others)
    if verdict is not None:
        return verdict
    wait = (sent_at + window + CLOCK_SKEW - now).total_seconds()
    if wait > 0:
        return Unclear(f"no invoice of it is listed yet, and one may still appear: ask again in {wait:,.0f} s")
    return NotFound()


def find_by_id(payment_id: str, page: Page) -> Found | None:
    """Find a payment among the invoices."""
    for invoice in page.invoices:
        if invoice.id == payment_id:
            return Found(payment_id, payment_state(invoice))
    return None


def payment_state(invoice: Invoice) -> PaymentState:
    """Read how far an invoice's payment is, in Stripe's words; `failed` is one that will not be paid any more."""
    if invoice.status == "paid" or (invoice.due > 0 and invoice.paid >= invoice.due):
        return "completed"
    return "failed" if invoice.status in {"void", "uncollectible"} and invoice.paid == 0 else "pending"


def _by_id(payment_id: str, page: Page) -> Verdict:
    return find_by_id(payment_id, page) or Unclear(f"its payment {payment_id} is not among the invoices listed")


def _among(listed: list[Invoice], amount: int, others: Others) -> Verdict | None:
    """Pick the one new invoice that is the charge's; None when none can be."""
    # One that was given up unpaid moved no money, and may be anybody's declined card: it proves nothing either way.
    new = [invoice for invoice in listed if payment_state(invoice) != "failed" and invoice.id not in others.owned]
    free = [invoice for invoice in new if invoice.id not in others.adopted]
    matching = [invoice for invoice in free if amount in {invoice.due, invoice.paid}]
    if len(matching) > 1:
        return Unclear(f"several new invoices have its amount ({_ids(matching)}), and it is not known which is its own")
    unexplained = _unexplained([invoice for invoice in free if invoice not in matching], others.open_amounts)
    if unexplained:
        return Unclear(
            f"a new invoice has another amount ({_ids(unexplained)}), and it is not known whether it is the charge's, with tax, "
            "or another's"
        )
    if matching:
        return Found(str(matching[0].id), payment_state(matching[0]))
    doubtful = [invoice for invoice in new if amount < invoice.due <= amount * _DEAREST_WITH_TAX]
    if doubtful:
        return Unclear(
            f"the invoice {_ids(doubtful)} is taken for that of another charge because of its amount, and could be this one's, with tax"
        )
    return None


def _unexplained(new: list[Invoice], open_amounts: tuple[int, ...]) -> list[Invoice]:
    """Leave out one invoice for each other open charge that has its amount."""
    waiting, left = list(open_amounts), list[Invoice]()
    for invoice in new:
        amount = next((amount for amount in waiting if amount in {invoice.due, invoice.paid}), None)
        if amount is None:
            left.append(invoice)
        else:
            waiting.remove(amount)
    return left


def _hidden(baseline: Baseline, page: Page, new: list[Invoice]) -> str | None:
    """Say why the page may not show all that is new; None when it does."""
    if not page.has_more and not baseline.has_more:
        return None
    if page.total - baseline.total != len(new):
        return (
            "the history has more pages than can be asked for: "
            f"{page.total - baseline.total:g} invoices have come since the charge began, and {len(new)} of them can be seen"
        )
    before = [invoice.id for invoice in page.invoices[len(new) :]]
    unbroken = page.invoices[: len(new)] == tuple(new) and before == list(baseline.ids[: len(before)])
    if not unbroken or (not before and baseline.ids):
        return "the history has more pages than can be asked for, and this one does not reach back to the invoices known before the charge"
    if baseline.newest is not None and any(
        invoice.created is None or invoice.created < baseline.newest for invoice in new
    ):
        return "the history has more pages than can be asked for, and is not listed with the newest first"
    return None


def _is_newest_first(invoices: tuple[Invoice, ...]) -> bool:
    times = [invoice.created or 0 for invoice in invoices]
    return all(earlier >= later for earlier, later in itertools.pairwise(times))


def _ids(invoices: list[Invoice]) -> str:
    return ", ".join(str(invoice.id) for invoice in invoices[:5])
