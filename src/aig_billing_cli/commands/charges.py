"""`aig-billing charges list`, `reconcile` and `backup`: the charges in the journal, and settling those whose outcome is open."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from ..command import command
from ..completion import completer
from ..errors import ExitCode, UsageError
from ..options import NAMES, Options, argument, option
from ..output.rows import Field, Row
from ..session import Session

if TYPE_CHECKING:
    from aig_billing import ChargeRecord

    from ..journal import AccountCharges

FIELDS: tuple[Field[Row], ...] = (
    Field("created_at", "when it was first requested", title="Created", drop=3),
    Field("key", "its idempotency key", title="Key"),
    Field("amount", "how much credit it buys", title="Amount", money=True),
    Field("state", "intent, sending, sent, completed, refused, unknown or not_found", title="State"),
    Field("payment_id", "id of its invoice", title="Payment", drop=2),
    Field("changed_at", "when its state last changed"),
    Field("remark", "why it was refused, or what evidence is missing", title="Remark", drop=4, shrink=True),
    Field("next_step", "what to do about it, where its outcome is open"),
    Field("ask_again_at", "when that may show more than now"),
)
BACKUP_FIELDS: tuple[Field[Row], ...] = (
    Field("file", "the copy, a SQLite file that only this user can read"),
    Field("charges", "number of this account's charges in it"),
)
_BACKUP = (
    "A copy is whole even while charges are made, and knows nothing of charges made after it: do not charge with it while the journal "
    "itself is in use. docs/charges.md says what it is worth."
)
_NONE_OPEN = "No charge is open."
_COMPLETION_SECONDS = 2.0
_RECONCILE = (
    "No charge is sent. A charge that was sent and left no invoice ends as not_found after the settling window (15 minutes). Where the "
    "evidence does not decide, look at the invoices yourself and record what you found with --paid ID or --not-paid. Ends with 5 while "
    "the outcome of any is unknown."
)


@completer
def _keys(ctx: typer.Context) -> Iterable[str]:
    return [record.key for record in _session(ctx).charges.all()]


@completer
def complete_invoices(ctx: typer.Context) -> Iterable[str | None]:
    """Complete the ids of invoices, but run no `token_command` for it, which may ask for a password."""
    session = _session(ctx)
    profile = session.configuration.profile
    if profile is not None and profile.credentials is not None and profile.credentials.command:
        return []
    with session.client as client:
        quick = client.with_options(deadline=_COMPLETION_SECONDS, max_retries=0)
        return [invoice.id for invoice in quick.ai_gateway.billing.invoice_history().invoices]


def _session(ctx: typer.Context) -> Session:
    return Session(Options(**{name: ctx.find_root().params.get(name) for name in NAMES}))


@command("charges list", fields=FIELDS)
def list_(session: Session, *, unsettled: bool = option("--unsettled", "Only those whose outcome is open.")) -> None:
    """List the charges in this machine's journal."""
    chosen = [record for record in session.charges.all() if not unsettled or record.is_unsettled()]
    _report(session, chosen, empty=_NONE_OPEN if unsettled else "There are no charges in the journal.")


@command("charges reconcile", fields=FIELDS, more=_RECONCILE)
def reconcile(
    session: Session,
    *,
    key: str | None = argument("KEY", "The charge's key. By default all that are open.", autocompletion=_keys),
    paid: str | None = option(
        "--paid ID", "Record that this invoice is the charge's.", autocompletion=complete_invoices
    ),
    not_paid: bool = option("--not-paid", "Record that it was not made, and will not be paid."),
) -> ExitCode:
    """Find out the outcome of charges that are open."""
    charges = session.charges
    keys = [key] if key is not None else [record.key for record in charges.all() if record.is_unsettled()]
    if key is None and (paid is not None or not_paid):
        raise UsageError("--paid and --not-paid need the KEY of the charge that they are about.")
    if key is not None and charges.find(key) is None:
        raise UsageError(
            f"The journal has no charge of the key {key} for account {charges.account}.",
            "`aig-billing charges list` shows those it has; AIG_BILLING_JOURNAL names another journal.",
        )
    if paid is not None and not_paid:
        raise UsageError("--paid and --not-paid contradict each other.")
    for one in keys:
        if paid is not None or not_paid:
            session.billing.topup.settle(key=one, payment_id=paid, journal=charges.journal)
        else:
            _reconcile(session, one)
    settled = [record for one in keys if (record := charges.find(one)) is not None]
    _report(session, settled, empty=_NONE_OPEN)
    unknown = any(record.state in {"sending", "unknown"} for record in settled)
    return ExitCode.CHARGE_UNKNOWN if unknown else ExitCode.OK


@command("charges backup", fields=BACKUP_FIELDS, more=_BACKUP)
def backup(session: Session, *, file: Path = argument("FILE", "A file that does not exist yet.")) -> None:
    """Copy the journal to a file."""
    session.ask("Copying the journal", session.charges.journal.backup, file)
    copy, count = str(file.absolute()), len(session.charges.all())
    session.report_record({"file": copy, "charges": count}, {"Copy": copy, "Charges": str(count)})


def _reconcile(session: Session, key: str) -> None:
    """Settle one charge as far as the evidence allows; the result is in the journal then."""
    from aig_billing import APIStatusError, ChargeError, JournalError

    try:
        session.ask(f"Looking for {key}", session.billing.topup.reconcile, key, journal=session.charges.journal)
    except JournalError:
        raise
    except ChargeError as unsettled:
        if isinstance(unsettled.__cause__, Exception):
            session.report_error(unsettled.__cause__)
    except APIStatusError as error:
        # Without an attempt: raised for a charge that was refused before, as its row says.
        if error.attempts:
            raise


def _report(session: Session, records: list[ChargeRecord], *, empty: str) -> None:
    now = dt.datetime.now(dt.UTC)
    rows = [_row(record, *_next_step(record, session.charges, now)) for record in records]
    steps = {str(row["key"]): str(row["next_step"]) for row in rows if row["next_step"]}
    session.report_list(rows, empty=empty, below=steps)


def _next_step(
    record: ChargeRecord, charges: AccountCharges, now: dt.datetime
) -> tuple[str | None, dt.datetime | None]:
    """Say what to do about an open charge, and from when on that may show more."""
    if record.state == "sent":
        return f"Made, and not paid yet: `aig-billing topup status {record.payment_id} --wait`", None
    if record.state not in {"sending", "unknown"}:
        return None, None
    when = charges.decidable_at(record)
    reconcile = f"`aig-billing charges reconcile {record.key}`"
    if when > now:
        minutes = -(-(when - now) // dt.timedelta(minutes=1))
        return f"Do not pay again. Ask again in {minutes} min: {reconcile}", when
    look = "If that does not decide, look at `aig-billing invoices --type manual`, and add --paid ID or --not-paid."
    return f"Do not pay again. Ask now: {reconcile}. {look}", now


def _row(record: ChargeRecord, next_step: str | None, ask_again_at: dt.datetime | None) -> Row:
    from aig_billing import Money

    from aig_billing_runtime.times import from_unix_ms

    refusal = record.refusal
    said = refusal and ("; ".join(f"{message} (code {code:g})" for code, message in refusal.errors) or refusal.message)
    return {
        "created_at": from_unix_ms(record.created_ms),
        "key": record.key,
        "amount": Money.from_cents(record.amount),
        "state": record.state,
        "payment_id": record.payment_id,
        "changed_at": from_unix_ms(record.changed_ms),
        # Without the request line that a note of the runtime begins with: people did not type it.
        "remark": said or (re.sub(r"^[A-Z]+ /\S+: ", "", record.note) if record.note else None),
        "next_step": next_step,
        "ask_again_at": ask_again_at,
    }
