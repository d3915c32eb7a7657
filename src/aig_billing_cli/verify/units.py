"""Works out units from what must agree: times from the clock, amounts from sums and from each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from .findings import Finding, Json, Verdict, as_object, as_objects, show_ratio
from .reading import Answer, AnswerReader, server_time
from .schema_check import AnswerDocument

_EARLIEST_S = 1_420_070_400  # 2015: nothing of the service is older
_AHEAD_S = 400 * 86_400
_UNITS_OF_TIME = {"unix-s": "seconds", "unix-ms": "milliseconds", "unix-auto": "seconds or milliseconds"}
_FEE = 1.05


def check_times(document: AnswerDocument, answers: Iterable[Answer]) -> Iterator[Finding]:
    """Times: in which unit they lie between 2015 and next year."""
    for answer in answers:
        now = server_time(answer.headers)
        seen: dict[tuple[str, str], set[str]] = {}
        for place, unit, value in document.quantities(answer.schema or {}, answer.body, "$"):
            if unit.startswith("unix") and value:
                seen.setdefault((place, unit), set()).add(_unit_of_time(value, now))
        for (place, unit), found in seen.items():
            expected, measured = _UNITS_OF_TIME[unit], " and ".join(sorted(found))
            agrees = measured == expected or (unit == "unix-auto" and measured in {"seconds", "milliseconds"})
            said = f"is in {measured}" if agrees else f"is in {measured}, taken to be {expected}"
            yield Finding(Verdict.AGREES if agrees else Verdict.DIFFERS, f"{answer.where} {place}", said)


def _unit_of_time(value: float, now: float) -> str:
    for name, scale in (("seconds", 1), ("milliseconds", 1000)):
        if _EARLIEST_S <= value / scale <= now + _AHEAD_S:
            return name
    return "another unit"


def check_amounts(reader: AnswerReader, answers: Sequence[Answer]) -> Iterator[Finding]:
    """Amounts: invoices in themselves, usage against the preview, the balance against invoices and usage."""
    by_place = {answer.where: answer for answer in answers if not answer.query}
    invoices = _invoices(by_place.get("GET /billing/invoice-history"))
    yield from _check_invoices(invoices)
    yield from _check_usage(reader, by_place.get("GET /billing/invoice-preview"))
    yield from _check_balance(reader, by_place.get("GET /billing/credit-balance"), invoices)


def _invoices(answer: Answer | None) -> list[dict[str, Json]]:
    return as_objects(as_object(answer.result).get("invoices")) if answer else []


def _number(holder: dict[str, Json], name: str) -> float | None:
    value = holder.get(name)
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def _check_invoices(invoices: list[dict[str, Json]]) -> Iterator[Finding]:
    where = "GET /billing/invoice-history"
    amounts = [tuple(_number(one, f"amount_{name}") for name in ("due", "paid", "remaining")) for one in invoices]
    whole = [
        (due, paid, left) for due, paid, left in amounts if due is not None and paid is not None and left is not None
    ]
    if not whole:
        yield Finding(Verdict.UNSEEN, where, "has no invoice to work units out from")
        return
    wrong = sum(abs(due - paid - left) > 0.01 for due, paid, left in whole)
    yield Finding(
        Verdict.DIFFERS if wrong else Verdict.AGREES,
        where,
        f"amount_due is amount_paid and amount_remaining in all invoices but {wrong}"
        if wrong
        else "amount_due is amount_paid and amount_remaining in all invoices",
    )
    fractions = sum(not due.is_integer() for due, _, _ in whole)
    yield Finding(
        Verdict.DIFFERS if fractions else Verdict.AGREES,
        where,
        "amounts have fractions, which cents of a paid invoice should not have"
        if fractions
        else "amounts are whole numbers, as cents are",
    )
    yield _fee(where, [due for due, _, _ in whole])
    created = [moment for one in invoices if (moment := _number(one, "created")) is not None]
    if len(created) > 1:
        order = {True: "the newest first", False: "in another order"}[created == sorted(created, reverse=True)]
        order = "the oldest first" if created == sorted(created) else order
        yield Finding(Verdict.AGREES, where, f"lists invoices {order} (which is not published)")


def _fee(where: str, dues: list[float]) -> Finding:
    with_fee = sum(abs(due / _FEE / 100 - round(due / _FEE / 100)) < 1e-6 and due > 0 for due in dues)
    without = sum(due % 100 == 0 and due > 0 for due in dues)
    if with_fee == without:
        return Finding(Verdict.UNSEEN, where, "does not show whether the fee of 5 % is part of an invoice's amount")
    part = "is" if with_fee > without else "is not"
    return Finding(
        Verdict.AGREES,
        where,
        f"shows that the fee of 5 % {part} part of most invoices' amounts (which is not published)",
    )


def _check_usage(reader: AnswerReader, preview: Answer | None) -> Iterator[Finding]:
    where = "GET /billing/usage-history $.result.history[].aggregated_value"
    found = as_object(preview.result) if preview else {}
    total = sum(_number(line, "amount") or 0 for line in as_objects(found.get("invoice_lines")))
    start, due = _number(found, "period_start"), _number(found, "amount_due")
    if preview is not None and total and due:  # 0 where credit pays for all of it
        same = abs(due / total - 1) < 0.3  # tax may be added, credit may be taken off
        verdict = Verdict.AGREES if same else Verdict.DIFFERS
        yield Finding(verdict, preview.where, f"amount_due is {show_ratio(due / total)} times the sum of the lines")
    if preview is None or start is None or not total:
        yield Finding(Verdict.UNSEEN, where, "cannot be compared: the preview of the next invoice has no lines")
        return
    now = server_time(preview.headers)
    used = _sum_of_usage(reader.usage(start, now))
    yield _compared(where, used, total, "the lines of the next invoice")


def _sum_of_usage(answer: Answer) -> float:
    return sum(_number(one, "aggregated_value") or 0 for one in as_objects(as_object(answer.result).get("history")))


def _compared(where: str, amount: float, other: float, name: str) -> Finding:
    """Say in which unit an amount is, beside another that is taken to be in cents."""
    if not amount or not other:
        return Finding(Verdict.UNSEEN, where, f"cannot be compared with {name}: one of them is 0")
    ratio = amount / other
    for unit, expected in (
        ("the same unit", 1.0),
        ("dollars, where cents are expected", 0.01),
        ("hundredths of a cent", 100.0),
    ):
        if 0.75 < ratio / expected < 1.35:
            verdict = Verdict.AGREES if expected == 1.0 else Verdict.DIFFERS
            return Finding(verdict, where, f"is {show_ratio(ratio)} times {name}: {unit}")
    return Finding(Verdict.UNSEEN, where, f"is {show_ratio(ratio)} times {name}, which decides nothing")


def _check_balance(reader: AnswerReader, balance: Answer | None, invoices: list[dict[str, Json]]) -> Iterator[Finding]:
    where = "GET /billing/credit-balance $.result.balance"
    held = _number(as_object(balance.result), "balance") if balance else None
    paid = sum(_number(one, "amount_paid") or 0 for one in invoices)
    first = min((moment for one in invoices if (moment := _number(one, "created")) is not None), default=None)
    if balance is None or held is None or not paid or first is None:
        yield Finding(Verdict.UNSEEN, where, "cannot be compared: there is no paid invoice")
        return
    used = _sum_of_usage(reader.usage(first - 86_400, server_time(balance.headers)))
    left = max(paid / _FEE - used, paid - used)
    if left <= 0:
        yield Finding(Verdict.UNSEEN, where, "cannot be compared: more was used than the invoices listed were paid for")
        return
    yield _compared(where, held, left, "what the paid invoices leave after usage")
