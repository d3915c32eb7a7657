"""What a sandbox starts with: the first account, its card and credentials, and, if asked for, a month of history."""

import secrets
import sqlite3
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from aig_billing_sandbox import accounts, topups
from aig_billing_sandbox.accounts import CardBehaviour, Credential
from aig_billing_sandbox.books import Books, keep_setting
from aig_billing_sandbox.clock import DAY_MS, ms_of, now_ms, set_clock
from aig_billing_sandbox.seed import DEMO_DAYS, live_through

# Fixed and no secret, so that examples can be copied; they open nothing but sandboxes.
ACCOUNT_ID = "7f3c0a9e5b1d42d8a6e4c9b20f18d573"
TOKEN = "sandbox-token-that-may-write"  # noqa: S105
READ_TOKEN = "sandbox-token-that-only-reads"  # noqa: S105
EMAIL = "owner@example.com"
API_KEY = "sandbox-global-api-key"

FIRST_TOPUP_CENTS = 2_500


@dataclass(frozen=True)
class Furnishing:
    """How empty books are filled."""

    seed: Literal["demo"] | None = None
    now: datetime | None = None
    """What the clock shows at the start; None is the time of this machine."""

    def __post_init__(self) -> None:
        if self.seed not in {None, "demo"}:
            raise ValueError(f"seed is demo or None, not {self.seed!r}")

    def put_into(self, books: Books) -> None:
        """Fills books that are empty; others only have their clock set, where one is asked for."""
        with books.writing() as connection:
            if self.now is not None:
                set_clock(connection, ms_of(self.now))
            if accounts.account_exists(connection, ACCOUNT_ID):
                return
            at_ms = now_ms(connection)
            if self.seed == "demo":
                # The same day gives the same ids.
                keep_setting(connection, "salt", "demo")
                today = at_ms - at_ms % DAY_MS
                _open_with_card(connection, ACCOUNT_ID, opened_ms=today - DEMO_DAYS * DAY_MS)
                live_through(connection, ACCOUNT_ID, at_ms)
            else:
                keep_setting(connection, "salt", secrets.token_hex(8))
                open_account(connection, ACCOUNT_ID, at_ms)
            for credential in (
                Credential(TOKEN, None, may_write=True, account_id=None),
                Credential(READ_TOKEN, None, may_write=False, account_id=None),
                Credential(API_KEY, EMAIL, may_write=True, account_id=None),
            ):
                accounts.add_credential(connection, credential)


def open_account(
    books: sqlite3.Connection,
    account_id: str,
    at_ms: int,
    *,
    card: CardBehaviour | None = "good",
    topped_up: bool = True,
) -> None:
    """Opens an account as if it had been opened the day before and, unless told otherwise, topped up once by hand."""
    opened_ms = at_ms - DAY_MS
    paid_with = _open_with_card(books, account_id, opened_ms)
    if topped_up:
        at_once = topups.Pace(settles_after_ms=0)
        topups.buy(books, account_id, FIRST_TOPUP_CENTS, paid_with, kind="manual", pace=at_once, at_ms=opened_ms)
    if card is None:
        accounts.remove_card(books, account_id)
    elif card != "good":
        accounts.put_card(books, account_id, card)


def _open_with_card(books: sqlite3.Connection, account_id: str, opened_ms: int) -> accounts.Card:
    accounts.add_account(books, account_id, owner_email=EMAIL, created_ms=opened_ms)
    return accounts.put_card(books, account_id, "good")
