"""`aig-billing monitor`: checks accounts until it is stopped, with metrics, alerts and a history."""

from __future__ import annotations

import contextlib
import datetime as dt
import functools
from pathlib import Path
from typing import TYPE_CHECKING

from ..command import command
from ..errors import ExitCode, UsageError, usage_errors
from ..options import amount, option, span
from ..output.formatting import safe, second
from ..output.rows import Field
from ..session import Session
from .sync import HISTORY, open_history

if TYPE_CHECKING:
    from aig_billing_monitor.metrics import Metrics
    from aig_billing_monitor.readings import Outcome

EVERY = option("--every TIME", "How often.", parser=span, default="5m")
BELOW = option("--below AMOUNT", "Alert below this balance; may be repeated.", parser=amount)
NOTIFY = option("--notify URL", "Send messages there; may be repeated.", envvar="AIG_BILLING_NOTIFY")
METRICS = option("--metrics HOST:PORT", "Serve metrics for Prometheus there.")
FIELDS: tuple[Field[Outcome], ...] = (
    Field("checked_at", "when it was checked", lambda it: it.at),
    Field("account", "the account", lambda it: it.account.account_id),
    Field("profile", "the profile with its token; empty without one", lambda it: it.account.profile),
    Field("balance", "credit left; null when it could not be read", money=True),
    Field("days_left", "how long it lasts; null when that is not known, or nothing uses it up"),
    Field("auto_topup", "off, on, failing or stopped"),
    Field("charges_unknown", "charges of the journal whose outcome is not known; null without a journal"),
    Field("failure", "credentials or unreadable; null when it was read", lambda it: getattr(it, "kind", None)),
    Field("reason", "why it could not be read"),
)
_ACCOUNTS_HELP = "Watch every profile of this file, in the form of the configuration file, each with its own token."
_MORE = (
    "\b\nExample:\n  aig-billing monitor --below 20 --below 5 --notify slack://...\n\n"
    "Messages go out once when a condition begins and once when it ends: balance below a threshold, account cannot be read (after two "
    "failed checks), token does not work, auto top-up failing, outcome of a charge unknown. They are kept in the history until they are "
    "sent, so a restart repeats none. --notify takes Apprise URLs; AIG_BILLING_NOTIFY holds them, separated by spaces, where others could "
    'read the command line. SIGTERM and Ctrl-C end it, with 0. Needs: pip install "aig-billing[monitor]".'
)


@command("monitor", fields=FIELDS, more=_MORE)
def monitor(
    session: Session,
    *,
    accounts: list[str] | None = option("--account ID", "Account to watch; may be repeated."),
    accounts_file: Path | None = option("--accounts FILE", _ACCOUNTS_HELP),
    every: dt.timedelta = EVERY,
    below: list[int] | None = BELOW,
    metrics: str | None = METRICS,
    notify: list[str] | None = NOTIFY,
    history: str | None = HISTORY,
) -> ExitCode:
    """Watch accounts until stopped: metrics, alerts, history."""
    import asyncio

    from aig_billing_monitor.metrics import Metrics
    from aig_billing_monitor.monitor import Monitor
    from aig_billing_monitor.notify import Notifier, open_targets
    from aig_billing_monitor.signals import ended_by_signals

    from ..readers import Readers, watched_accounts

    address = None if metrics is None else parse_address(metrics)
    report = session.terminal.notice

    async def watch() -> None:
        kept, latest = open_history(history), Metrics()
        async with ended_by_signals(within=0.8), Readers(session) as readers:
            watching = Monitor(
                watched=watched_accounts(readers, accounts or [], accounts_file),
                history=kept,
                thresholds=tuple(below or ()),
                notifier=Notifier(kept, targets, report),
                metrics=latest,
                on_outcome=functools.partial(print_outcome, session),
                report=report,
            )
            with contextlib.ExitStack() as stack:
                if address is not None:
                    port = serve_metrics(stack, latest, address)
                    session.terminal.info(f"Metrics are at http://{address[0]}:{port}/metrics")
                await watching.run(every)

    try:
        with usage_errors(ValueError):
            targets = open_targets(notify or ())
            asyncio.run(watch())
    except ExceptionGroup as errors:
        raise errors.exceptions[0] from None
    return ExitCode.OK


def print_outcome(session: Session, outcome: Outcome) -> None:
    """Print a line for what a check gave."""
    from aig_billing_monitor.readings import Reading

    words: list[str | tuple[str, str]] = [f"{second(outcome.at)}  {safe(str(outcome.account))}  "]
    if isinstance(outcome, Reading):
        lasts = "" if outcome.days_left is None else f", lasts {outcome.days_left:.1f} days"
        failing = f", auto top-up {outcome.auto_topup}" if outcome.auto_topup in {"failing", "stopped"} else ""
        words += [(f"{outcome.balance}", "bold"), f"{lasts}{failing}"]
    else:
        words += [("not read: ", "bold red"), safe(outcome.reason)]
    session.report_line(outcome, words)


def serve_metrics(
    stack: contextlib.ExitStack | contextlib.AsyncExitStack, metrics: Metrics, address: tuple[str, int]
) -> int:
    """Serve metrics until the stack is closed, and give the port; a UsageError says that the address is taken, or not of this machine."""
    from aig_billing_monitor.metrics import serve

    try:
        return stack.enter_context(serve(metrics, *address))
    except OSError as error:
        raise UsageError(
            f"Metrics cannot be served at {address[0]}:{address[1]}: {error.strerror or error}.",
            "Does another monitor run? --metrics takes another address; port 0 is any free one.",
        ) from None


def parse_address(text: str) -> tuple[str, int]:
    """Read HOST:PORT."""
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal() or int(port) > 65_535:
        raise UsageError(f"--metrics {text} is not an address.", "Write 127.0.0.1:9464.")
    return host.strip("[]"), int(port)
