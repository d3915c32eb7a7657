"""What a sandbox starts with: an account with a card, credentials, and forty days of history if asked for."""

import random
import secrets
import sqlite3
from datetime import datetime
from decimal import Decimal
from typing import Literal, get_args

import attrs

from aig_billing_sandbox.bank import accounts, topups
from aig_billing_sandbox.bank.accounts import Card, CardBehaviour, Credential
from aig_billing_sandbox.bank.clock import DAY_MS, HOUR_MS, datetime_of, now_ms, set_clock, unix_ms
from aig_billing_sandbox.bank.database import BankDatabase, set_setting
from aig_billing_sandbox.bank.gateways import add_default_gateways
from aig_billing_sandbox.bank.topups import PurchaseTerms
from aig_billing_sandbox.bank.usage import meter

Seed = Literal["demo"]

# Fixed and not secret, so that examples can be copied: they open sandboxes only.
ACCOUNT_ID = "7f3c0a9e5b1d42d8a6e4c9b20f18d573"
TOKEN = "sandbox-token-that-may-write"  # noqa: S105 - public on purpose
READ_TOKEN = "sandbox-token-that-only-reads"  # noqa: S105 - public on purpose
EMAIL = "owner@example.com"
API_KEY = "sandbox-global-api-key"

FIRST_TOPUP_CENTS = 2_500

_DEMO_DAYS = 40

_MINUTE_MS = HOUR_MS // 60
_SATURDAY = 5

# Model, dollars per token (made up), and how often it is called in proportion to the others.
_MODELS = (
    ("openai/gpt-5-mini", Decimal("0.0000006"), 9),
    ("anthropic/claude-sonnet-4-5", Decimal("0.000006"), 5),
    ("google-ai-studio/gemini-2.5-flash", Decimal("0.0000004"), 6),
    ("workers-ai/@cf/meta/llama-3.3-70b-instruct", Decimal("0.0000008"), 2),
)


def fill(database: BankDatabase, terms: PurchaseTerms, seed: Seed | None, now: datetime | None) -> None:
    """Fills an empty database, its clock at `now`; in one that has accounts already, only the clock is set, where that is asked for."""
    if seed is not None and seed not in get_args(Seed):
        raise ValueError(f"seed is demo or None, not {seed!r}")
    with database.transaction() as db:
        if now is not None:
            set_clock(db, unix_ms(now))
        if accounts.account_exists(db, ACCOUNT_ID):
            return
        at_ms = now_ms(db)
        # So that ids that are derived differ between two databases, as all others do.
        set_setting(db, "salt", secrets.token_hex(8))
        if seed == "demo":
            _play_demo_history(db, ACCOUNT_ID, at_ms, terms)
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
        topups.buy(db, account_id, FIRST_TOPUP_CENTS, first_card, kind="manual", terms=_at_once(terms), at_ms=opened_ms)
    if card is None:
        accounts.remove_default_card(db, account_id)
    elif card != "good":
        accounts.put_card(db, account_id, card)
    return first_card


def _at_once(terms: PurchaseTerms) -> PurchaseTerms:
    """The same terms for purchases of the past: settled and listed already."""
    return attrs.evolve(terms, settles_after_ms=0, listed_after_ms=0)


def _play_demo_history(db: sqlite3.Connection, account_id: str, now_ms: int, terms: PurchaseTerms) -> None:
    """Opens an account with a good card and a history of `_DEMO_DAYS` days and this morning.

    The owner buys $25, then sets auto top-up, and went back to topping up by hand a good week ago.
    """
    first_day = now_ms - now_ms % DAY_MS - _DEMO_DAYS * DAY_MS
    card, terms = open_account(db, account_id, first_day, terms, topped_up=False), _at_once(terms)
    dice = random.Random(first_day)  # noqa: S311 - plausible, not secret
    topups.buy(db, account_id, 2_500, card, kind="manual", terms=terms, at_ms=first_day + 8 * HOUR_MS)
    for day in range(_DEMO_DAYS + 1):
        start = first_day + day * DAY_MS
        if day == 4:
            topups.set_auto_topup(db, account_id, 2_500, 1_000)
        elif day == 30:
            topups.remove_auto_topup(db, account_id)
        elif day == 32:
            bought_ms = start + 8 * HOUR_MS + 5 * _MINUTE_MS
            topups.buy(db, account_id, 4_000, card, kind="manual", terms=terms, at_ms=bought_ms)
        for at_ms, model, quantity, unit_amount in _calls_of_a_day(start, dice):
            if at_ms <= now_ms:
                topups.settle_due(db, terms, at_ms)
                meter(db, account_id, model, quantity, unit_amount, at_ms=at_ms)
                topups.buy_if_low(db, account_id, terms, at_ms)


def _calls_of_a_day(start: int, dice: random.Random) -> list[tuple[int, str, int, Decimal]]:
    """More on working days than at the weekend, and at noon than at midnight."""
    weekend = datetime_of(start).weekday() >= _SATURDAY
    calls: list[tuple[int, str, int, Decimal]] = []
    for _ in range(dice.randint(3, 6) if weekend else dice.randint(20, 34)):
        hour = min(23, max(0, round(dice.gauss(13.5, 3.5))))
        model, unit_amount, _weight = dice.choices(_MODELS, [weight for *_, weight in _MODELS])[0]
        at_ms = start + hour * HOUR_MS + dice.randrange(HOUR_MS)
        calls.append((at_ms, model, dice.randrange(5_000, 90_000), unit_amount))
    return sorted(calls)
