"""Puts the parts of verifying together: read, compare with the document, work out units, look at what is not published."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from .findings import Finding, as_object, as_objects
from .reading import Answer, AnswerReader, load_document
from .schema_check import AnswerDocument
from .units import check_amounts, check_times

if TYPE_CHECKING:
    from aig_billing import Client


def verify(client: Client) -> list[Finding]:
    """Read what can be read, and return everything that was found, each once; an APIError says that nothing can be read."""
    reader = AnswerReader(client, load_document())
    answers = list(reader.read_all())
    findings = [
        *check_tokens(answers),
        *(finding for answer in answers for finding in check_answer(reader.document, answer)),
        *check_pages(answers),
        *check_times(reader.document, answers),
        *check_amounts(reader, answers),
    ]
    return list(dict.fromkeys(findings))


def check_answer(document: AnswerDocument, answer: Answer) -> Iterator[Finding]:
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
    found = sorted(set(document.departures(answer.schema, answer.body, "$")))
    response = document.follow(answer.operation["responses"][str(answer.status)])
    absent = [name for name in response.get("headers", {}) if name.lower() not in answer.headers]
    yield from (Finding("differs", f"{answer.where} {place}", what) for place, what in found)
    yield from (Finding("differs", answer.where, f"has no header {name}") for name in absent)
    if not found and not absent:
        yield Finding("agrees", answer.where, "answers as documented")


def check_tokens(answers: Iterable[Answer]) -> Iterator[Finding]:
    """A token belongs to a user or to an account: one of the two questions is enough."""
    asked = [answer for answer in answers if "tokens/verify" in answer.where]
    if asked and all(answer.refusal for answer in asked):
        said = "; ".join(f"{answer.where} {answer.refusal}" for answer in asked)
        yield Finding("not seen", "the token", f"could not be verified: {said}")


def check_pages(answers: Iterable[Answer]) -> Iterator[Finding]:
    """Whether invoice history takes `per_page`, which is not published."""
    where = "GET /billing/invoice-history"
    counts = {
        tuple(answer.query): len(as_objects(as_object(answer.result).get("invoices")))
        for answer in answers
        if answer.where == where and not answer.refusal
    }
    whole, one = counts.get((), 0), counts.get(("per_page",), 0)
    if whole < 2 or not one:
        yield Finding("not seen", where, "does not show whether it takes per_page")
    else:
        yield Finding("agrees", where, f"{'takes' if one == 1 else 'does not take'} per_page (which is not published)")
