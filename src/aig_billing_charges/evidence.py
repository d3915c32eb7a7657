"""What a list of invoices proves about one charge. Pure decisions: nothing is asked, nothing is stored.

Invoice history has no documented order and no way to ask for a second page. So a list proves something only when it shows everything
that has come since the baseline: because it is whole, or because it goes on, unbroken, where the baseline began. That a charge was not
made is proved by a whole list only.
"""

from __future__ import annotations

import collections
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypeAlias

from .cost import FEE_PERCENT
from .record import Baseline, ChargeRecord

if TYPE_CHECKING:
    import datetime as dt

    from aig_billing.models import BillingInvoiceHistoryResponse

    from aig_billing_runtime.errors import APIError

PaymentState: TypeAlias = Literal["completed", "pending", "failed"]

DEFAULT_CURRENCY: Final = "usd"
_SKEW_MS: Final = 300_000
"""How far two clocks may lie apart, where only times tell an invoice's charge."""
_DEAREST_WITH_TAX = Decimal("1.5")


class ListedInvoice(NamedTuple):
    """One invoice, with exact amounts in cents."""

    id: str | None
    due: Decimal
    paid: Decimal
    status: str | None = None
    created: float | None = None
    """Unix seconds, by the service's clock."""
    manual: bool = True
    currency: str = DEFAULT_CURRENCY
    """In lower case."""


class Others(NamedTuple):
    """What the journal knows of the account's other charges."""

    owned: frozenset[str] = frozenset()
    """The payment ids that answers named to them."""
    adopted: frozenset[str] = frozenset()
    """Those that were concluded to be theirs from the amount alone."""
    open_amounts: tuple[int, ...] = ()
    """The amounts, in cents, of those that may have been made and have no payment id yet."""
    ratios: frozenset[Fraction] = frozenset()
    """What their invoices were over, for each cent of their amounts: the fee, and tax."""


NO_OTHERS = Others()


class InvoiceList(NamedTuple):
    """The invoices that the service listed when it was asked for manual ones, and how many it says there are."""

    invoices: tuple[ListedInvoice, ...]
    has_more: bool
    total: float
    service_time: float | None = None
    """When it was listed, by the service's clock, in Unix seconds."""

    @property
    def ids(self) -> tuple[str | None, ...]:
        """The ids of the invoices, in the order in which they were listed."""
        return tuple(invoice.id for invoice in self.invoices)


class Found(NamedTuple):
    """This invoice is the charge's."""

    payment_id: str
    state: PaymentState
    invoiced: Decimal | None = None
    """What it is over, in cents, where it was listed."""


class NotFound(NamedTuple):
    """The charge left no invoice, and none is to be expected any more."""


class Inconclusive(NamedTuple):
    """What is known does not decide."""

    missing: str
    """Which evidence is missing, in words."""
    cause: APIError | None = None
    """The error that kept it from being known."""


Verdict: TypeAlias = Found | NotFound | Inconclusive


def read_invoices(history: BillingInvoiceHistoryResponse, service_time: float | None) -> InvoiceList:
    """Take from the service's answer what counts."""
    listed = (
        ListedInvoice(
            invoice.id or None,
            Decimal(str(invoice.amount_due)),
            Decimal(str(invoice.amount_paid)),
            invoice.status,
            invoice.created,
            # Only manual invoices were asked for; should the service ever list others too, they are not ours.
            manual=invoice.invoice_origin != "auto",
            currency=invoice.currency.lower(),
        )
        for invoice in history.invoices
    )
    pagination = history.pagination
    # A page that is not the first leaves out those before it.
    return InvoiceList(tuple(listed), pagination.has_more or pagination.page > 1, pagination.total_count, service_time)


def baseline_of(listed: InvoiceList, taken_ms: int) -> Baseline:
    """Return what is kept of the list that was seen before a charge, at a moment by the journal's clock."""
    newest = max((invoice.created for invoice in listed.invoices if invoice.created is not None), default=None)
    ahead_ms = None if listed.service_time is None else round(listed.service_time * 1000) - taken_ms
    return Baseline(listed.ids, listed.has_more, listed.total, newest, ahead_ms, taken_ms)


def judge(record: ChargeRecord, listed: InvoiceList, *, others: Others, now_ms: int, window_ms: int) -> Verdict:
    """Decide what happened to a charge whose answer never came; for `window_ms` after the request its invoice may still appear."""
    baseline = record.baseline
    if baseline is None:
        return Inconclusive("the journal holds no list of the invoices before the charge")
    if None in baseline.ids or None in listed.ids:
        return Inconclusive("an invoice in the history has no id, so it is not known whether it is new")
    known = frozenset(baseline.ids)
    new = [invoice for invoice in listed.invoices if invoice.id not in known]
    hidden = _contradiction(listed) or _contradiction(baseline) or _hidden(baseline, listed, new)
    if hidden is not None:
        return Inconclusive(hidden)
    left_by_ms = record.left_by_ms or record.changed_ms
    ahead_ms = baseline.service_ahead_ms or 0
    since = (baseline.taken_ms or record.created_ms) + ahead_ms - _SKEW_MS
    until = left_by_ms + window_ms + ahead_ms + _SKEW_MS
    seconds_left = (left_by_ms + window_ms - now_ms) / 1000
    verdict = _among(new, listed, record.amount, others, (since / 1000, until / 1000))
    return verdict or _absence(listed, baseline, seconds_left)


def judge_by_time(
    amount: int, sent_at: dt.datetime, listed: InvoiceList, *, others: Others, now_ms: int, window_ms: int
) -> Verdict:
    """Decide what happened to a charge made without a key: without a baseline, only times separate old invoices from new ones."""
    sent_ms = sent_at.timestamp() * 1000
    since, until = (sent_ms - _SKEW_MS) / 1000, (sent_ms + window_ms + _SKEW_MS) / 1000
    if any(invoice.created is None for invoice in listed.invoices):
        return Inconclusive(
            "an invoice in the history has no time, and without a baseline only times separate the new ones"
        )
    recent = [invoice for invoice in listed.invoices if (invoice.created or 0) >= since]
    if any(invoice.id is None for invoice in recent):
        return Inconclusive("an invoice in the history has no id")
    contradiction = _contradiction(listed)
    if contradiction is not None:
        return Inconclusive(contradiction)
    times = [invoice.created or 0 for invoice in listed.invoices]
    if listed.has_more and not (times == sorted(times, reverse=True) and len(recent) < len(times)):
        return Inconclusive("the history has more pages than can be asked for, and this one need not show the charge")
    verdict = _among(recent, listed, amount, others, (since, until))
    return verdict or _absence(listed, None, until - now_ms / 1000)


def can_be_payment_of(
    payment_id: str, amount: int | None, listed: InvoiceList, baseline: Baseline | None, others: Others
) -> bool:
    """Say whether a payment that an answer named can be the charge's: new, not another charge's, and over its amount."""
    if payment_id in others.owned or (baseline is not None and payment_id in baseline.ids):
        return False
    return amount is None or all(
        _is_over(amount, invoice, others.ratios) for invoice in listed.invoices if invoice.id == payment_id
    )


def may_show(record: ChargeRecord, listed: InvoiceList, others: Others) -> bool:
    """Say whether an invoice that has come since a charge's baseline may be the charge's."""
    known = frozenset(() if record.baseline is None else record.baseline.ids)
    return any(
        invoice.id not in known and _is_over(record.amount, invoice, others.ratios)
        for invoice in _possible(listed.invoices, others)
    )


def find_by_id(payment_id: str, listed: InvoiceList) -> Found | None:
    """Find a payment among the invoices."""
    return next((_found(invoice) for invoice in listed.invoices if invoice.id == payment_id), None)


def payment_state(invoice: ListedInvoice) -> PaymentState:
    """Read how far an invoice's payment is, in Stripe's words; `failed` is one that will not be paid any more."""
    if invoice.status == "paid" or (invoice.due > 0 and invoice.paid >= invoice.due):
        return "completed"
    return "failed" if invoice.status in {"void", "uncollectible"} and invoice.paid == 0 else "pending"


def _found(invoice: ListedInvoice) -> Found:
    return Found(str(invoice.id), payment_state(invoice), invoice.due)


def _is_over(amount: int, invoice: ListedInvoice, ratios: Iterable[Fraction]) -> bool:
    """Say whether an invoice is over an amount with nothing, the fee, or what was added before; exactly, or to the cent of a fraction."""
    due, paid = Fraction(invoice.due), Fraction(invoice.paid)
    if amount in {due, paid}:
        return True
    expected = [amount * ratio for ratio in (1 + Fraction(FEE_PERCENT, 100), *ratios)]
    return any(abs(seen - sum_) < 1 for seen in (due, paid) for sum_ in expected)


def _possible(listed: Iterable[ListedInvoice], others: Others) -> list[ListedInvoice]:
    """Give the invoices that may be of a charge that no answer named."""
    # One that was given up unpaid moved no money, and may be anybody's declined card: it proves nothing either way.
    return [
        invoice
        for invoice in listed
        if invoice.manual and payment_state(invoice) != "failed" and invoice.id not in others.owned
    ]


def _among(
    recent: list[ListedInvoice], listed: InvoiceList, amount: int, others: Others, times: tuple[float, float]
) -> Found | Inconclusive | None:
    """Pick the one recent invoice that is the charge's; None when none can be."""
    currencies = {DEFAULT_CURRENCY, *(invoice.currency for invoice in listed.invoices if invoice not in recent)}
    new = _possible(recent, others)
    free = [invoice for invoice in new if invoice.id not in others.adopted]
    matching = [
        invoice for invoice in free if invoice.currency in currencies and _is_over(amount, invoice, others.ratios)
    ]
    if len(matching) > 1:
        return Inconclusive(
            f"several new invoices have its amount ({_ids(matching)}), and it is not known which is its own"
        )
    unexplained = _unexplained([invoice for invoice in free if invoice not in matching], others)
    if unexplained:
        return Inconclusive(
            f"a new invoice has another amount or currency ({_ids(unexplained)}), and it is not known whether it is the charge's, with "
            "tax, or another's"
        )
    if matching:
        created = matching[0].created
        if created is not None and times[0] <= created <= times[1]:
            return _found(matching[0])
        return Inconclusive(
            f"a new invoice has its amount ({_ids(matching)}), but "
            + ("has no time" if created is None else "was made at another time than the charge can have been")
        )
    doubtful = [invoice for invoice in new if amount < invoice.due <= amount * _DEAREST_WITH_TAX]
    if doubtful:
        return Inconclusive(
            f"the invoice {_ids(doubtful)} is taken for that of another charge because of its amount, and could be this one's, with tax"
        )
    return None


def _absence(listed: InvoiceList, baseline: Baseline | None, seconds_left: float) -> Inconclusive | NotFound:
    """Conclude that a charge was not made, if no invoice can come any more and the list is whole: only then would it show the charge."""
    if seconds_left > 0:
        return Inconclusive(
            f"no invoice of it is listed yet, and one may still appear: ask again in {seconds_left:,.0f} s"
        )
    if listed.has_more:
        return Inconclusive(
            "no invoice of it is listed, but the history has more pages than can be asked for, and only a whole list shows that a charge "
            "was not made"
        )
    if baseline is not None and not set(baseline.ids) <= set(listed.ids):
        return Inconclusive("no invoice of it is listed, but neither are all that were listed before the charge")
    return NotFound()


def _unexplained(new: list[ListedInvoice], others: Others) -> list[ListedInvoice]:
    """Leave out one invoice for each other open charge that has its amount."""
    waiting, left = list(others.open_amounts), list[ListedInvoice]()
    for invoice in new:
        amount = next((amount for amount in waiting if _is_over(amount, invoice, others.ratios)), None)
        if amount is None:
            left.append(invoice)
        else:
            waiting.remove(amount)
    return left


def _hidden(baseline: Baseline, listed: InvoiceList, new: list[ListedInvoice]) -> str | None:
    """Say why the list may not show all that is new; None when it does."""
    if not listed.has_more and not baseline.has_more:
        return None
    if listed.total - baseline.total != len(new):
        return (
            "the history has more pages than can be asked for: "
            f"{listed.total - baseline.total:g} invoices have come since the charge began, and {len(new)} of them can be seen"
        )
    # Were a new one listed behind an old one, it would stand among these.
    before = listed.ids[len(new) :]
    if before != baseline.ids[: len(before)] or (not before and baseline.ids):
        return "the history has more pages than can be asked for, and this one does not reach back to the invoices known before the charge"
    if baseline.newest is not None and any(
        invoice.created is None or invoice.created < baseline.newest for invoice in new
    ):
        return "the history has more pages than can be asked for, and is not listed with the newest first"
    return None


def _contradiction(listed: InvoiceList | Baseline) -> str | None:
    """Say why a list cannot be what it says it is; None when its count is right and no id, which may hide another, stands in it twice."""
    which = "the list of invoices before the charge" if isinstance(listed, Baseline) else "the list of invoices"
    if not listed.has_more and listed.total != len(listed.ids):
        return f"{which} contradicts itself: it says that it has {listed.total:g} and shows {len(listed.ids)}"
    repeated = [known for known, times in collections.Counter(listed.ids).items() if known is not None and times > 1]
    return f"{which} contradicts itself: it shows {repeated[0]} twice" if repeated else None


def _ids(invoices: list[ListedInvoice]) -> str:
    return ", ".join(str(invoice.id) for invoice in invoices[:5])
