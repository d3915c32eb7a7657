"""`aig-billing doctor`: what was found, what works, and what to do about the rest."""

from __future__ import annotations

import datetime as dt
import time
from typing import TYPE_CHECKING, Annotated

import typer

from ..output.rows import Field, Report
from ..registry import command
from ..session import Session
from ..typed import amount

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

    from ..finding import Finding

FIELDS = (
    Field(
        "check", "what was looked at: configuration, credentials, account, address, service, permission, payment, ..."
    ),
    Field("level", "ok, note (worth knowing) or problem"),
    Field("finding", "what was found, in a sentence"),
    Field("next_step", "what to do about it"),
)
_LOW_CENTS = 500
_MARKS = {"ok": ("✓", "ok", "green"), "note": ("•", "--", "yellow"), "problem": ("✗", "!!", "bold red")}


@command(
    "doctor", fields=FIELDS, more="Nothing is changed and nothing is charged. Ends with 0 when there is no problem."
)
def doctor(
    session: Session,
    *,
    low: Annotated[
        int | None,
        typer.Option("--low", parser=amount, metavar="AMOUNT", help="Which balance is low.", show_default="$5"),
    ] = None,
) -> int:
    """Check the setup, and say what to do about problems."""
    from ..checks import worst

    with session.waiting("Looking"):
        findings = list(_look(session, _LOW_CENTS if low is None else low))
    rows = [
        {"check": one.check, "level": one.level.value, "finding": one.sentence, "next_step": one.next_step or None}
        for one in findings
    ]
    session.report(Report(FIELDS, rows), lambda: _layout(findings, unicode=session.terminal.unicode))
    return worst(findings)


def _look(session: Session, low_cents: int) -> Iterator[Finding]:
    from aig_billing import APIError, Money

    from .. import checks
    from ..auto_topup_state import AutoTopup

    found = session.configuration
    yield checks.configuration_file(found)
    finding, who = checks.credentials(found)
    yield finding
    yield checks.account(found)
    where = checks.address(found)
    if where is not None:
        yield where
    if who is None or found.account is None:
        return
    session.credentials = who
    billing = session.billing
    started = time.monotonic()
    try:
        answer = billing.with_raw_response.credit_balance()
    except APIError as error:
        yield checks.service_failed(error, f"{who.kind} from {who.source}")
        return
    received = dt.datetime.now(dt.UTC)
    auto = AutoTopup.of(answer.parsed.topup_config)
    yield checks.service(dt.timedelta(seconds=time.monotonic() - started))
    yield checks.permission(billing)
    yield checks.payment_method(answer.parsed)
    yield checks.balance(billing, answer.parsed, auto, Money.from_cents(low_cents), session.now(answer.headers))
    yield checks.auto_topup(auto)
    yield from checks.spending_limit(billing)
    yield from checks.charges(found)
    yield checks.clock(answer, received)
    limit = checks.rate_limit(answer)
    if limit is not None:
        yield limit


def _layout(findings: list[Finding], *, unicode: bool) -> list[RenderableType]:
    from rich.text import Text

    from ..output.shown import safe
    from ..output.tables import Hanging

    rows: list[list[Text]] = []
    for finding in findings:
        sign, plain, style = _MARKS[finding.level]
        words = Text(safe(finding.sentence))
        if finding.next_step:
            words.append(f"\n{safe(finding.next_step)}", style="italic")
        rows.append([Text(sign if unicode else plain, style), Text(finding.check, "bold"), words])
    problems = sum(finding.level == "problem" for finding in findings)
    counted = {0: "There is no problem.", 1: "There is a problem."}.get(problems, f"There are {problems} problems.")
    return [Hanging(rows), Text(), Text(counted, "bold red" if problems else "green")]
