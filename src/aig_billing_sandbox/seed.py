"""The demo account: a month of plausible usage and top-ups, the same for the same day."""

import random
import sqlite3
from decimal import Decimal

from aig_billing_sandbox.accounts import default_card, open_account, put_card
from aig_billing_sandbox.auto_topups import fire_if_low, remove_auto_topup, set_auto_topup
from aig_billing_sandbox.books import Books, keep_setting
from aig_billing_sandbox.clock import DAY_MS, HOUR_MS, moment_of, now_ms
from aig_billing_sandbox.control import ACCOUNT_ID, EMAIL, add_first_credentials
from aig_billing_sandbox.topups import Pace, buy
from aig_billing_sandbox.usage import Call, meter

_DAYS = 40
_AT_ONCE = Pace(settles_after_ms=0)

# Dollars a token, made up; the weights say how often a model is called.
_MODELS = (
    ("openai/gpt-5-mini", Decimal("0.0000006"), 9),
    ("anthropic/claude-sonnet-4-5", Decimal("0.000006"), 5),
    ("google-ai-studio/gemini-2.5-flash", Decimal("0.0000004"), 6),
    ("workers-ai/@cf/meta/llama-3.3-70b-instruct", Decimal("0.0000008"), 2),
)


def furnish_demo(books: Books) -> None:
    """Fills empty books with the demo account; books that have accounts are left as they are."""
    with books.writing() as connection:
        if connection.execute("SELECT 1 FROM accounts").fetchone():
            return
        keep_setting(connection, "salt", "demo")
        now = now_ms(connection)
        today = now - now % DAY_MS
        first_day = today - _DAYS * DAY_MS
        open_account(connection, ACCOUNT_ID, owner_email=EMAIL, tax_basis_points=0, created_ms=first_day)
        put_card(connection, ACCOUNT_ID, "good")
        add_first_credentials(connection)
        _live_through(connection, first_day, now)


def _live_through(books: sqlite3.Connection, first_day: int, now: int) -> None:
    dice = random.Random(first_day)  # noqa: S311 - plausible, not secret
    _buy(books, 2_500, first_day + 8 * HOUR_MS)
    for day in range(_DAYS + 1):
        start = first_day + day * DAY_MS
        if day == 4:
            set_auto_topup(books, ACCOUNT_ID, 2_500, 1_000)
        elif day == 30:
            # From here on the owner prefers to top up by hand.
            remove_auto_topup(books, ACCOUNT_ID)
        if day == 32:
            _buy(books, 4_000, start + 8 * HOUR_MS + 5 * 60_000)
        for at_ms, call in _calls_of_a_day(start, dice):
            if at_ms <= now:
                meter(books, ACCOUNT_ID, call, at_ms)
                fire_if_low(books, ACCOUNT_ID, _AT_ONCE, at_ms)


def _calls_of_a_day(start: int, dice: random.Random) -> list[tuple[int, Call]]:
    """A working day has more calls than one of the weekend, and more by day than by night."""
    weekend = moment_of(start).weekday() >= 5
    calls = []
    for _ in range(dice.randint(3, 6) if weekend else dice.randint(20, 34)):
        hour = min(23, max(0, round(dice.gauss(13.5, 3.5))))
        model, unit_amount, _weight = dice.choices(_MODELS, [weight for *_, weight in _MODELS])[0]
        at_ms = start + hour * HOUR_MS + dice.randrange(HOUR_MS)
        calls.append((at_ms, Call(model, dice.randrange(5_000, 90_000), unit_amount)))
    return sorted(calls, key=lambda entry: entry[0])


def _buy(books: sqlite3.Connection, credit_cents: int, at_ms: int) -> None:
    card = default_card(books, ACCOUNT_ID)
    assert card is not None  # noqa: S101 - the demo account has one
    buy(books, ACCOUNT_ID, credit_cents, card, kind="manual", pace=_AT_ONCE, at_ms=at_ms)
