"""`aig-billing auto-topup show`, `set` and `off`."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Generator
from typing import Annotated

import typer
from aig_billing import Money

from ..auto_topup_state import AutoTopup
from ..command import command, group
from ..errors import UsageError
from ..output.rows import Field, Row
from ..parsers import Yes
from ..parsers import amount as dollars
from ..session import Session

app = group()
_DASHBOARD_ONLY = "Cloudflare allows this in the dashboard only (AI > AI Gateway > Credits) and refuses tokens; --force sends it anyway."
Force = Annotated[bool, typer.Option("--force", help="Send it although only the dashboard can do this.")]
FIELDS = (
    Field("state", "off, on, failing (it will try again) or stopped (it will not)"),
    Field("amount", "what one auto top-up buys", money=True),
    Field("threshold", "the balance below which it buys", money=True),
    Field("error", "why it failed"),
    Field("last_failed_at", "when it last failed"),
    Field("disabled_reason", "why the service stopped it"),
)
LEAST_CENTS = {"--amount": 1_000, "--threshold": 500}


@command(app, "show", fields=FIELDS)
def show(context: typer.Context) -> None:
    """Show when auto top-up buys credit, and whether it works."""
    session: Session = context.obj
    with session.waiting("Asking for auto top-up"):
        auto = AutoTopup.of(session.billing.topup.config.get())
    _report(session, auto)


@command(app, "set", fields=FIELDS, more=_DASHBOARD_ONLY)
def set_(
    context: typer.Context,
    *,
    amount: Annotated[
        int, typer.Option("--amount", parser=dollars, metavar="AMOUNT", help="What one auto top-up buys, at least $10.")
    ],
    threshold: Annotated[
        int,
        typer.Option(
            "--threshold", parser=dollars, metavar="AMOUNT", help="The balance below which it buys, at least $5."
        ),
    ],
    yes: Yes = False,
    force: Force = False,
) -> None:
    """Switch auto top-up on, or change it (dashboard only)."""
    session: Session = context.obj
    buys, below = Money.from_cents(amount), Money.from_cents(threshold)
    for name, given in (("--amount", buys), ("--threshold", below)):
        least = Money.from_cents(LEAST_CENTS[name])
        if given.amount < least.amount:
            raise UsageError(f"{name} is at least {least}, not {given}.")
    _require_force(session, force=force)
    session.require_answer(yes=yes)
    if not yes:
        with session.waiting("Asking for the balance"):
            answer = session.billing.credit_balance()
        session.terminal.info(f"The balance is {answer.balance_money}.")
    session.confirm(f"Charge {buys} automatically whenever the balance falls below {below}?", yes=yes)
    with session.waiting("Setting auto top-up"), _without_warning():
        session.billing.topup.config.create(amount=amount, threshold=threshold)
    _report(session, AutoTopup(buys, below))


@command(app, "off", fields=FIELDS, more=_DASHBOARD_ONLY)
def off(context: typer.Context, *, force: Force = False) -> None:
    """Switch auto top-up off (dashboard only)."""
    session: Session = context.obj
    _require_force(session, force=force)
    with session.waiting("Switching auto top-up off"), _without_warning():
        session.billing.topup.config.delete()
    _report(session, AutoTopup())


def _require_force(session: Session, *, force: bool) -> None:
    """Say before anything is sent that the service will refuse.

    Raises:
        UsageError: Without --force.
    """
    if not force:
        raise UsageError(
            "Nothing was sent: auto top-up is set and switched off in the dashboard only.", _DASHBOARD_ONLY
        )
    session.terminal.info(_DASHBOARD_ONLY)


@contextlib.contextmanager
def _without_warning() -> Generator[None]:
    """Silence the client's warning that says the same."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _report(session: Session, auto: AutoTopup) -> None:
    row: Row = {
        "state": auto.state,
        "amount": auto.amount,
        "threshold": auto.threshold,
        "error": auto.error,
        "last_failed_at": auto.last_failed_at,
        "disabled_reason": auto.disabled_reason,
    }
    session.report_record(FIELDS, row, lambda: {"Auto top-up": auto.sentence()})
