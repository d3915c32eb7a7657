"""`aig-billing watch`: for cron and alerts, the exit code says whether the balance is below a threshold."""

from __future__ import annotations

import datetime as dt
import time

from aig_billing import Money

from ..command import command
from ..errors import ExitCode
from ..options import amount, option, span
from ..output.formatting import second, text
from ..output.rows import Field, Row, Words
from ..session import Session

FIELDS: tuple[Field[Row], ...] = (
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


@command("watch", fields=FIELDS, more=_MORE)
def watch(
    session: Session,
    *,
    below: int = option("--below AMOUNT", "Alert when the balance is below this amount.", parser=amount),
    every: dt.timedelta | None = option("--every TIME", "Keep going, and check this often, as in 5m.", parser=span),
    until_below: bool = option("--until-below", "With --every: end with 6 as soon as the balance is below."),
) -> ExitCode:
    """Check the balance against a threshold, for alerts."""
    from aig_billing import APIError, AuthenticationError, PermissionDeniedError

    threshold = Money.from_cents(below)
    if every is None:
        code, row, words = _check(session, threshold)
        session.report_line(row, words, in_parts=False)
        return code
    # Until a check succeeds, nothing can be said of the balance.
    code = ExitCode.INTERRUPTED
    try:
        while True:
            try:
                # The code comes before the line: whoever has read the line may end this process.
                code, row, words = _check(session, threshold)
                session.report_line(row, words)
            except (AuthenticationError, PermissionDeniedError):
                raise
            except APIError as error:
                # It may pass; the result of the last check stays.
                session.report_failed_check(error)
            if until_below and code is ExitCode.THRESHOLD:
                return code
            time.sleep(every.total_seconds())
    except KeyboardInterrupt:
        return code


def _check(session: Session, threshold: Money) -> tuple[ExitCode, Row, Words]:
    """Check the balance once; give the exit code, and the row and the line to print."""
    from aig_billing_monitor.service_clock import service_time

    answer = session.ask("Asking for the balance", session.billing.with_raw_response.credit_balance)
    at, balance = service_time(answer.headers), answer.parse().balance_money
    is_below = balance.amount < threshold.amount
    row: Row = {"checked_at": at, "balance": balance, "threshold": threshold, "below": is_below}
    style, compared = ("bold red", "below") if is_below else ("green", "not below")
    words: Words = [f"{second(at)}  ", (text(balance), style), f", {compared} {text(threshold)}"]
    return (ExitCode.THRESHOLD if is_below else ExitCode.OK), row, words
