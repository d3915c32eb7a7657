"""`aig-billing charges list` and `charges reconcile`: the charges in the journal, and settling those whose outcome is open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ..command import command, group
from ..errors import CommandError
from ..exit_codes import ExitCode
from ..output.rows import Field, Row
from ..session import Session

if TYPE_CHECKING:
    from aig_billing import ChargeRecord

    from ..journal import AccountCharges

app = group()
FIELDS = (
    Field("created_at", "when it was first requested", title="Created", drop=3),
    Field("key", "its idempotency key", title="Key"),
    Field("amount", "how much credit it buys", title="Amount", money=True),
    Field("state", "intent, sending, sent, completed, refused, unknown or not_found", title="State"),
    Field("payment_id", "id of its invoice", title="Payment", drop=2),
    Field("changed_at", "when its state last changed"),
    Field("remark", "why it was refused, or what evidence is missing", title="Remark", drop=4, shrink=True),
)
OPEN = frozenset({"sending", "sent", "unknown"})
_NONE_OPEN = "No charge is open."
_RECONCILE = (
    "No charge is sent. A charge that was sent and left no invoice ends as not_found after the settling window (15 minutes). Where the "
    "evidence does not decide, look at the invoices yourself and record what you found with --paid ID or --not-paid. Ends with 5 while "
    "the outcome of any is unknown."
)


@command(app, "list", fields=FIELDS)
def list_(
    context: typer.Context,
    *,
    unsettled: Annotated[bool, typer.Option("--unsettled", help="Only those whose outcome is open.")] = False,
) -> None:
    """List the charges in this machine's journal."""
    from ..journal import AccountCharges

    session: Session = context.obj
    records = AccountCharges(session.configuration).all()
    chosen = [record for record in records if not unsettled or record.state in OPEN]
    empty = _NONE_OPEN if unsettled else "There are no charges in the journal."
    session.report_list(FIELDS, [_row(record) for record in chosen], empty=empty)


@command(app, "reconcile", fields=FIELDS, more=_RECONCILE)
def reconcile(
    context: typer.Context,
    *,
    key: Annotated[
        str | None, typer.Argument(metavar="KEY", help="The charge's key. By default all that are open.")
    ] = None,
    paid: Annotated[
        str | None, typer.Option("--paid", metavar="ID", help="Record that this invoice is the charge's.")
    ] = None,
    not_paid: Annotated[
        bool, typer.Option("--not-paid", help="Record that it was not made, and will not be paid.")
    ] = False,
) -> ExitCode:
    """Find out the outcome of charges that are open."""
    from ..journal import AccountCharges

    session: Session = context.obj
    charges = AccountCharges(session.configuration)
    keys = [key] if key is not None else [record.key for record in charges.all() if record.state in OPEN]
    if key is None and (paid is not None or not_paid):
        raise CommandError(ExitCode.USAGE, "--paid and --not-paid need the KEY of the charge that they are about.")
    if key is not None and charges.find(key) is None:
        raise CommandError(
            ExitCode.USAGE,
            f"The journal has no charge of the key {key} for account {charges.account}.",
            "`aig-billing charges list` shows those it has; AIG_BILLING_JOURNAL names another journal.",
        )
    if paid is not None and not_paid:
        raise CommandError(ExitCode.USAGE, "--paid and --not-paid contradict each other.")
    for one in keys:
        if paid is not None or not_paid:
            session.billing.topup.settle(key=one, payment_id=paid, journal=charges.journal)
        else:
            _reconcile(session, charges, one)
    settled = [record for one in keys if (record := charges.find(one)) is not None]
    session.report_list(FIELDS, [_row(record) for record in settled], empty=_NONE_OPEN)
    unknown = any(record.state in {"sending", "unknown"} for record in settled)
    return ExitCode.CHARGE_UNKNOWN if unknown else ExitCode.OK


def _reconcile(session: Session, charges: AccountCharges, key: str) -> None:
    """Settle one charge as far as the evidence allows; the result is in the journal then."""
    from aig_billing import APIStatusError, ChargeError, JournalError

    try:
        with session.waiting(f"Looking for {key}"):
            session.billing.topup.reconcile(key, journal=charges.journal)
    except JournalError:
        raise
    except ChargeError as unsettled:
        if isinstance(unsettled.__cause__, Exception):
            session.report_error(unsettled.__cause__)
    except APIStatusError as error:
        # Without an attempt: raised for a charge that was refused before, as its row says.
        if error.attempts:
            raise


def _row(record: ChargeRecord) -> Row:
    from aig_billing import Money

    from aig_billing_runtime.times import from_unix_ms

    refusal = record.refusal
    refused = refusal and (
        "; ".join(f"{message} (code {code:g})" for code, message in refusal.errors) or refusal.message
    )
    return {
        "created_at": from_unix_ms(record.created_ms),
        "key": record.key,
        "amount": Money.from_cents(record.amount),
        "state": record.state,
        "payment_id": record.payment_id,
        "changed_at": from_unix_ms(record.changed_ms),
        "remark": refused or record.note,
    }
