"""`aig-billing doctor`: what was found, what works, and what to do about the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aig_billing import Money

from ..command import command
from ..options import amount, option
from ..output.formatting import safe
from ..output.rows import Field, Words
from ..session import Session

if TYPE_CHECKING:
    from ..checks import Diagnosis
    from ..output.tables import Part

FIELDS: tuple[Field[Diagnosis], ...] = (
    Field("check", "what was checked: configuration, credentials, account, address, service, permission, payment, ..."),
    Field("level", "ok, note (worth knowing) or problem"),
    Field("finding", "what was found, in a sentence", lambda it: it.sentence),
    Field("next_step", "what to do about it", lambda it: it.next_step or None),
)
_MARKS = {"ok": ("✓", "ok", "green"), "note": ("•", "--", "yellow"), "problem": ("✗", "!!", "bold red")}


@command(
    "doctor",
    fields=FIELDS,
    more="Nothing is changed and nothing is charged. Ends with 0 when there is no problem.",
)
def doctor(
    session: Session,
    *,
    low: int = option("--low AMOUNT", "Balances below this amount are low.", parser=amount, default="$5"),
) -> int:
    """Check the setup, and say what to do about problems."""
    from ..checks import check_all, exit_code

    with session.waiting("Checking"):
        found = list(check_all(session, Money.from_cents(low)))

    def layout() -> list[Part]:
        from ..output.tables import Hanging

        lines: list[list[Words]] = []
        for one in found:
            sign, plain, style = _MARKS[one.level]
            next_step = [(f"\n{safe(one.next_step)}", "italic")] if one.next_step else []
            mark = sign if session.terminal.unicode else plain
            lines.append([(mark, style), (one.check, "bold"), [safe(one.sentence), *next_step]])
        problems = sum(one.level == "problem" for one in found)
        counted = {0: "There is no problem.", 1: "There is a problem."}.get(problems, f"There are {problems} problems.")
        return [Hanging(lines), "", (counted, "bold red" if problems else "green")]

    session.report(found, layout)
    return exit_code(found)
