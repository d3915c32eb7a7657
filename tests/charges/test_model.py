"""The journal against a model of it written a second time from the promises: random steps by random owners at random times."""

import os
import secrets
from dataclasses import dataclass, field

import hypothesis.strategies as st
import pytest
from aig_billing.models import TopupCreateResponse
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import BigInteger, ColumnElement, literal

from aig_billing_charges.evidence import Found, Inconclusive, InvoiceList, NotFound, Verdict
from aig_billing_charges.journal import AccountChanged, Journal, LeaseLost
from aig_billing_charges.record import RecordedRefusal
from tests.charges.stage import claim_charge

EXAMPLES = int(os.environ.get("AIG_BILLING_EXAMPLES", "24"))
KEYS = st.sampled_from(["k1", "k2", "k3"])
OWNERS = st.sampled_from(["o1", "o2", "o3"])
PAYMENTS = st.sampled_from(["in_1", "in_2"])
NOTHING = InvoiceList((), has_more=False, total=0)
LEASE = 100.0
MARGIN = 10.0
LEASED_MS = 110_000


class StoppedClockJournal(Journal):
    now = 1_000_000_000_000

    def clock(self) -> ColumnElement[int]:
        return literal(self.now, BigInteger)


@dataclass
class Charge:
    """The model of one charge."""

    amount: int
    state: str
    owner: str | None
    lease: int
    payment: str | None = None
    reported: bool = False
    """Whether the state rests on what the sender was given."""
    person: bool = False
    left: set[str] = field(default_factory=set)
    """The owners that were let through to send, and did not come back saying that nothing left."""

    def live(self, now: int) -> bool:
        return self.state in {"intent", "sending"} and self.lease > now


class JournalMachine(RuleBasedStateMachine):
    place: str

    @initialize()
    def begin(self) -> None:
        self.journal = StoppedClockJournal(self.place, lease_margin=MARGIN)
        self.journal.prepare()
        self.account = secrets.token_hex(16)
        self.model: dict[str, Charge] = {}
        self.version = 0

    def same(self, key: str) -> None:
        """Compare one charge with its model."""
        found, _ = self.journal.find(self.account, key)
        expected = self.model.get(key)
        if expected is None:
            assert found is None
            return
        assert found is not None
        assert (found.state, found.amount, found.payment_id) == (expected.state, expected.amount, expected.payment)
        assert found.is_under_way(self.journal.now) == expected.live(self.journal.now)

    @rule(seconds=st.sampled_from([1, 60, 111, 1_000, 86_400]))
    def time_passes(self, seconds: int) -> None:
        self.journal.now += seconds * 1000

    @rule(key=KEYS, owner=OWNERS, amount=st.sampled_from([5000, 5000, 6000]), stale=st.booleans())
    def claim(self, key: str, owner: str, amount: int, stale: bool) -> None:
        charge, now = self.model.get(key), self.journal.now
        version = self.journal.view(self.account, since_ms=0).version
        if stale and version > 0:
            with pytest.raises(AccountChanged):
                claim_charge(self.journal, self.account, key, amount, owner, lease=LEASE, version=version - 1)
            return
        _, mine = claim_charge(self.journal, self.account, key, amount, owner, lease=LEASE, version=version)
        free = charge is None or (charge.state == "intent" and not charge.live(now) and charge.amount == amount)
        assert mine == free
        if charge is None:
            self.model[key] = Charge(amount, "intent", owner, now + LEASED_MS)
        elif free:
            charge.owner, charge.lease = owner, now + LEASED_MS
        self.same(key)

    @rule(key=KEYS, owner=OWNERS)
    def start_sending(self, key: str, owner: str) -> None:
        charge, now = self.model.get(key), self.journal.now
        may = charge is not None and charge.state == "intent" and charge.owner == owner and charge.live(now)
        if not may:
            with pytest.raises(LeaseLost):
                self.journal.start_sending(self.account, key, owner, NOTHING, lease=LEASE)
            return
        assert charge is not None
        # The promise itself: nobody is let through after somebody whose request may have left.
        assert charge.left == set()
        self.journal.start_sending(self.account, key, owner, NOTHING, lease=LEASE)
        charge.state, charge.lease = "sending", now + LEASED_MS
        charge.left.add(owner)
        self.same(key)

    @rule(key=KEYS, owner=OWNERS)
    def keep_sending(self, key: str, owner: str) -> None:
        charge, now = self.model.get(key), self.journal.now
        may = charge is not None and charge.state == "sending" and charge.owner == owner and charge.live(now)
        if not may:
            with pytest.raises(LeaseLost):
                self.journal.keep_sending(self.account, key, owner, lease=LEASE)
            return
        assert charge is not None
        assert charge.left == {owner}
        self.journal.keep_sending(self.account, key, owner, lease=LEASE)
        charge.lease = now + LEASED_MS
        self.same(key)

    @rule(key=KEYS, owner=OWNERS)
    def release(self, key: str, owner: str) -> None:
        charge = self.model.get(key)
        self.journal.release(self.account, key, owner)
        if charge is not None and charge.owner == owner and charge.state in {"intent", "sending"}:
            charge.state, charge.owner, charge.lease = "intent", None, 0
            charge.left.discard(owner)
        self.same(key)

    def sender(self, key: str, owner: str) -> Charge | None:
        charge = self.model.get(key)
        return charge if charge is not None and charge.owner == owner and charge.state != "intent" else None

    @rule(key=KEYS, owner=OWNERS, payment=PAYMENTS)
    def record_sent(self, key: str, owner: str, payment: str) -> None:
        charge = self.sender(key, owner)
        if charge is None:
            return
        self.journal.record_sent(
            self.account,
            key,
            owner,
            TopupCreateResponse(client_secret=None, payment_intent_id=payment, onboarding=True),
        )
        if not charge.reported:
            completed = charge.state == "completed" and charge.payment == payment
            for other_key, other in self.model.items():
                guessed = not other.reported and not other.person
                if other_key != key and other.payment == payment and guessed and other.state in {"sent", "completed"}:
                    other.state, other.payment = "unknown", None
                    self.same(other_key)
            charge.state, charge.payment, charge.reported = "completed" if completed else "sent", payment, True
        self.same(key)

    @rule(key=KEYS, owner=OWNERS)
    def record_refused(self, key: str, owner: str) -> None:
        charge = self.sender(key, owner)
        if charge is None:
            return
        self.journal.record_refused(self.account, key, owner, RecordedRefusal(402, "no", ((1.0, "no"),)))
        if not charge.reported:
            charge.state, charge.payment, charge.reported = "refused", None, True
        self.same(key)

    @rule(key=KEYS, owner=OWNERS, payment=st.none() | PAYMENTS)
    def record_unknown(self, key: str, owner: str, payment: str | None) -> None:
        charge = self.sender(key, owner)
        if charge is None:
            return
        self.journal.record_unknown(self.account, key, owner, payment, "no answer")
        settled = charge.reported or charge.person or charge.state in {"sent", "completed", "refused"}
        if not settled and (charge.state == "sending" or payment is not None):
            charge.state, charge.payment = "unknown", payment or charge.payment
        self.same(key)

    @rule(
        key=KEYS,
        verdict=st.one_of(
            st.builds(Found, PAYMENTS, st.sampled_from(["pending", "completed"])),
            st.just(NotFound()),
            st.just(Inconclusive("nothing")),
        ),
    )
    def conclude(self, key: str, verdict: Verdict) -> None:
        seen, _ = self.journal.find(self.account, key)
        charge, now = self.model.get(key), self.journal.now
        if seen is None or charge is None:
            return
        if isinstance(verdict, Found) and charge.payment is not None:
            # Evidence about a known payment is about that payment.
            verdict = verdict._replace(payment_id=charge.payment)
        concluded = self.journal.conclude(seen, verdict)
        if charge.live(now) or charge.state in {"intent", "completed", "refused", "not_found"}:
            assert concluded[1] is None
            self.same(key)
            return
        if isinstance(verdict, Found):
            contested = charge.payment is None and any(
                other.payment == verdict.payment_id or (other.state == "sending" and other.live(now))
                for name, other in self.model.items()
                if name != key
            )
            if not contested:
                charge.state = "completed" if verdict.state == "completed" else "sent"
                charge.payment = verdict.payment_id
            elif charge.state in {"sending", "unknown"}:
                charge.state = "unknown"
        elif charge.state in {"sending", "unknown"}:
            charge.state = "not_found" if isinstance(verdict, NotFound) else "unknown"
        self.same(key)

    @rule(key=KEYS, payment=st.none() | PAYMENTS)
    def settle_by_hand(self, key: str, payment: str | None) -> None:
        charge, now = self.model.get(key), self.journal.now
        self.journal.settle_by_hand(self.account, key, payment)
        if charge is None or charge.live(now):
            self.same(key)
            return
        if charge.state in {"sending", "unknown", "not_found"} and payment is not None:
            charge.state, charge.payment, charge.person = "sent", payment, True
        elif charge.state in {"sending", "unknown"}:
            charge.state, charge.payment, charge.person = "not_found", None, True
        elif charge.state == "sent" and payment is None:
            charge.state, charge.reported, charge.person = "refused", False, True
        self.same(key)

    @invariant()
    def all_are_the_same_and_versions_only_grow(self) -> None:
        if not hasattr(self, "model"):
            return
        view = self.journal.view(self.account, since_ms=0)
        assert {record.key: record.state for record in view.records} == {
            key: charge.state for key, charge in self.model.items()
        }
        assert view.version >= self.version
        self.version = view.version


@pytest.mark.slow
def test_the_journal_agrees_with_its_model(place: str) -> None:
    class Machine(JournalMachine):
        pass

    Machine.place = place
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=EXAMPLES if "postgresql" not in place else EXAMPLES // 3,
            stateful_step_count=30,
            deadline=None,
            database=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
        ),
    )
