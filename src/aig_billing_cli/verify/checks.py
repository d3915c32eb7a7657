"""What is looked at: answers beside the document, and units, which are worked out from times and sums that must agree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Literal, TypeAlias

from attrs import frozen

from aig_billing_monitor.service_clock import service_time

from .reading import Answer, AnswerReader
from .schema import Json, Schema, as_object, as_objects, departures, nodes

if TYPE_CHECKING:
    from aig_billing import Client

Verdict: TypeAlias = Literal["agrees", "differs", "not seen"]
_HISTORY = "GET /billing/invoice-history"
_EARLIEST_S = 1_420_070_400  # 2015: nothing of the service is older
_AHEAD_S = 400 * 86_400
_UNITS_OF_TIME = {"unix-s": "seconds", "unix-ms": "milliseconds", "unix-auto": "seconds or milliseconds"}
_FEE = 1.05
_SCALES = {"the same unit": 1.0, "dollars, where cents are expected": 0.01, "hundredths of a cent": 100.0}


@frozen
class Finding:
    """One thing that was looked at, without anything of the account in it."""

    verdict: Verdict
    where: str
    """The operation, and the place in its answer."""
    what: str


def verify(client: Client) -> list[Finding]:
    """Read what can be read, and return everything that was found, each once; an APIError says that nothing can be read."""
    reader = AnswerReader(client)
    answers = list(reader.read_all())
    findings = [
        *_check_tokens(answers),
        *(finding for answer in answers for finding in _check_answer(reader.document, answer)),
        _check_pages(answers),
        *(finding for answer in answers for finding in _check_times(reader.document, answer)),
        *_check_amounts(reader, answers),
    ]
    return list(dict.fromkeys(findings))


def _agreeing(seen: object) -> Verdict:
    return "agrees" if seen else "differs"


def _check_answer(document: Schema, answer: Answer) -> Iterator[Finding]:
    """An answer against its schema and its promised headers."""
    if answer.refusal:
        if "tokens/verify" not in answer.where:
            yield Finding("not seen", answer.where, f"could not be read: {answer.refusal}")
        return
    if answer.schema is None:
        yield Finding("differs", answer.where, f"answered {answer.status}, which is not documented")
        return
    if answer.query.get("per_page"):
        return
    places = nodes(document, answer.schema, answer.body, "$")
    found = sorted({departure for place, schema, value in places for departure in departures(schema, value, place)})
    absent = [name for name in answer.documented.get("headers", {}) if name.lower() not in answer.headers]
    yield from (Finding("differs", f"{answer.where} {place}", what) for place, what in found)
    yield from (Finding("differs", answer.where, f"has no header {name}") for name in absent)
    if not found and not absent:
        yield Finding("agrees", answer.where, "answers as documented")


def _check_tokens(answers: Iterable[Answer]) -> Iterator[Finding]:
    """A token belongs to a user or to an account: one of the two questions is enough."""
    asked = [answer for answer in answers if "tokens/verify" in answer.where]
    if asked and all(answer.refusal for answer in asked):
        said = "; ".join(f"{answer.where} {answer.refusal}" for answer in asked)
        yield Finding("not seen", "the token", f"could not be verified: {said}")


def _check_pages(answers: Iterable[Answer]) -> Finding:
    """Whether invoice history takes `per_page`, which is not published."""
    counts = {
        tuple(answer.query): len(as_objects(as_object(answer.result).get("invoices")))
        for answer in answers
        if answer.where == _HISTORY
    }
    whole, one = counts.get((), 0), counts.get(("per_page",), 0)
    if whole < 2 or not one:
        return Finding("not seen", _HISTORY, "does not show whether it takes per_page")
    return Finding("agrees", _HISTORY, f"{'takes' if one == 1 else 'does not take'} per_page (which is not published)")


def _check_times(document: Schema, answer: Answer) -> Iterator[Finding]:
    """Times: in which unit they lie between 2015 and next year."""
    seen: dict[tuple[str, str], set[str]] = {}
    for place, schema, value in nodes(document, answer.schema or {}, answer.body, "$"):
        unit = str(schema.get("x-unit"))
        if unit.startswith("unix") and isinstance(value, (int, float)) and value:
            seen.setdefault((place, unit), set()).add(_unit_of_time(value, _time(answer)))
    for (place, unit), found in sorted(seen.items()):
        expected, measured = _UNITS_OF_TIME[unit], " and ".join(sorted(found))
        agrees = measured == expected or (unit == "unix-auto" and measured in {"seconds", "milliseconds"})
        said = f"is in {measured}" if agrees else f"is in {measured}, taken to be {expected}"
        yield Finding(_agreeing(agrees), f"{answer.where} {place}", said)


def _time(answer: Answer) -> float:
    """The service's clock, in Unix seconds."""
    return service_time(answer.headers).timestamp()


def _unit_of_time(value: float, now: float) -> str:
    for name, scale in (("seconds", 1), ("milliseconds", 1000)):
        if _EARLIEST_S <= value / scale <= now + _AHEAD_S:
            return name
    return "another unit"


def _check_amounts(reader: AnswerReader, answers: Sequence[Answer]) -> Iterator[Finding]:
    """Amounts: invoices in themselves, usage against the preview, the balance against invoices and usage."""
    by_place = {answer.where: answer for answer in answers if not answer.query}
    history = by_place.get(_HISTORY)
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
    names = ("amount_due", "amount_paid", "amount_remaining")
    whole = [amounts for one in invoices if len(amounts := [x for name in names for x in _numbers([one], name)]) == 3]
    if not whole:
        yield Finding("not seen", _HISTORY, "has no invoice to work units out from")
        return
    wrong = sum(abs(due - paid - left) > 0.01 for due, paid, left in whole)
    but = f" but {wrong}" if wrong else ""
    yield Finding(
        _agreeing(not wrong), _HISTORY, f"amount_due is amount_paid and amount_remaining in all invoices{but}"
    )
    dues = [due for due, _, _ in whole]
    if all(due.is_integer() for due in dues):
        yield Finding("agrees", _HISTORY, "amounts are whole numbers, as cents are")
    else:
        yield Finding("differs", _HISTORY, "amounts have fractions, which cents of a paid invoice should not have")
    yield _fee(dues)
    created = _numbers(invoices, "created")
    if len(created) > 1:
        orders = {"the oldest first": sorted(created), "the newest first": sorted(created, reverse=True)}
        order = next((name for name, ordered in orders.items() if created == ordered), "in another order")
        yield Finding("agrees", _HISTORY, f"lists invoices {order} (which is not published)")


def _fee(dues: list[float]) -> Finding:
    with_fee = sum(abs(due / _FEE / 100 - round(due / _FEE / 100)) < 1e-6 and due > 0 for due in dues)
    without = sum(due % 100 == 0 and due > 0 for due in dues)
    if with_fee == without:
        return Finding("not seen", _HISTORY, "does not show whether the fee of 5 % is part of an invoice's amount")
    part = "is" if with_fee > without else "is not"
    shows = f"shows that the fee of 5 % {part} part of most invoices' amounts (which is not published)"
    return Finding("agrees", _HISTORY, shows)


def _check_usage(reader: AnswerReader, preview: Answer | None) -> Iterator[Finding]:
    where = "GET /billing/usage-history $.result.history[].aggregated_value"
    found = as_object(preview.result) if preview else {}
    total = sum(_numbers(as_objects(found.get("invoice_lines")), "amount"))
    start, due = _number(found, "period_start"), _number(found, "amount_due")
    if preview is not None and total and due:  # 0 where credit pays for all of it
        same = abs(due / total - 1) < 0.3  # tax may be added, credit may be taken off
        yield Finding(_agreeing(same), preview.where, f"amount_due is {due / total:.2g} times the sum of the lines")
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
            return Finding(_agreeing(scale == 1), where, f"is {ratio:.2g} times {name}: {unit}")
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
