"""`aig-billing watch`: for cron and alerts, the exit code says whether the balance is below a threshold."""

from __future__ import annotations

import datetime as dt
import time
from typing import TYPE_CHECKING, Annotated

import typer

from ..exit_codes import ExitCode
from ..output.rows import Field, Report, Row
from ..registry import command
from ..session import Session
from ..typed import amount, span

if TYPE_CHECKING:
    from aig_billing import Money
    from rich.console import RenderableType

FIELDS = (
    Field("checked_at", "when"),
    Field("balance", "credit that is left", money=True),
    Field("threshold", "what --below said", money=True),
    Field("below", "whether the balance is below it"),
)
_MORE = (
    "\b\nExample, for cron:\n  0 * * * *  aig-billing watch --below 10 --quiet || mail -s 'AI credit is low' me@example.com\n\n"
    "Ends with 6 when the balance is below, 0 when it is not, and other codes when it could not be asked for. With --every it keeps "
    "going until Ctrl-C, which ends it with what the last check found; failed checks are told and tried again next time. "
    "-o json then writes one line a check, as jsonl does. --quiet leaves the exit code alone."
)


@command("watch", fields=FIELDS, more=_MORE)
def watch(
    session: Session,
    *,
    below: Annotated[
        int, typer.Option("--below", parser=amount, metavar="AMOUNT", help="The threshold.", show_default=False)
    ],
    every: Annotated[
        dt.timedelta | None,
        typer.Option(
            "--every",
            parser=span,
            metavar="TIME",
            help="Keep going, and check this often, as in 5m.",
            show_default=False,
        ),
    ] = None,
    until_below: Annotated[
        bool, typer.Option("--until-below", help="With --every: end with 6 as soon as the balance is below.")
    ] = False,
) -> ExitCode:
    """Check the balance against a threshold, for alerts."""
    from aig_billing import Money

    watched = _Watch(session, Money.from_cents(below), repeated=every is not None)
    if every is None:
        return watched.check()
    code = ExitCode.FINE
    try:
        while True:
            code = _try(watched, session, code)
            if until_below and code is ExitCode.THRESHOLD:
                return code
            time.sleep(every.total_seconds())
    except KeyboardInterrupt:
        return code


def _try(watched: _Watch, session: Session, before: ExitCode) -> ExitCode:
    """Check once among many; what may pass is told, and what the last check found stays."""
    from aig_billing import APIError, AuthenticationError, PermissionDeniedError

    try:
        return watched.check()
    except (AuthenticationError, PermissionDeniedError):
        raise
    except APIError as error:
        session.tell(error)
        return before


class _Watch:
    def __init__(self, session: Session, threshold: Money, *, repeated: bool) -> None:
        self._session = session
        self._threshold = threshold
        self._continued = False if repeated else None

    def check(self) -> ExitCode:
        session = self._session
        with session.waiting("Asking for the balance"):
            answer = session.billing.with_raw_response.credit_balance()
        balance = answer.parsed.balance_money
        is_below = balance.amount < self._threshold.amount
        row: Row = {
            "checked_at": session.now(answer.headers),
            "balance": balance,
            "threshold": self._threshold,
            "below": is_below,
        }
        session.report(
            Report(FIELDS, [row], single=True, continued=self._continued),
            lambda: self._layout(row, balance, is_below=is_below),
        )
        if self._continued is not None:
            self._continued = True
        return ExitCode.THRESHOLD if is_below else ExitCode.FINE

    def _layout(self, row: Row, balance: Money, *, is_below: bool) -> list[RenderableType]:
        from rich.text import Text

        from ..output.shown import text

        if self._session.options.quiet:
            # The exit code has said it all, and cron mails every line.
            return []
        stands = "below" if is_below else "not below"
        style = "bold red" if is_below else "green"
        return [Text.assemble(f"{text(row['checked_at'])}  ", (f"{balance}", style), f", {stands} {self._threshold}")]
