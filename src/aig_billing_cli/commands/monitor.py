"""`aig-billing monitor`: checks accounts until it is stopped, with metrics, alerts and a history."""

from __future__ import annotations

import contextlib
import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..command import command, group
from ..errors import UsageError
from ..exit_codes import ExitCode
from ..output.rows import Field, Report, Row
from ..parsers import amount, span
from ..session import Session
from .sync import HISTORY

if TYPE_CHECKING:
    from rich.console import RenderableType

    from aig_billing_monitor.metrics import Metrics, MetricsServer
    from aig_billing_monitor.readings import Outcome

app = group()
EVERY = dt.timedelta(minutes=5)
Every = Annotated[
    dt.timedelta | None, typer.Option("--every", parser=span, metavar="TIME", help="How often.", show_default="5m")
]
Below = Annotated[
    list[int] | None,
    typer.Option("--below", parser=amount, metavar="AMOUNT", help="Alert below this balance; may be repeated."),
]
Notify = Annotated[
    list[str] | None,
    typer.Option("--notify", metavar="URL", envvar="AIG_BILLING_NOTIFY", help="Send messages there; may be repeated."),
]
MetricsAddress = Annotated[
    str | None, typer.Option("--metrics", metavar="HOST:PORT", help="Serve metrics for Prometheus there.")
]
FIELDS = (
    Field("checked_at", "when it was checked"),
    Field("account", "the account"),
    Field("profile", "the profile with its token; empty without one"),
    Field("balance", "credit left; null when it could not be read", money=True),
    Field("days_left", "how long it lasts; null when that is not known, or nothing uses it up"),
    Field("auto_topup", "off, on, failing or stopped"),
    Field("charges_unknown", "charges of the journal whose outcome is not known; null without a journal"),
    Field("failure", "credentials or unreadable; null when it was read"),
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


@command(app, "monitor", fields=FIELDS, more=_MORE)
def monitor(
    context: typer.Context,
    *,
    accounts: Annotated[
        list[str] | None, typer.Option("--account", metavar="ID", help="Account to watch; may be repeated.")
    ] = None,
    accounts_file: Annotated[Path | None, typer.Option("--accounts", metavar="FILE", help=_ACCOUNTS_HELP)] = None,
    every: Every = None,
    below: Below = None,
    metrics: MetricsAddress = None,
    notify: Notify = None,
    history: Annotated[str | None, HISTORY] = None,
) -> ExitCode:
    """Watch accounts until stopped: metrics, alerts, history."""
    import asyncio

    from aig_billing_monitor.history import HistoryError
    from aig_billing_monitor.notify import open_targets

    session: Session = context.obj
    address = None if metrics is None else parse_address(metrics)
    try:
        targets = open_targets(notify or ())
        work = _watch(
            session,
            accounts=accounts or [],
            accounts_file=accounts_file,
            every=every or EVERY,
            below=tuple(below or ()),
            targets=targets,
            address=address,
            place=history,
        )
        asyncio.run(work)
    except ExceptionGroup as errors:
        raise errors.exceptions[0] from None
    except (HistoryError, ValueError) as error:
        raise UsageError(f"{error}.") from None
    return ExitCode.OK


async def _watch(
    session: Session,
    *,
    accounts: list[str],
    accounts_file: Path | None,
    every: dt.timedelta,
    below: tuple[int, ...],
    targets: dict[str, Any],
    address: tuple[str, int] | None,
    place: str | None,
) -> None:
    from aig_billing_monitor.history import History, default_place
    from aig_billing_monitor.metrics import Metrics
    from aig_billing_monitor.monitor import Monitor
    from aig_billing_monitor.notify import Notifier
    from aig_billing_monitor.signals import ended_by_signals

    from ..readers import Readers, watched_accounts

    kept, latest = History(place or default_place()), Metrics()
    async with ended_by_signals(within=0.8), Readers(allow_plain_http=session.options.allow_plain_http) as readers:
        watching = Monitor(
            watched=watched_accounts(session, readers, accounts, accounts_file),
            history=kept,
            thresholds=below,
            notifier=Notifier(kept, targets, session.terminal.notice),
            metrics=latest,
            on_outcome=Lines(session),
            report=session.terminal.notice,
        )
        with contextlib.ExitStack() as stack:
            if address is not None:
                server = stack.enter_context(serve_metrics(latest, address))
                session.terminal.info(f"Metrics are at http://{address[0]}:{server.port}/metrics")
            await watching.run(every)


class Lines:
    """Prints a line for each outcome."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._continued = False

    def __call__(self, outcome: Outcome) -> None:
        """Print it."""
        from aig_billing_monitor.readings import Reading

        read = outcome if isinstance(outcome, Reading) else None
        row: Row = {
            "checked_at": outcome.at,
            "account": outcome.account.account_id,
            "profile": outcome.account.profile,
            "balance": read.balance if read else None,
            "days_left": read.days_left if read else None,
            "auto_topup": read.auto_topup if read else None,
            "charges_unknown": read.charges_unknown if read else None,
            "failure": None if isinstance(outcome, Reading) else outcome.kind,
            "reason": None if isinstance(outcome, Reading) else outcome.reason,
        }
        report = Report(FIELDS, [row], single=True, continued=self._continued)
        self._session.report(report, lambda: self._layout(outcome))
        self._continued = True

    def _layout(self, outcome: Outcome) -> list[RenderableType]:
        from rich.text import Text

        from aig_billing_monitor.readings import Reading

        from ..output.formatting import safe, second

        if self._session.options.quiet:
            return []
        start = f"{second(outcome.at)}  {safe(str(outcome.account))}  "
        if not isinstance(outcome, Reading):
            return [Text.assemble(start, ("not read: ", "bold red"), safe(outcome.reason))]
        lasts = "" if outcome.days_left is None else f", lasts {outcome.days_left:.1f} days"
        failing = f", auto top-up {outcome.auto_topup}" if outcome.auto_topup in {"failing", "stopped"} else ""
        return [Text.assemble(start, (f"{outcome.balance}", "bold"), f"{lasts}{failing}")]


def serve_metrics(metrics: Metrics, address: tuple[str, int]) -> MetricsServer:
    """Serve metrics.

    Raises:
        CommandError: When the address is taken, or not of this machine.
    """
    from aig_billing_monitor.metrics import MetricsServer

    try:
        return MetricsServer(metrics, *address)
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
