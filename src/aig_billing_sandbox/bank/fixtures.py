"""What a sandbox starts with: an account with a card, credentials, and forty days of history if asked for."""

import secrets
import sqlite3
from datetime import datetime
from typing import Literal, get_args

import attrs

from aig_billing_sandbox.bank import accounts
from aig_billing_sandbox.bank.accounts import Card, CardBehaviour, Credential
from aig_billing_sandbox.bank.clock import DAY_MS, now_ms, set_clock, unix_ms
from aig_billing_sandbox.bank.database import BankDatabase, set_setting
from aig_billing_sandbox.bank.demo_history import DEMO_DAYS, play_demo_history
from aig_billing_sandbox.bank.gateways import add_default_gateways
from aig_billing_sandbox.bank.topups import PurchaseTerms, buy

Seed = Literal["demo"]

# Fixed and not secret, so that examples can be copied: they open sandboxes only.
ACCOUNT_ID = "7f3c0a9e5b1d42d8a6e4c9b20f18d573"
TOKEN = "sandbox-token-that-may-write"  # noqa: S105 - public on purpose
READ_TOKEN = "sandbox-token-that-only-reads"  # noqa: S105 - public on purpose
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

    def load_into(self, database: BankDatabase, terms: PurchaseTerms) -> None:
        """Fills an empty database; in one that has accounts already, only the clock is set, where that is asked for."""
        with database.writing() as db:
            if self.now is not None:
                set_clock(db, unix_ms(self.now))
            if accounts.account_exists(db, ACCOUNT_ID):
                return
            at_ms = now_ms(db)
            # So that ids that are derived differ between two databases, as all others do.
            set_setting(db, "salt", secrets.token_hex(8))
            if self.seed == "demo":
                today = at_ms - at_ms % DAY_MS
                card = open_account(db, ACCOUNT_ID, today - DEMO_DAYS * DAY_MS, terms, topped_up=False)
                play_demo_history(db, ACCOUNT_ID, card, at_ms, at_once(terms))
            else:
                open_account(db, ACCOUNT_ID, at_ms - DAY_MS, terms)
            for credential in (
                Credential(secret=TOKEN),
                Credential(secret=READ_TOKEN, may_write=False),
                Credential(secret=API_KEY, email=EMAIL),
            ):
                accounts.add_credential(db, credential)


def open_account(
    db: sqlite3.Connection,
    account_id: str,
    opened_ms: int,
    terms: PurchaseTerms,
    *,
    card: CardBehaviour | None = "good",
    topped_up: bool = True,
) -> Card:
    """Opens an account as of then and returns its first card, with which a `topped_up` one has bought $25 by hand."""
    accounts.add_account(db, account_id, owner_email=EMAIL, created_ms=opened_ms)
    add_default_gateways(db, account_id, opened_ms)
    first_card = accounts.put_card(db, account_id, "good")
    if topped_up:
        buy(db, account_id, FIRST_TOPUP_CENTS, first_card, kind="manual", terms=at_once(terms), at_ms=opened_ms)
    if card is None:
        accounts.remove_default_card(db, account_id)
    elif card != "good":
        accounts.put_card(db, account_id, card)
    return first_card


def at_once(terms: PurchaseTerms) -> PurchaseTerms:
    """The same terms for purchases of the past: settled and listed already."""
    return attrs.evolve(terms, settles_after_ms=0, listed_after_ms=0)
