"""`aig-billing watch`: for cron and alerts, the exit code says whether the balance is below a threshold."""

from __future__ import annotations

import datetime as dt
import time
from typing import TYPE_CHECKING, Annotated

import typer
from aig_billing import Money

from ..command import command, group
from ..exit_codes import ExitCode
from ..output.rows import Field, Report, Row
from ..parsers import amount, span
from ..session import Session

if TYPE_CHECKING:
    from rich.console import RenderableType

app = group()
FIELDS = (
    Field("checked_at", "when it was checked"),
    Field("balance", "credit left", money=True),
    Field("threshold", "the amount of --below", money=True),
    Field("below", "whether the balance is below it"),
)
_MORE = (
    "\b\nExample (docs/how-to/alerts.md has lines for cron):\n"
    "  aig-billing watch --below 10 -q || test $? -ne 6 || echo 'credit is low'\n\n"
    "Ends with 6 when the balance is below, 0 when it is not, and other codes when it could not be read. With --every it keeps "
    "going until Ctrl-C, which ends it with the result of the last check; failed checks are reported and repeated next time. "
    "-o json then prints one line a check, as jsonl does. --quiet leaves only the exit code, and with --every the failed checks."
)


@command(app, "watch", fields=FIELDS, more=_MORE)
def watch(
    context: typer.Context,
    *,
    below: Annotated[
        int,
        typer.Option("--below", parser=amount, metavar="AMOUNT", help="Alert when the balance is below this amount."),
    ],
    every: Annotated[
        dt.timedelta | None,
        typer.Option("--every", parser=span, metavar="TIME", help="Keep going, and check this often, as in 5m."),
    ] = None,
    until_below: Annotated[
        bool, typer.Option("--until-below", help="With --every: end with 6 as soon as the balance is below.")
    ] = False,
) -> ExitCode:
    """Check the balance against a threshold, for alerts."""
    from aig_billing import APIError, AuthenticationError, PermissionDeniedError

    session: Session = context.obj
    threshold = Money.from_cents(below)
    if every is None:
        row, code = _read(session, threshold)
        _report(session, row, continued=None)
        return code
    # Until a check succeeds, nothing can be said of the balance.
    code, continued = ExitCode.INTERRUPTED, False
    try:
        while True:
            try:
                row, code = _read(session, threshold)
            except (AuthenticationError, PermissionDeniedError):
                raise
            except APIError as error:
                # It may pass; the result of the last check stays.
                session.report_failed_check(error)
            else:
                _report(session, row, continued=continued)
                continued = True
            if until_below and code is ExitCode.THRESHOLD:
                return code
            time.sleep(every.total_seconds())
    except KeyboardInterrupt:
        return code


def _read(session: Session, threshold: Money) -> tuple[Row, ExitCode]:
    """Check the balance once."""
    with session.waiting("Asking for the balance"):
        answer = session.billing.with_raw_response.credit_balance()
    balance = answer.parse().balance_money
    is_below = balance.amount < threshold.amount
    row: Row = {
        "checked_at": session.now(answer.headers),
        "balance": balance,
        "threshold": threshold,
        "below": is_below,
    }
    return row, ExitCode.THRESHOLD if is_below else ExitCode.OK


def _report(session: Session, row: Row, *, continued: bool | None) -> None:
    def layout() -> list[RenderableType]:
        from rich.text import Text

        from ..output.formatting import second, text

        if session.options.quiet:
            # The exit code has said it all, and cron mails every line.
            return []
        style, compared = ("bold red", "below") if row["below"] else ("green", "not below")
        at = row["checked_at"]
        time_of_check = second(at) if isinstance(at, dt.datetime) else ""
        words = f", {compared} {text(row['threshold'])}"
        return [Text.assemble(f"{time_of_check}  ", (text(row["balance"]), style), words)]

    session.report(Report(FIELDS, [row], single=True, continued=continued), layout)
