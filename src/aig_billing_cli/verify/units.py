"""Works out units from what must agree: times from the clock, amounts from sums and from each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from aig_billing_monitor.service_clock import service_time

from .findings import Finding, Json, agreeing, as_object, as_objects
from .reading import Answer, AnswerReader
from .schema_check import AnswerDocument

_EARLIEST_S = 1_420_070_400  # 2015: nothing of the service is older
_AHEAD_S = 400 * 86_400
_UNITS_OF_TIME = {"unix-s": "seconds", "unix-ms": "milliseconds", "unix-auto": "seconds or milliseconds"}
_FEE = 1.05
_SCALES = {"the same unit": 1.0, "dollars, where cents are expected": 0.01, "hundredths of a cent": 100.0}


def check_times(document: AnswerDocument, answers: Iterable[Answer]) -> Iterator[Finding]:
    """Times: in which unit they lie between 2015 and next year."""
    for answer in answers:
        seen: dict[tuple[str, str], set[str]] = {}
        for place, unit, value in document.quantities(answer.schema or {}, answer.body, "$"):
            if unit.startswith("unix") and value:
                seen.setdefault((place, unit), set()).add(_unit_of_time(value, _time(answer)))
        for (place, unit), found in seen.items():
            expected, measured = _UNITS_OF_TIME[unit], " and ".join(sorted(found))
            agrees = measured == expected or (unit == "unix-auto" and measured in {"seconds", "milliseconds"})
            said = f"is in {measured}" if agrees else f"is in {measured}, taken to be {expected}"
            yield Finding(agreeing(agrees), f"{answer.where} {place}", said)


def _time(answer: Answer) -> float:
    """The service's clock, in Unix seconds."""
    return service_time(answer.headers).timestamp()


def _unit_of_time(value: float, now: float) -> str:
    for name, scale in (("seconds", 1), ("milliseconds", 1000)):
        if _EARLIEST_S <= value / scale <= now + _AHEAD_S:
            return name
    return "another unit"


def check_amounts(reader: AnswerReader, answers: Sequence[Answer]) -> Iterator[Finding]:
    """Amounts: invoices in themselves, usage against the preview, the balance against invoices and usage."""
    by_place = {answer.where: answer for answer in answers if not answer.query}
    history = by_place.get("GET /billing/invoice-history")
    invoices = as_objects(as_object(history.result).get("invoices")) if history else []
    yield from _check_invoices(invoices)
    yield from _check_usage(reader, by_place.get("GET /billing/invoice-preview"))
    yield _check_balance(reader, by_place.get("GET /billing/credit-balance"), invoices)


def _number(holder: dict[str, Json], name: str) -> float | None:
    value = holder.get(name)
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def _numbers(holders: Iterable[dict[str, Json]], name: str) -> list[float]:
    return [found for one in holders if (found := _number(one, name)) is not None]


def _check_invoices(invoices: list[dict[str, Json]]) -> Iterator[Finding]:
    where = "GET /billing/invoice-history"
    amounts = [tuple(_number(one, f"amount_{name}") for name in ("due", "paid", "remaining")) for one in invoices]
    whole = [
        (due, paid, left) for due, paid, left in amounts if due is not None and paid is not None and left is not None
    ]
    if not whole:
        yield Finding("not seen", where, "has no invoice to work units out from")
        return
    wrong = sum(abs(due - paid - left) > 0.01 for due, paid, left in whole)
    but = f" but {wrong}" if wrong else ""
    yield Finding(agreeing(not wrong), where, f"amount_due is amount_paid and amount_remaining in all invoices{but}")
    dues = [due for due, _, _ in whole]
    if all(due.is_integer() for due in dues):
        yield Finding("agrees", where, "amounts are whole numbers, as cents are")
    else:
        yield Finding("differs", where, "amounts have fractions, which cents of a paid invoice should not have")
    yield _fee(where, dues)
    created = _numbers(invoices, "created")
    if len(created) > 1:
        orders = {"the oldest first": sorted(created), "the newest first": sorted(created, reverse=True)}
        order = next((name for name, ordered in orders.items() if created == ordered), "in another order")
        yield Finding("agrees", where, f"lists invoices {order} (which is not published)")


def _fee(where: str, dues: list[float]) -> Finding:
    with_fee = sum(abs(due / _FEE / 100 - round(due / _FEE / 100)) < 1e-6 and due > 0 for due in dues)
    without = sum(due % 100 == 0 and due > 0 for due in dues)
    if with_fee == without:
        return Finding("not seen", where, "does not show whether the fee of 5 % is part of an invoice's amount")
    part = "is" if with_fee > without else "is not"
    return Finding(
        "agrees", where, f"shows that the fee of 5 % {part} part of most invoices' amounts (which is not published)"
    )


def _check_usage(reader: AnswerReader, preview: Answer | None) -> Iterator[Finding]:
    where = "GET /billing/usage-history $.result.history[].aggregated_value"
    found = as_object(preview.result) if preview else {}
    total = sum(_numbers(as_objects(found.get("invoice_lines")), "amount"))
    start, due = _number(found, "period_start"), _number(found, "amount_due")
    if preview is not None and total and due:  # 0 where credit pays for all of it
        same = abs(due / total - 1) < 0.3  # tax may be added, credit may be taken off
        yield Finding(agreeing(same), preview.where, f"amount_due is {due / total:.2g} times the sum of the lines")
    if preview is None or start is None or not total:
        yield Finding("not seen", where, "cannot be compared: the preview of the next invoice has no lines")
        return
    yield _compared(where, _usage(reader, start, preview), total, "the lines of the next invoice")


def _usage(reader: AnswerReader, start: float, until: Answer) -> float:
    """The usage from a moment in Unix seconds to when an answer was given."""
    history = as_objects(as_object(reader.usage(start, _time(until)).result).get("history"))
    return sum(_numbers(history, "aggregated_value"))


def _compared(where: str, amount: float, other: float, name: str) -> Finding:
    """Say in which unit an amount is, beside another that is taken to be in cents."""
    if not amount or not other:
        return Finding("not seen", where, f"cannot be compared with {name}: one of them is 0")
    ratio = amount / other
    for unit, scale in _SCALES.items():
        if 0.75 < ratio / scale < 1.35:
            return Finding(agreeing(scale == 1), where, f"is {ratio:.2g} times {name}: {unit}")
    return Finding("not seen", where, f"is {ratio:.2g} times {name}, which decides nothing")


def _check_balance(reader: AnswerReader, balance: Answer | None, invoices: list[dict[str, Json]]) -> Finding:
    where = "GET /billing/credit-balance $.result.balance"
    held = _number(as_object(balance.result), "balance") if balance else None
    paid, created = sum(_numbers(invoices, "amount_paid")), _numbers(invoices, "created")
    if balance is None or held is None or not paid or not created:
        return Finding("not seen", where, "cannot be compared: there is no paid invoice")
    used = _usage(reader, min(created) - 86_400, balance)
    left = max(paid / _FEE - used, paid - used)
    if left <= 0:
        return Finding("not seen", where, "cannot be compared: more was used than the invoices listed were paid for")
    return _compared(where, held, left, "what the paid invoices leave after usage")
