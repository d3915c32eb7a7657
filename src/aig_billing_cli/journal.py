"""The journal of charges, as far as the command line reads it. The client writes it."""

from __future__ import annotations

import datetime as dt
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from aig_billing import ChargeRecord, Journal

from aig_billing_charges.identity import account_identity
from aig_billing_charges.journal_url import place_of
from aig_billing_runtime.times import from_unix_ms

if TYPE_CHECKING:
    from .configuration import Configuration


class AccountCharges:
    """The charges of one account in one journal."""

    def __init__(self, configuration: Configuration) -> None:
        self.account = account_identity(configuration.require_account())
        self._place = configuration.journal_place()

    @cached_property
    def journal(self) -> Journal:
        """The journal; it is created if missing."""
        return open_journal(self._place)

    def find(self, key: str) -> ChargeRecord | None:
        """Return the charge of a key."""
        return self.journal.find(self.account, key)[0]

    def decidable_at(self, record: ChargeRecord) -> dt.datetime:
        """Return when the outcome of an open charge can be decided: when it is no longer under way, or its invoice would be there."""
        lease, settled = record.lease_ms or 0, (record.left_by_ms or record.changed_ms) + self.journal.window_ms
        now_ms = int(dt.datetime.now(dt.UTC).timestamp() * 1000)
        return from_unix_ms(lease if record.is_under_way(now_ms) else settled)

    def all(self) -> tuple[ChargeRecord, ...]:
        """Return all charges, the newest first; reading creates no journal."""
        return tuple(reversed(self.journal.view(self.account, since_ms=0).records)) if exists(self._place) else ()


def exists(place: str | None) -> bool:
    """Say whether there is a journal at a place: looking makes none. A database server is taken to have one."""
    found = place_of(place)
    return not isinstance(found, Path) or found.exists()


def open_journal(place: str | None) -> Journal:
    """Open the journal at a place; it is created if missing."""
    journal = Journal(place)
    journal.prepare()
    return journal
