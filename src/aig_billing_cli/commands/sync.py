"""`aig-billing sync`: copies into the history what the API forgets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import asdict

from ..command import command
from ..errors import usage_errors
from ..options import option
from ..output.rows import Field, Row, Words
from ..session import Session

if TYPE_CHECKING:
    from aig_billing_monitor.history import History
    from aig_billing_monitor.sync import Synced

FIELDS: tuple[Field[Row], ...] = (
    Field("account", "the account"),
    Field("history", "where it is kept"),
    Field("usage_days", "days of usage that were read"),
    Field("invoices", "invoices that were read"),
    Field("invoices_in_all", "invoices that the API says there are; it lists the newest only"),
    Field("models", "models that cost something this month"),
)
_ELSEWHERE = "--history names another place for it."
HISTORY = option("--history PLACE", "File or PostgreSQL URL. By default in this user's state directory.")


@command("sync", fields=FIELDS, more="`aig-billing monitor` does the same every six hours.")
def sync(session: Session, *, history: str | None = HISTORY) -> None:
    """Keep balance, usage, invoices and costs in the history."""
    account = session.configuration.require_account().lower()
    kept = open_history(history)
    synced = synchronize(session, account, kept)
    found = f"{synced.invoices} of {synced.invoices_in_all} invoices"
    pairs: dict[str, Words] = {
        "Kept": f"usage of {synced.usage_days} days, {found}, cost of {synced.models} models",
        "History": kept.name,
    }
    session.report_record({"account": account, "history": kept.name, **asdict(synced)}, pairs)


def open_history(place: str | None) -> History:
    """Open the history that was named, or the usual one; a UsageError says that it cannot be used."""
    from aig_billing_monitor.history import History, HistoryError

    with usage_errors(HistoryError, _ELSEWHERE):
        return History(place or None)


def synchronize(session: Session, account: str, kept: History) -> Synced:
    """Read an account into the history."""
    import asyncio

    from aig_billing_monitor.history import HistoryError
    from aig_billing_monitor.readings import Account, Reading
    from aig_billing_monitor.sync import sync as copy

    from ..readers import Readers

    async def run() -> Synced:
        async with Readers(session) as readers:
            reader = readers.of(session.configuration)
            named = Account(account)
            synced = await copy(reader, named, kept)
            outcome = await reader.read(named)
            if isinstance(outcome, Reading):
                kept.keep_reading(outcome)
            return synced

    with usage_errors(HistoryError, _ELSEWHERE), session.waiting("Reading usage and invoices"):
        return asyncio.run(run())
