"""Random lives of an account: in any order of events, the books stay true.

The sandbox's process is killed and restarted on the way, and the network drops answers before and after the work is done.
The model keeps what a person would know: how much was bought and used, and which invoices there must be.
"""

import shutil
import tempfile
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from aig_billing_sandbox import Sandbox
from tests.sandbox.caller import BASE_URL, Caller

DURATIONS = {"daily": 1, "weekly": 7, "monthly": 30}
START = datetime(2026, 11, 27, 9, tzinfo=UTC)

cents = st.integers(1, 3_000_000).map(lambda millicents: Decimal(millicents) / 1000)


class AccountLife(RuleBasedStateMachine):
    """One account over a file of books."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.credit = Decimal(2500)
        self.used: list[tuple[datetime, Decimal]] = []
        self.manual: dict[str, tuple[int, str]] = {}
        self.limit: dict[str, Any] | None = None

    @initialize()
    def open_account(self) -> None:
        self.start()
        self.sandbox.set_clock(START)
        self.sandbox.hold_clock()
        self.card: Any = "good"
        self.first_invoice = self.sandbox.state()["invoices"][0]["id"]

    def start(self) -> None:
        self.sandbox = Sandbox(self.folder / "bank.db", mode="documented")
        client = httpx.Client(transport=self.sandbox.transport())
        self.api = Caller(client, BASE_URL, self.sandbox.account_id, self.sandbox.token)

    def teardown(self) -> None:
        if hasattr(self, "sandbox"):
            self.sandbox.close()
        shutil.rmtree(self.folder)

    # What a person, the bank, the gateway and the network do

    @rule(amount=st.integers(1000, 9000))
    def top_up(self, amount: int) -> None:
        response = self.api.send("POST", "topup", json={"amount": amount})
        if self.card == "declines":
            assert response.status_code == 402
        else:
            self.manual[response.json()["result"]["payment_intent_id"]] = (amount, self.card)

    @rule(amount=st.integers(1000, 9000), drop=st.sampled_from(["before", "after"]))
    def top_up_and_lose_the_answer(self, amount: int, drop: Any) -> None:
        self.sandbox.fault("topup.create", drop=drop)
        try:
            self.api.send("POST", "topup", json={"amount": amount})
        except httpx.RemoteProtocolError:
            pass
        else:
            raise AssertionError("the answer was not lost")
        charge = self.sandbox.charges()[-1]
        if drop == "before":
            assert (charge.outcome, charge.invoice_id) == ("prevented", None)
        elif charge.invoice_id is not None:
            self.manual[charge.invoice_id] = (amount, self.card)
        else:
            assert (charge.outcome, self.card) == ("declined", "declines")

    @rule(cost=cents)
    def use(self, cost: Decimal) -> None:
        before = self.balance()
        outcome = self.sandbox.use(cost)
        reached = self.limit is not None and self.spent_in_period() >= self.limit["amount"]
        if outcome.blocked is None:
            assert before > 0
            assert not reached
            self.used.append((self.sandbox.now, cost))
        else:
            assert outcome.blocked == ("spending_limit" if reached else "out_of_credit")
            assert outcome.balance_cents == before
            assert reached or before <= 0

    @rule(
        duration=st.one_of(st.integers(1, 5_000), st.integers(0, 40 * 86_400_000)).map(
            lambda ms: timedelta(milliseconds=ms)
        )
    )
    def let_time_pass(self, duration: timedelta) -> None:
        self.sandbox.advance(duration)

    @rule(card=st.sampled_from(["good", "declines", "declines_later", "needs_confirmation"]))
    def change_card(self, card: Any) -> None:
        self.sandbox.put_card(card)
        self.card = card

    @precondition(lambda self: any(card == "needs_confirmation" for _, card in self.manual.values()))
    @rule(data=st.data())
    def confirm(self, data: Any) -> None:
        waiting = sorted(name for name, (_, card) in self.manual.items() if card == "needs_confirmation")
        chosen = data.draw(st.sampled_from(waiting))
        self.sandbox.confirm(chosen)
        self.manual[chosen] = (self.manual[chosen][0], "good")

    @rule(amount=st.integers(1000, 5000), threshold=st.integers(500, 4000))
    def set_auto_topup(self, amount: int, threshold: int) -> None:
        self.api.post("topup/config", {"amount": amount, "threshold": threshold})

    @rule()
    def remove_auto_topup(self) -> None:
        self.api.delete("topup/config")

    @rule(
        amount=st.integers(100, 3000),
        duration=st.sampled_from(["daily", "weekly", "monthly"]),
        strategy=st.sampled_from(["fixed", "sliding"]),
    )
    def set_limit(self, amount: int, duration: str, strategy: str) -> None:
        self.limit = {"amount": amount, "duration": duration, "strategy": strategy}
        self.api.post("spending-limit", self.limit)

    @rule()
    def remove_limit(self) -> None:
        self.api.delete("spending-limit")
        self.limit = None

    @rule()
    def restart(self) -> None:
        self.sandbox.close()
        self.start()

    @rule()
    def kill(self) -> None:
        """What a killed process leaves behind is its files as they stand; a copy of them is what the next one finds."""
        left = self.folder.with_name(self.folder.name + "-killed")
        shutil.copytree(self.folder, left)
        self.sandbox.close()
        shutil.rmtree(self.folder)
        left.rename(self.folder)
        self.start()

    # What must be true all the time

    def balance(self) -> Decimal:
        return Decimal(str(self.api.get("credit-balance")["balance"]))

    def spent_in_period(self) -> Decimal:
        assert self.limit is not None
        now = self.sandbox.now
        if self.limit["strategy"] == "sliding":
            start = now - timedelta(days=DURATIONS[self.limit["duration"]], milliseconds=-1)
        else:
            start = now.replace(hour=0, minute=0, second=0, microsecond=0)
            start -= timedelta(
                days={"daily": 0, "weekly": start.weekday(), "monthly": start.day - 1}[self.limit["duration"]]
            )
        return sum((cost for moment, cost in self.used if start <= moment <= now), Decimal(0))

    @invariant()
    def the_balance_is_the_sum_of_the_ledger_and_of_what_was_bought_and_used(self) -> None:
        if not hasattr(self, "sandbox"):
            return
        balance = self.balance()
        state: Any = self.sandbox.state()
        assert balance * 1000 == sum(entry["amount_millicents"] for entry in state["ledger_entries"])
        paid = sum(row["credit_cents"] for row in state["invoices"] if row["status"] == "paid")
        assert balance == paid - sum(cost for _, cost in self.used)

    @invariant()
    def no_invoice_is_lost_or_doubled(self) -> None:
        if not hasattr(self, "sandbox"):
            return
        rows: Any = self.sandbox.state()["invoices"]
        assert len({row["id"] for row in rows}) == len(rows)
        manual = {row["id"]: row for row in rows if row["kind"] == "manual" and row["status"] != "void"}
        assert manual.keys() == {self.first_invoice, *self.manual}
        for invoice_id, (amount, card) in self.manual.items():
            row = manual[invoice_id]
            assert row["credit_cents"] == amount
            expected = {"good": {"open", "paid"}, "declines_later": {"open", "uncollectible"}}
            assert row["status"] in expected.get(card, {"open"})
        assert sum(row["kind"] == "auto" and row["status"] == "open" for row in rows) <= 1

    @invariant()
    def every_bought_credit_is_there_once_its_payment_is_due(self) -> None:
        if not hasattr(self, "sandbox"):
            return
        state: Any = self.sandbox.state()
        now_ms = int(self.sandbox.now.timestamp() * 1000)
        assert not [row for row in state["payments"] if row["state"] == "pending" and row["due_ms"] <= now_ms]
        paid = {row["id"] for row in state["invoices"] if row["status"] == "paid"}
        assert paid == {entry["invoice_id"] for entry in state["ledger_entries"] if entry["kind"] == "topup"}

    @invariant()
    def the_preview_agrees_with_the_ledger(self) -> None:
        if not hasattr(self, "sandbox"):
            return
        month = self.sandbox.now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        used = sum(cost for moment, cost in self.used if moment >= month)
        lines = self.api.get("invoice-preview")["invoice_lines"]
        assert sum(Decimal(str(line["amount"])) for line in lines) == used


TestAccountLife = pytest.mark.slow(AccountLife.TestCase)
TestAccountLife.settings = settings(
    max_examples=40, stateful_step_count=30, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
