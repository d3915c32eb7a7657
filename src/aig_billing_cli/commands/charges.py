"""`aig-billing charges list` and `aig-billing charges reconcile`: what the journal knows of charges, and settling what it does not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ..exit_codes import ExitCode
from ..output.rows import Field, Report, Row
from ..problem import Problem
from ..registry import command
from ..session import Session

if TYPE_CHECKING:
    from rich.console import RenderableType

    from aig_billing_charges.record import ChargeRecord, RecordedRefusal

    from ..journal import Charges

FIELDS = (
    Field("created_at", "when it was first asked for", title="Created", drop=3),
    Field("key", "its idempotency key", title="Key"),
    Field("amount", "how much credit it buys", title="Amount", money=True),
    Field("state", "intent, sending, sent, completed, refused, unknown or not_found", title="State"),
    Field("payment_id", "id of its invoice", title="Payment", drop=2),
    Field("changed_at", "when its state last changed"),
    Field("remark", "why it was refused, or what evidence is missing", title="Remark", drop=4, shrink=True),
)
UNSETTLED = frozenset({"sending", "sent", "unknown"})
_RECONCILE = (
    "No charge is sent. A charge that was sent and left no invoice ends as not_found after the settling window (15 minutes). Where no "
    "evidence decides, look at the invoices yourself and say what you found with --paid ID or --not-paid. Ends with 5 while the outcome "
    "of any is unknown."
)


@command("charges list", fields=FIELDS)
def list_(
    session: Session,
    *,
    unsettled: Annotated[bool, typer.Option("--unsettled", help="Only those whose outcome is open.")] = False,
) -> None:
    """List the charges in this machine's journal."""
    from ..journal import Charges

    records = Charges(session.configuration).all()
    chosen = [record for record in records if not unsettled or record.state in UNSETTLED]
    _report(session, chosen, none="No charge is open." if unsettled else "There are no charges in the journal.")


@command("charges reconcile", fields=FIELDS, more=_RECONCILE)
def reconcile(
    session: Session,
    *,
    key: Annotated[
        str | None,
        typer.Argument(metavar="KEY", help="The charge's key. By default all that are open.", show_default=False),
    ] = None,
    paid: Annotated[
        str | None,
        typer.Option(
            "--paid", metavar="ID", help="Tell the journal: this invoice is the charge's.", show_default=False
        ),
    ] = None,
    not_paid: Annotated[
        bool, typer.Option("--not-paid", help="Tell the journal: it was not made, and will not be paid.")
    ] = False,
) -> ExitCode:
    """Find out what became of charges whose outcome is open."""
    from ..journal import Charges

    charges = Charges(session.configuration)
    if key is None:
        if paid is not None or not_paid:
            raise Problem(ExitCode.USAGE, "--paid and --not-paid need the KEY of the charge that they are about.")
        open_ones = [record.key for record in charges.all() if record.state in UNSETTLED]
    else:
        if charges.find(key) is None:
            raise Problem(
                ExitCode.USAGE,
                f"The journal has no charge of the key {key} for account {charges.account}.",
                "`aig-billing charges list` shows those it has; AIG_BILLING_JOURNAL names another journal.",
            )
        open_ones = [key]
    if paid is not None and not_paid:
        raise Problem(ExitCode.USAGE, "--paid and --not-paid contradict each other.")
    for one in open_ones:
        if paid is not None or not_paid:
            _settle(session, charges, one, paid)
        else:
            _reconcile(session, charges, one)
    settled = [record for one in open_ones if (record := charges.find(one)) is not None]
    _report(session, settled, none="No charge is open.")
    return (
        ExitCode.CHARGE_UNKNOWN if any(record.state in {"sending", "unknown"} for record in settled) else ExitCode.FINE
    )


def _reconcile(session: Session, charges: Charges, key: str) -> None:
    """Bring one charge as far as the evidence allows; the journal then has what came of it."""
    from aig_billing import APIStatusError, ChargeError, JournalError

    try:
        with session.waiting(f"Looking for {key}"):
            session.billing.topup.reconcile(key, journal=charges.journal)
    except JournalError:
        raise
    except ChargeError as unsettled:
        cause = unsettled.__cause__
        if isinstance(cause, Exception):
            session.tell(cause)
    except APIStatusError as error:
        # Raised for a charge that was refused before: the row says so.
        if error.attempts:
            raise


def _settle(session: Session, charges: Charges, key: str, payment_id: str | None) -> None:
    with session.waiting("Writing it down"):
        session.billing.topup.settle(key=key, payment_id=payment_id, journal=charges.journal)


def _report(session: Session, records: list[ChargeRecord], *, none: str) -> None:
    rows = [_row(record) for record in records]

    def layout() -> list[RenderableType]:
        from ..output.tables import rows_table

        return [rows_table(FIELDS, rows, session.terminal.out.width)] if rows else [none]

    session.report(Report(FIELDS, rows), layout)


def _row(record: ChargeRecord) -> Row:
    """Give a charge as a row."""
    from aig_billing_runtime.money import Money
    from aig_billing_runtime.times import from_unix_ms

    return {
        "created_at": from_unix_ms(record.created_ms),
        "key": record.key,
        "amount": Money.from_cents(record.amount),
        "state": record.state,
        "payment_id": record.payment_id,
        "changed_at": from_unix_ms(record.changed_ms),
        "remark": _refusal(record.refusal) if record.refusal else record.note,
    }


def _refusal(refusal: RecordedRefusal) -> str:
    return "; ".join(f"{message} (code {code:g})" for code, message in refusal.errors) or refusal.message
