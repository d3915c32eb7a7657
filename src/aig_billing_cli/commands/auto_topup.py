"""`aig-billing auto-topup show`, `set` and `off`."""

from __future__ import annotations

from aig_billing import Money

from ..account_state import AutoTopup
from ..command import command
from ..errors import UsageError
from ..options import YES, option
from ..options import amount as dollars
from ..output.rows import Field
from ..session import Session

_DASHBOARD = "Cloudflare allows this in the dashboard only (AI > AI Gateway > Credits) and refuses tokens; --force sends it anyway."
FORCE = option("--force", "Send it although only the dashboard can do this.")
FIELDS: tuple[Field[AutoTopup], ...] = (
    Field("state", "off, on, failing (it will try again) or stopped (it will not)"),
    Field("amount", "what one auto top-up buys", money=True),
    Field("threshold", "the balance below which it buys", money=True),
    Field("error", "why it failed"),
    Field("last_failed_at", "when it last failed"),
    Field("disabled_reason", "why the service stopped it"),
)
LEAST_CENTS = {"--amount": 1_000, "--threshold": 500}


@command("auto-topup show", fields=FIELDS)
def show(session: Session) -> None:
    """Show when auto top-up buys credit, and whether it works."""
    _report(session, AutoTopup.of(session.ask("Asking for auto top-up", session.billing.topup.config.get)))


@command("auto-topup set", fields=FIELDS, more=_DASHBOARD)
def set_(
    session: Session,
    *,
    amount: int = option("--amount AMOUNT", "What one auto top-up buys, at least $10.", parser=dollars),
    threshold: int = option("--threshold AMOUNT", "The balance below which it buys, at least $5.", parser=dollars),
    yes: bool = YES,
    force: bool = FORCE,
) -> None:
    """Switch auto top-up on, or change it (dashboard only)."""
    buys, below = Money.from_cents(amount), Money.from_cents(threshold)
    for name, given in (("--amount", buys), ("--threshold", below)):
        least = Money.from_cents(LEAST_CENTS[name])
        if given.amount < least.amount:
            raise UsageError(f"{name} is at least {least}, not {given}.")
    _require_force(session, force=force)
    session.require_answer(yes=yes)
    if not yes:
        answer = session.ask("Asking for the balance", session.billing.credit_balance)
        session.terminal.info(f"The balance is {answer.balance_money}.")
    session.confirm(f"Charge {buys} automatically whenever the balance falls below {below}?", yes=yes)
    session.ask("Setting auto top-up", session.billing.topup.config.create, amount=amount, threshold=threshold)
    _report(session, AutoTopup(buys, below))


@command("auto-topup off", fields=FIELDS, more=_DASHBOARD)
def off(session: Session, *, force: bool = FORCE) -> None:
    """Switch auto top-up off (dashboard only)."""
    _require_force(session, force=force)
    session.ask("Switching auto top-up off", session.billing.topup.config.delete)
    _report(session, AutoTopup())


def _require_force(session: Session, *, force: bool) -> None:
    """Say before anything is sent that the service will refuse, and end there without --force."""
    if not force:
        raise UsageError("Nothing was sent: auto top-up is set and switched off in the dashboard only.", _DASHBOARD)
    session.terminal.info(_DASHBOARD)


def _report(session: Session, auto: AutoTopup) -> None:
    session.report_record(auto, {"Auto top-up": auto.sentence()})
