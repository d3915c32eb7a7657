"""`aig-billing auto-topup show`, `set` and `off`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ..exit_codes import ExitCode
from ..output.rows import Field, Report, Row
from ..problem import Problem
from ..registry import command
from ..session import Session
from ..typed import amount as dollars

if TYPE_CHECKING:
    from rich.console import RenderableType

    from ..auto_topup_state import AutoTopup

FIELDS = (
    Field("state", "off, on, failing (it will try again) or stopped (it will not)"),
    Field("amount", "what one auto top-up buys", money=True),
    Field("threshold", "the balance that sets one off", money=True),
    Field("error", "what went wrong with it"),
    Field("last_failed_at", "when"),
    Field("disabled_reason", "why the service stopped it"),
)
LEAST_AMOUNT_CENTS = 1_000
LEAST_THRESHOLD_CENTS = 500


@command("auto-topup show", fields=FIELDS)
def show(session: Session) -> None:
    """Show when auto top-up buys credit, and how it fares."""
    from ..auto_topup_state import AutoTopup

    with session.waiting("Asking for auto top-up"):
        auto = AutoTopup.of(session.billing.topup.config.get())
    _report(session, auto)


@command("auto-topup set", fields=FIELDS)
def set_(
    session: Session,
    *,
    amount: Annotated[
        int,
        typer.Option(
            "--amount",
            parser=dollars,
            metavar="AMOUNT",
            help="What one auto top-up buys, at least $10.",
            show_default=False,
        ),
    ],
    threshold: Annotated[
        int,
        typer.Option(
            "--threshold",
            parser=dollars,
            metavar="AMOUNT",
            help="The balance below which it buys, at least $5.",
            show_default=False,
        ),
    ],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Switch auto top-up on, or change it.

    A balance that is below the threshold already is topped up at once.
    """
    from aig_billing import Money

    from ..auto_topup_state import AutoTopup

    buys, below = Money.from_cents(amount), Money.from_cents(threshold)
    for given, least, name in (
        (amount, LEAST_AMOUNT_CENTS, "--amount"),
        (threshold, LEAST_THRESHOLD_CENTS, "--threshold"),
    ):
        if given < least:
            raise Problem(
                ExitCode.USAGE, f"{name} is at least {Money.from_cents(least)}, not {Money.from_cents(given)}."
            )
    session.require_answer(yes=yes)
    if not yes:
        with session.waiting("Asking for the balance"):
            answer = session.billing.credit_balance()
        at_once = " That is now: the card may be charged at once." if answer.balance < threshold else ""
        session.terminal.say(f"The balance is {answer.balance_money}.{at_once}")
    session.confirm(f"Charge {buys} on its own whenever the balance falls below {below}?", yes=yes)
    with session.waiting("Setting auto top-up"):
        session.billing.topup.config.create(amount=amount, threshold=threshold)
    _report(session, AutoTopup(buys, below, None, None, None))


@command("auto-topup off", fields=FIELDS)
def off(session: Session) -> None:
    """Switch auto top-up off."""
    from ..auto_topup_state import AutoTopup

    with session.waiting("Switching auto top-up off"):
        session.billing.topup.config.delete()
    _report(session, AutoTopup(None, None, None, None, None))


def _report(session: Session, auto: AutoTopup) -> None:
    row: Row = {
        "state": auto.state,
        "amount": auto.amount,
        "threshold": auto.threshold,
        "error": auto.error,
        "last_failed_at": auto.last_failed_at,
        "disabled_reason": auto.disabled_reason,
    }

    def layout() -> list[RenderableType]:
        from ..output.tables import record_table

        return [record_table({"Auto top-up": auto.sentence()})]

    session.report(Report(FIELDS, [row], single=True), layout)
