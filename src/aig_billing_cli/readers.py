"""Readers of accounts for the commands that watch them: one for each token, with the accounts that were named."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from aig_billing import AsyncClient

from aig_billing_monitor.monitor import Watched
from aig_billing_monitor.rate_gate import RateGate
from aig_billing_monitor.reader import AccountReader, DetailStore
from aig_billing_monitor.readings import Account

from .config_file import read_config_file
from .configuration import Configuration, find_configuration
from .errors import CommandError, ExitCode, UsageError, usage_errors
from .journal import exists, open_journal

if TYPE_CHECKING:
    from .session import Session


class Readers(AsyncExitStack):
    """Makes readers, and closes their clients with the block. Accounts that share a token share its reader and rate limit."""

    def __init__(
        self,
        session: Session,
        make_gate: Callable[[str], RateGate] = lambda _digest: RateGate(),
        *,
        details: DetailStore | None = None,
        journal: str | None = None,
    ) -> None:
        """Start without readers.

        `make_gate` makes the gate of a token, from a digest of it. By default, each reader remembers the `details` of usage by itself,
        and charges are counted in the `journal` that its configuration names.
        """
        super().__init__()
        self.session = session
        self._make_gate = make_gate
        self._details = details
        self._journal = journal
        self._known: dict[tuple[str, str | None], AccountReader] = {}

    def of(self, configuration: Configuration) -> AccountReader:
        """Return the reader for a configuration's credentials; a CommandError says that there are none, or the base URL is invalid."""
        credentials, address = configuration.credentials(), configuration.base_url
        secrets = "\0".join(str(secret or "") for secret in credentials.arguments().values())
        digest = hashlib.sha256(secrets.encode()).hexdigest()
        key = (digest, address.value if address else None)
        if key not in self._known:
            with usage_errors(ValueError):
                client = AsyncClient(
                    **credentials.arguments(),
                    base_url=address.value if address else None,
                    # The schedule repeats a check, and one retry of each would double what an outage costs of the rate limit.
                    max_retries=0,
                    allow_plain_http=self.session.options.allow_plain_http,
                )
            self.push_async_callback(client.aclose)
            place = self._journal or configuration.journal_place()
            journal = open_journal(place) if exists(place) else None
            details: DetailStore = {} if self._details is None else self._details
            self._known[key] = AccountReader(client, self._make_gate(digest), journal, details)
        return self._known[key]


def watched_accounts(readers: Readers, accounts: list[str], accounts_file: Path | None) -> list[Watched]:
    """Return the accounts that were named, each with its reader: those of a file of profiles, or of the usual configuration."""
    if accounts_file is None:
        own = readers.session.configuration
        named = accounts or [own.require_account()]
        profile = own.profile.name if own.profile else ""
        return [Watched(Account(one.lower(), profile), readers.of(own)) for one in dict.fromkeys(named)]
    if accounts:
        raise UsageError("--account and --accounts contradict each other.")
    if not accounts_file.exists():
        raise UsageError(f"--accounts names {accounts_file}, which does not exist.")
    environment = {**os.environ, "AIG_BILLING_CONFIG": str(accounts_file)}
    found: list[Watched] = []
    failures: list[str] = []
    for name in read_config_file(environment).profiles:
        # What the file says of a profile, and nothing of this process's own account. One that is wrong does not stop the others.
        try:
            found.append(_watched(readers, find_configuration(profile=name, account=None, environment=environment)))
        except CommandError as error:
            failures.append(error.sentence)
            readers.session.terminal.notice(f"Not watched: profile {name!r}: {error.sentence}")
    if not any(one.reader for one in found):
        failures += [one.reason for one in found]
        why = failures[0] if failures else "It has no profiles."
        raise UsageError(f"{accounts_file} names no account that can be watched. {why}")
    return found


def _watched(readers: Readers, own: Configuration) -> Watched:
    """Return the account of a profile; one whose credentials cannot be had is watched too, as one that cannot be read."""
    profile = own.profile
    if profile is None or profile.account_id is None:
        raise UsageError("It has no account_id.")
    account = Account(profile.account_id.lower(), profile.name)
    try:
        return Watched(account, readers.of(own))
    except CommandError as error:
        if error.code is not ExitCode.CREDENTIALS:
            raise
        return Watched(account, None, error.sentence)
