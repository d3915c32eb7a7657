"""What a sandbox starts with: an account with a card, credentials, and a month of history if asked for."""

import secrets
import sqlite3
from datetime import datetime
from typing import Literal, get_args

import attrs

from aig_billing_sandbox.bank import accounts, topups
from aig_billing_sandbox.bank.accounts import CardBehaviour, Credential
from aig_billing_sandbox.bank.clock import DAY_MS, now_ms, set_clock, unix_ms
from aig_billing_sandbox.bank.database import BankDatabase, set_setting
from aig_billing_sandbox.bank.demo_history import DEMO_DAYS, play_demo_history

Seed = Literal["demo"]

# Fixed and not secret, so that examples can be copied: they open sandboxes only.
ACCOUNT_ID = "7f3c0a9e5b1d42d8a6e4c9b20f18d573"
TOKEN = "sandbox-token-that-may-write"  # noqa: S105
READ_TOKEN = "sandbox-token-that-only-reads"  # noqa: S105
EMAIL = "owner@example.com"
API_KEY = "sandbox-global-api-key"

FIRST_TOPUP_CENTS = 2_500


@attrs.frozen
class Fixtures:
    """The content of a new database."""

    seed: Seed | None = None
    now: datetime | None = None
    """The clock's time at the start; None is the time of this machine."""

    def __attrs_post_init__(self) -> None:
        if self.seed is not None and self.seed not in get_args(Seed):
            raise ValueError(f"seed is demo or None, not {self.seed!r}")

    def load_into(self, database: BankDatabase) -> None:
        """Fills an empty database; in one that has accounts already, only the clock is set, where that is asked for."""
        with database.writing() as db:
            if self.now is not None:
                set_clock(db, unix_ms(self.now))
            if accounts.account_exists(db, ACCOUNT_ID):
                return
            at_ms = now_ms(db)
            if self.seed == "demo":
                # The same day gives the same ids.
                set_setting(db, "salt", "demo")
                today = at_ms - at_ms % DAY_MS
                _open_with_card(db, ACCOUNT_ID, opened_ms=today - DEMO_DAYS * DAY_MS)
                play_demo_history(db, ACCOUNT_ID, at_ms)
            else:
                set_setting(db, "salt", secrets.token_hex(8))
                open_account(db, ACCOUNT_ID, at_ms)
            for credential in (
                Credential(TOKEN, None, may_write=True, account_id=None),
                Credential(READ_TOKEN, None, may_write=False, account_id=None),
                Credential(API_KEY, EMAIL, may_write=True, account_id=None),
            ):
                accounts.add_credential(db, credential)


def open_account(
    db: sqlite3.Connection,
    account_id: str,
    at_ms: int,
    *,
    card: CardBehaviour | None = "good",
    topped_up: bool = True,
) -> None:
    """Opens an account as if that had been the day before; a `topped_up` one has bought $25 by hand then."""
    opened_ms = at_ms - DAY_MS
    first_card = _open_with_card(db, account_id, opened_ms)
    if topped_up:
        at_once = topups.Timing(settles_after_ms=0)
        topups.buy(db, account_id, FIRST_TOPUP_CENTS, first_card, kind="manual", timing=at_once, at_ms=opened_ms)
    if card is None:
        accounts.remove_card(db, account_id)
    elif card != "good":
        accounts.put_card(db, account_id, card)


def _open_with_card(db: sqlite3.Connection, account_id: str, opened_ms: int) -> accounts.Card:
    accounts.add_account(db, account_id, owner_email=EMAIL, created_ms=opened_ms)
    return accounts.put_card(db, account_id, "good")
