"""`aig-billing verify`: whether the live service is as openapi.yaml says, found out by reading alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..command import command
from ..errors import ExitCode
from ..output.rows import Field
from ..session import Session

if TYPE_CHECKING:
    from ..output.tables import Part
    from ..verify.checks import Finding

FIELDS: tuple[Field[Finding], ...] = (
    Field("verdict", "agrees, differs or not seen"),
    Field("where", "the operation, and the place in its answer"),
    Field("finding", "what was found", lambda it: it.what),
)


@command(
    "verify",
    fields=FIELDS,
    more="Sends nothing but GET requests and the question for a top-up's status; a token that may only read is enough. The report has "
    "no ids, no names and no amounts, so it can be pasted into an issue. Ends with 0 when nothing differs, else with 1.",
)
def verify(session: Session) -> int:
    """Compare the live service with what this client expects, by reading."""
    from ..verify.checks import verify as verify_service

    found = session.ask("Reading", verify_service, session.client)

    def layout() -> list[Part]:
        lines: list[Part] = []
        for verdict, title in {"differs": "Differs", "not seen": "Could not be seen", "agrees": "Agrees"}.items():
            of_kind = [one for one in found if one.verdict == verdict]
            if of_kind:
                lines.append((f"{title} ({len(of_kind)})", "bold red" if verdict == "differs" else "bold"))
                lines += [f"  {one.where}: {one.what}" for one in of_kind]
        return lines

    session.report(found, layout)
    return ExitCode.REFUSED if any(one.verdict == "differs" for one in found) else ExitCode.OK
