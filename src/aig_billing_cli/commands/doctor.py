"""`aig-billing doctor`: what was found, what works, and what to do about the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer
from aig_billing import Money

from ..command import command, group
from ..output.rows import Field, Report
from ..parsers import amount
from ..session import Session

if TYPE_CHECKING:
    from rich.console import RenderableType

app = group()
FIELDS = (
    Field("check", "what was checked: configuration, credentials, account, address, service, permission, payment, ..."),
    Field("level", "ok, note (worth knowing) or problem"),
    Field("finding", "what was found, in a sentence"),
    Field("next_step", "what to do about it"),
)
_MARKS = {"ok": ("✓", "ok", "green"), "note": ("•", "--", "yellow"), "problem": ("✗", "!!", "bold red")}


@command(
    app,
    "doctor",
    fields=FIELDS,
    more="Nothing is changed and nothing is charged. Ends with 0 when there is no problem.",
)
def doctor(
    context: typer.Context,
    *,
    low: Annotated[
        int | None,
        typer.Option(
            "--low", parser=amount, metavar="AMOUNT", help="Balances below this amount are low.", show_default="$5"
        ),
    ] = None,
) -> int:
    """Check the setup, and say what to do about problems."""
    from ..checks import check_all
    from ..diagnosis import exit_code

    session: Session = context.obj
    with session.waiting("Checking"):
        diagnoses = list(check_all(session, Money.from_cents(500 if low is None else low)))
    rows = [
        {"check": one.check, "level": one.level.value, "finding": one.sentence, "next_step": one.next_step or None}
        for one in diagnoses
    ]

    def layout() -> list[RenderableType]:
        from rich.text import Text

        from ..output.formatting import safe
        from ..output.tables import Hanging

        lines: list[list[Text]] = []
        for one in diagnoses:
            sign, plain, style = _MARKS[one.level]
            words = Text(safe(one.sentence))
            if one.next_step:
                words.append(f"\n{safe(one.next_step)}", style="italic")
            lines.append([Text(sign if session.terminal.unicode else plain, style), Text(one.check, "bold"), words])
        problems = sum(one.level == "problem" for one in diagnoses)
        counted = {0: "There is no problem.", 1: "There is a problem."}.get(problems, f"There are {problems} problems.")
        return [Hanging(lines), Text(), Text(counted, "bold red" if problems else "green")]

    session.report(Report(FIELDS, rows), layout)
    return exit_code(diagnoses)
