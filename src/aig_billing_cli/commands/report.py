"""`aig-billing report`: a month of one account, for finance."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import Literal

from ..command import command
from ..errors import UsageError, usage_errors
from ..options import option
from ..session import Session
from .sync import HISTORY, open_history, synchronize

_MORE = (
    "The report shows usage by day, cost by model, top-ups with fee and tax, balances and the forecast. It is made from the history, after "
    "that was brought up to date; --offline leaves that out. Months before the first `sync` or `monitor` have only what the API still "
    "lists. HTML is one file that fetches nothing. Days are days of UTC."
)


@command("report", more=_MORE)
def report(
    session: Session,
    *,
    month: str | None = option("--month YYYY-MM", "The month. By default the current one."),
    form: Literal["md", "html", "csv"] = option("--output, -o", "How to write it.", default="md"),
    to: Path | None = option("--to FILE", "Write to this file. By default to stdout."),
    history: str | None = HISTORY,
    offline: bool = option("--offline", "Ask the API for nothing."),
) -> None:
    """Report a month: usage, cost by model, top-ups, balance."""
    from aig_billing_monitor.report import gather, write_csv, write_html, write_markdown
    from aig_billing_monitor.report.month import month_range

    now = dt.datetime.now(dt.UTC)
    with usage_errors(ValueError):
        start, _ = month_range(month or f"{now:%Y-%m}")
    if start > now + dt.timedelta(days=1):  # a day, for clocks that are not set
        raise UsageError(f"{start:%B %Y} has not begun.")
    account = session.configuration.require_account().lower()
    kept = open_history(history)
    if not offline:
        synchronize(session, account, kept)
        now = dt.datetime.now(dt.UTC)
    profile = session.configuration.profile
    # What this journal's charges bought, by their invoices; nothing where there is no journal.
    bought = {record.payment_id: record.amount for record in session.charges.all() if record.payment_id is not None}
    name = profile.name if profile else ""
    found = gather(kept, account, f"{start:%Y-%m}", now=now, name=name, credits_bought=bought)
    text = {"md": write_markdown, "html": write_html, "csv": write_csv}[form](found)
    if to is None:
        sys.stdout.write(text)
        return
    try:
        to.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{to} cannot be written: {error.strerror}.") from None
    session.terminal.info(f"Wrote {to}: {found.used} of usage, {len(found.top_ups)} top-ups.")
