"""The journal of charges, as far as the command line reads it. The client writes it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from aig_billing import ChargeRecord, Journal

from aig_billing_charges.identity import account_identity
from aig_billing_charges.journal_url import place_of

if TYPE_CHECKING:
    from .configuration import Configuration


class AccountCharges:
    """The charges of one account in one journal."""

    def __init__(self, configuration: Configuration) -> None:
        self.account = account_identity(configuration.require_account())
        self._place = configuration.journal_place()
        self._journal: Journal | None = None

    @property
    def journal(self) -> Journal:
        """The journal; it is created if missing."""
        if self._journal is None:
            self._journal = Journal(self._place)
            self._journal.prepare()
        return self._journal

    def find(self, key: str) -> ChargeRecord | None:
        """Return the charge of a key."""
        return self.journal.find(self.account, key)[0]

    def all(self) -> tuple[ChargeRecord, ...]:
        """Return all charges, the newest first; reading creates no journal."""
        place = place_of(self._place)
        if isinstance(place, Path) and not place.exists():
            return ()
        return tuple(reversed(self.journal.view(self.account, since_ms=0).records))
