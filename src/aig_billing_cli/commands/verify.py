"""`aig-billing verify`: whether the live service is as openapi.yaml says, found out by reading alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from ..command import command, group
from ..exit_codes import ExitCode
from ..output.rows import Field, Report
from ..session import Session

if TYPE_CHECKING:
    from rich.console import RenderableType

app = group()
FIELDS = (
    Field("verdict", "agrees, differs or not seen"),
    Field("where", "the operation, and the place in its answer"),
    Field("finding", "what was found"),
)


@command(
    app,
    "verify",
    fields=FIELDS,
    more="Sends nothing but GET requests and the question for a top-up's status; a token that may only read is enough. The report has "
    "no ids, no names and no amounts, so it can be pasted into an issue. Ends with 0 when nothing differs, else with 1.",
)
def verify(context: typer.Context) -> int:
    """Compare the live service with what this client expects, by reading."""
    from ..verify.findings import Verdict
    from ..verify.verifying import verify as verify_service

    session: Session = context.obj
    with session.waiting("Reading"):
        found = verify_service(session.client)
    rows = [{"verdict": one.verdict.value, "where": one.where, "finding": one.what} for one in found]

    def layout() -> list[RenderableType]:
        from rich.text import Text

        lines: list[RenderableType] = []
        titles = {Verdict.DIFFERS: "Differs", Verdict.UNSEEN: "Could not be seen", Verdict.AGREES: "Agrees"}
        for verdict, title in titles.items():
            of_kind = [one for one in found if one.verdict is verdict]
            if of_kind:
                lines += [Text(f"{title} ({len(of_kind)})", "bold red" if verdict is Verdict.DIFFERS else "bold")]
                lines += [Text(f"  {one.where}: {one.what}") for one in of_kind]
        return lines

    session.report(Report(FIELDS, rows), layout)
    return ExitCode.REFUSED if any(one.verdict is Verdict.DIFFERS for one in found) else ExitCode.OK
