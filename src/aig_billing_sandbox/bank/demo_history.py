"""The history of the demo account: some weeks of plausible usage and top-ups, the same for the same day."""

import random
import sqlite3
from decimal import Decimal

from aig_billing_sandbox.bank.accounts import Card
from aig_billing_sandbox.bank.auto_topups import buy_if_low, remove_auto_topup, set_auto_topup
from aig_billing_sandbox.bank.clock import DAY_MS, HOUR_MS, datetime_of
from aig_billing_sandbox.bank.topups import PurchaseTerms, buy
from aig_billing_sandbox.bank.usage import GatewayCall, meter

DEMO_DAYS = 40

_MINUTE_MS = HOUR_MS // 60
_SATURDAY = 5

# Model, dollars per token (made up), and how often it is called in proportion to the others.
_MODELS = (
    ("openai/gpt-5-mini", Decimal("0.0000006"), 9),
    ("anthropic/claude-sonnet-4-5", Decimal("0.000006"), 5),
    ("google-ai-studio/gemini-2.5-flash", Decimal("0.0000004"), 6),
    ("workers-ai/@cf/meta/llama-3.3-70b-instruct", Decimal("0.0000008"), 2),
)


def play_demo_history(db: sqlite3.Connection, account_id: str, card: Card, now_ms: int, terms: PurchaseTerms) -> None:
    """Fills an empty account that has a good card with `DEMO_DAYS` days and this morning.

    The owner buys $25, then sets auto top-up, and went back to topping up by hand a good week ago.
    """
    first_day = now_ms - now_ms % DAY_MS - DEMO_DAYS * DAY_MS
    dice = random.Random(first_day)  # noqa: S311 - plausible, not secret
    buy(db, account_id, 2_500, card, kind="manual", terms=terms, at_ms=first_day + 8 * HOUR_MS)
    for day in range(DEMO_DAYS + 1):
        start = first_day + day * DAY_MS
        if day == 4:
            set_auto_topup(db, account_id, 2_500, 1_000)
        elif day == 30:
            remove_auto_topup(db, account_id)
        elif day == 32:
            bought_ms = start + 8 * HOUR_MS + 5 * _MINUTE_MS
            buy(db, account_id, 4_000, card, kind="manual", terms=terms, at_ms=bought_ms)
        for at_ms, call in _calls_of_a_day(start, dice):
            if at_ms <= now_ms:
                meter(db, account_id, call, at_ms)
                buy_if_low(db, account_id, terms, at_ms)


def _calls_of_a_day(start: int, dice: random.Random) -> list[tuple[int, GatewayCall]]:
    """More on working days than at the weekend, and at noon than at midnight."""
    weekend = datetime_of(start).weekday() >= _SATURDAY
    calls: list[tuple[int, GatewayCall]] = []
    for _ in range(dice.randint(3, 6) if weekend else dice.randint(20, 34)):
        hour = min(23, max(0, round(dice.gauss(13.5, 3.5))))
        model, unit_amount, _weight = dice.choices(_MODELS, [weight for *_, weight in _MODELS])[0]
        at_ms = start + hour * HOUR_MS + dice.randrange(HOUR_MS)
        calls.append((at_ms, GatewayCall(model, dice.randrange(5_000, 90_000), unit_amount)))
    return sorted(calls, key=lambda entry: entry[0])
