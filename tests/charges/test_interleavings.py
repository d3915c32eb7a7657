"""Calls that are interleaved step by step, paused, killed and resumed in every order that hypothesis can think of; the sandbox judges.

A flow is a generator, so several can be run by hand, a step of one and a step of another, as threads and processes would be. To kill
one is never to go on with it. Nothing here is random but what hypothesis chooses, so a failure shrinks to the shortest history.
"""

import os
import secrets
from typing import Any

import hypothesis.strategies as st
import pytest
from aig_billing import Client
from aig_billing.errors import ChargeNotFound, ChargeOutcomeUnknown, CloudflareError
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test
from sqlalchemy import BigInteger, ColumnElement, literal

from aig_billing_charges.journal import Journal
from aig_billing_charges.once import create_once
from aig_billing_charges.record import TopupOutcome
from aig_billing_runtime.steps import DeadlineExceeded, Flow, Run, Send, Step
from aig_billing_sandbox import Sandbox
from tests.charges.stage import BASE_URL

EXAMPLES = int(os.environ.get("AIG_BILLING_EXAMPLES", "24"))
AMOUNTS = {"a": 5000, "b": 5000, "c": 9000}
DEADLINE_MS = 120_000
KEYS = st.sampled_from(sorted(AMOUNTS))


class StoppedClockJournal(Journal):
    now = 1_000_000_000_000

    def clock(self) -> ColumnElement[int]:
        return literal(self.now, BigInteger)


class Running:
    """One call, between two of its steps."""

    def __init__(self, key: str, flow: Flow[TopupOutcome], journal: StoppedClockJournal) -> None:
        self.key = key
        self.flow = flow
        self.journal = journal
        self.step: Step | None = None
        self.since = journal.now
        """When its step was asked for."""
        self.outcome: TopupOutcome | CloudflareError | None = None
        self.go_on(lambda: flow.send(None))

    def go_on(self, advance: Any) -> None:
        try:
            self.step = advance()
        except StopIteration as end:
            self.step, self.outcome = None, end.value
        except CloudflareError as error:
            self.step, self.outcome = None, error
        self.since = self.journal.now

    def take(self, client: Any) -> None:
        """Run what the call asks for, and go on to its next step."""
        assert self.step is not None
        try:
            reported: Any = None
            if isinstance(self.step, Send):
                if self.journal.now - self.since > DEADLINE_MS:
                    raise DeadlineExceeded  # as the drivers do, whose clock goes on while their process is paused
                reported = client._exchange(self.step)
            elif isinstance(self.step, Run):
                reported = self.step.work()
        except BaseException as error:  # noqa: BLE001 - the flow decides, as it does for the real drivers
            thrown = error
            self.go_on(lambda: self.flow.throw(thrown))
        else:
            self.go_on(lambda: self.flow.send(reported))


class Interleavings(RuleBasedStateMachine):
    place: str

    @initialize(late=st.booleans())
    def begin(self, late: bool) -> None:
        self.sandbox = Sandbox()
        self.sandbox.behave(settles_after=0, listed_after=60 if late else 0)
        self.journal = StoppedClockJournal(f"{self.place}", settling_window=900)
        self.journal.prepare()
        self.account = self.sandbox.open_account(secrets.token_hex(16))
        self.client = Client(
            api_token=self.sandbox.token,
            account_id=self.account,
            base_url=BASE_URL,
            transport=self.sandbox.transport(),
            max_retries=0,
        )
        self.running: list[Running] = []
        self.killed: list[Running] = []
        self.ended: list[Running] = []

    def start(self, key: str) -> Running:
        flow = create_once(
            self.client,
            key=key,
            amount=AMOUNTS[key],
            payment_method_id=None,
            journal=self.journal,
            wait=False,
            account_id=None,
        )
        return Running(key, flow, self.journal)

    @precondition(lambda self: len(self.running) < 4)
    @rule(key=KEYS)
    def call(self, key: str) -> None:
        self.running.append(self.start(key))

    @precondition(lambda self: self.running)
    @rule(which=st.integers(0, 3), steps=st.integers(1, 6))
    def go_on(self, which: int, steps: int) -> None:
        call = self.running[which % len(self.running)]
        for _ in range(steps):
            if call.step is None:
                break
            call.take(self.client)
        if call.step is None:
            self.running.remove(call)
            self.ended.append(call)

    @precondition(lambda self: self.running)
    @rule(which=st.integers(0, 3))
    def kill(self, which: int) -> None:
        self.killed.append(self.running.pop(which % len(self.running)))

    @rule(seconds=st.sampled_from([1, 100, 200, 1_000]))
    def time_passes(self, seconds: int) -> None:
        self.journal.now += seconds * 1000
        self.sandbox.advance(seconds=seconds)

    @rule(
        operation=st.sampled_from(["topup.create", "topup.create", "invoice_history"]),
        fault=st.sampled_from([{"drop": "before"}, {"drop": "after"}, {"status": 500}, {"cut_off_after": 150}]),
    )
    def fault(self, operation: str, fault: dict[str, Any]) -> None:
        self.sandbox.fault(operation, **fault)

    def finish(self, key: str) -> TopupOutcome | CloudflareError:
        call = self.start(key)
        for _ in range(100):
            if call.step is None:
                break
            call.take(self.client)
        assert call.outcome is not None, f"the call of {key!r} does not end: {call.step}"
        self.ended.append(call)
        return call.outcome

    def teardown(self) -> None:
        if not hasattr(self, "sandbox"):
            return
        # Whoever still runs was only slow, and comes to its end; who was killed does not.
        self.sandbox.clear_faults()
        for _ in range(60):
            open_calls = [call for call in self.running if call.step is not None]
            if not open_calls:
                break
            for call in open_calls:
                call.take(self.client)
            self.journal.now += 10_000
        assert all(call.step is None for call in self.running), "a call does not end"
        self.ended += self.running
        self.time_passes(1_000)
        last: dict[str, TopupOutcome | CloudflareError] = {}
        for _ in range(3):
            last = {key: self.finish(key) for key in AMOUNTS}
            self.time_passes(2_000)
        self.judge(last)
        self.client.close()
        self.sandbox.close()

    def judge(self, last: dict[str, TopupOutcome | CloudflareError]) -> None:
        charges = self.sandbox.charges()
        for amount in set(AMOUNTS.values()):
            keys = [key for key, its in AMOUNTS.items() if its == amount]
            received = [charge for charge in charges if charge.amount_cents == amount]
            accepted = {charge.invoice_id for charge in received if charge.outcome == "accepted"}
            assert len(received) <= len(keys), "a key was charged twice"
            known = [end.payment_intent_id for key in keys if isinstance(end := last[key], TopupOutcome)]
            unknown = [key for key in keys if isinstance(last[key], ChargeOutcomeUnknown)]
            assert set(known) <= accepted, "an outcome was invented"
            assert len(known) == len(set(known)), "one invoice was given to two keys"
            assert len(accepted) - len(known) <= len(unknown), "an outcome was lost"
        # Two that are unknown may hide behind each other, since an invoice could be of either. One alone has its evidence, unless a key of
        # the same amount was given an invoice because of the amount alone: that could be of either, too.
        unknown = [key for key, end in last.items() if isinstance(end, ChargeOutcomeUnknown)]
        if len(unknown) == 1:
            records = [self.journal.find(self.account, key)[0] for key in AMOUNTS if key != unknown[0]]
            assert any(
                record and record.proof == "invoice" and record.amount == AMOUNTS[unknown[0]] for record in records
            )
        for call in self.ended:
            final = last[call.key]
            record, _ = self.journal.find(self.account, call.key)
            assert record is not None
            # What was concluded may be overruled, by nothing but the answer that a paused sender brought after all.
            overruled = record.proof == "answer" or self.belongs_to_another(call)
            if isinstance(call.outcome, TopupOutcome) and not overruled:
                assert isinstance(final, TopupOutcome)
                assert final.payment_intent_id == call.outcome.payment_intent_id
            if isinstance(call.outcome, ChargeNotFound) and not overruled:
                assert isinstance(final, ChargeNotFound)

    def belongs_to_another(self, call: Running) -> bool:
        """Whether the invoice that this call was given turned out to be that of another key."""
        others = (self.journal.find(self.account, key)[0] for key in AMOUNTS if key != call.key)
        reported = call.outcome.payment_intent_id if isinstance(call.outcome, TopupOutcome) else None
        return any(other is not None and other.proof == "answer" and other.payment_id == reported for other in others)


@pytest.mark.slow
def test_in_no_interleaving_a_key_is_charged_twice_and_no_outcome_is_lost(place: str) -> None:
    class Machine(Interleavings):
        pass

    Machine.place = place
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=EXAMPLES if "postgresql" not in place else EXAMPLES // 3,
            stateful_step_count=30,
            deadline=None,
            phases=[Phase.generate, Phase.shrink],
            database=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
        ),
    )
