"""The journal of charges: every transition of every charge, each committed to disk before the step that it guards."""

from __future__ import annotations

import contextlib
import logging
import math
import threading
from collections.abc import Generator
from typing import Final, NamedTuple

from attrs import evolve
from sqlalchemy import ColumnElement, Connection, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from .database import Database
from .evidence import Found, Inconclusive, NotFound, Others, PaymentState, Verdict
from .journal_url import JournalPlace, place_of
from .record import FINAL, SETTLING_WINDOW, TRANSITIONS, Baseline, ChargeRecord, RecordedRefusal
from .schema import accounts, charges, record_of, row_of

log = logging.getLogger("aig_billing")
_NOT_CONCLUDED: Final = FINAL | {"intent"}
_UNSETTLED: Final = ("intent", "sending", "sent", "unknown")


class LeaseLost(Exception):  # noqa: N818 - met by flows, never by a caller
    """Somebody else has this charge now: it must not be sent."""


class AccountChanged(Exception):  # noqa: N818 - met by flows, never by a caller
    """Another charge of this account has moved since it was looked at."""


class Claim(NamedTuple):
    """The result of asking for a charge: it may be sent, it is under way elsewhere, or it has a history."""

    record: ChargeRecord
    mine: bool
    under_way: bool


class SentDetails(NamedTuple):
    """What of a charge's answer is kept; its client secret is not."""

    payment_id: str
    onboarding: bool | None
    brand: str | None
    last4: str | None
    needs_confirmation: bool


class Concluded(NamedTuple):
    """A charge after its evidence was judged, and the verdict that was kept; None when somebody else had moved it on before."""

    record: ChargeRecord
    verdict: Verdict | None


class AccountView(NamedTuple):
    """Some charges of one account, at one moment of the journal's clock."""

    version: int
    now_ms: int
    records: tuple[ChargeRecord, ...]


class Transaction(NamedTuple):
    """One transaction, in which the account's charges stand still."""

    connection: Connection
    now_ms: int


class Journal:
    """A journal of charges, in an SQLite file or a PostgreSQL database.

    Everyone who charges the same account must use the same one. It is safe to share among threads, processes and machines.
    """

    def __init__(
        self,
        place: JournalPlace | None = None,
        *,
        settling_window: float = SETTLING_WINDOW,
        lease_margin: float = 60.0,
        timeout: float = 10.0,
    ) -> None:
        """Name a journal; it is opened when it is first used.

        Args:
            place: A path, or a URL of SQLite or PostgreSQL. Without it AIG_BILLING_JOURNAL, else a file in this user's state directory.
            settling_window: Seconds after a charge during which its invoice may still appear; one that is not there by then never will.
            lease_margin: Seconds that a lease outlives the deadline of the call which holds it.
            timeout: Seconds to wait for a lock, or for a connection.

        Raises:
            JournalError: When the place cannot be a journal.
            ValueError: When another argument is invalid.
        """
        for name, seconds in (
            ("settling_window", settling_window),
            ("lease_margin", lease_margin),
            ("timeout", timeout),
        ):
            if not (math.isfinite(seconds) and seconds > 0):
                raise ValueError(f"{name}={seconds!r} must be a positive number of seconds")
        self.settling_window = settling_window
        self.lease_margin = lease_margin
        self._database = Database(place_of(place), timeout=timeout)
        self._prepared = False
        self._preparing = threading.Lock()

    def __repr__(self) -> str:
        return f"<Journal at {self._database.name}>"

    @property
    def name(self) -> str:
        """Where the journal is; shows no password."""
        return self._database.name

    @property
    def window_ms(self) -> int:
        """The settling window in milliseconds."""
        return round(self.settling_window * 1000)

    def prepare(self) -> None:
        """Open the journal once: make it where there is none, check it where there is one.

        Raises:
            JournalError: When it cannot be used. Nothing was charged.
        """
        with self._preparing:
            if not self._prepared:
                self._database.prepare()
                self._prepared = True

    # Before a charge

    def claim(
        self, account_id: str, key: str, amount: int, owner: str, *, lease: float, version: int | None = None
    ) -> Claim:
        """Ask for a charge: it is the caller's when nobody has asked before, or when who did has gone without sending it.

        Args:
            account_id: The account's identity.
            key: The charge's key.
            amount: Cents.
            owner: The attempt that asks.
            lease: Seconds for which the charge is kept for it.
            version: The version of the account that the wish to charge rests on, if it rests on one.

        Raises:
            AccountChanged: When the account's version is another one by now.
            JournalError: When the journal cannot be used.
        """
        with self.transaction("claim", account_id) as here:
            found = self._find(here, account_id, key)
            if version is not None and self._version(here, account_id) != version:
                raise AccountChanged
            lease_ms = here.now_ms + self._lease_ms(lease)
            if found is None:
                fresh = ChargeRecord(
                    account_id=account_id,
                    key=key,
                    amount=amount,
                    state="intent",
                    owner=owner,
                    lease_ms=lease_ms,
                    created_ms=here.now_ms,
                    changed_ms=here.now_ms,
                )
                here.connection.execute(insert(charges).values(row_of(fresh)))
                self._bump(here, account_id)
                return Claim(fresh, mine=True, under_way=False)
            if found.amount != amount or found.is_under_way(here.now_ms) or found.state != "intent":
                return Claim(found, mine=False, under_way=found.is_under_way(here.now_ms))
            taken = self._move(here, found, evolve(found, owner=owner, lease_ms=lease_ms))
            return Claim(taken, mine=True, under_way=False)

    def start_sending(self, account_id: str, key: str, owner: str, baseline: Baseline, *, lease: float) -> None:
        """Let the request leave, if the charge is still this owner's: the last step before it is sent.

        Raises:
            LeaseLost: When it is somebody else's by now. Nothing was sent.
            JournalError: When the journal cannot be used. Nothing was sent.
        """
        with self.transaction("start_sending", account_id) as here:
            found = self._held(here, account_id, key, owner, "intent")
            lease_ms = here.now_ms + self._lease_ms(lease)
            self._move(
                here, found, evolve(found, state="sending", baseline=baseline, lease_ms=lease_ms, left_by_ms=lease_ms)
            )

    def keep_sending(self, account_id: str, key: str, owner: str, *, lease: float) -> None:
        """Let the request be tried again, when it provably did not leave the first time.

        Raises:
            LeaseLost: When the lease has run out. Nothing was sent.
            JournalError: When the journal cannot be used. Nothing was sent.
        """
        with self.transaction("keep_sending", account_id) as here:
            found = self._held(here, account_id, key, owner, "sending")
            lease_ms = here.now_ms + self._lease_ms(lease)
            self._move(here, found, evolve(found, lease_ms=lease_ms, left_by_ms=lease_ms))

    def release(self, account_id: str, key: str, owner: str) -> None:
        """Give a charge back of which nothing has left, so that the next caller need not wait for the lease."""
        with self.transaction("release", account_id) as here:
            found = self._find(here, account_id, key)
            if found is not None and found.owner == owner and found.state in {"intent", "sending"}:
                self._move(
                    here,
                    found,
                    evolve(found, state="intent", owner=None, lease_ms=None, left_by_ms=None, baseline=None),
                )

    # After a charge: the sender records the answer

    def record_sent(self, account_id: str, key: str, owner: str, details: SentDetails) -> None:
        """Keep the answer: the charge was made."""
        with self.transaction("record_sent", account_id) as here:
            found = self._sent_by(here, account_id, key, owner)
            if found.proof == "answer":
                return
            self._withdraw_adoptions(here, found, details.payment_id)
            same = found.payment_id == details.payment_id and found.state == "completed"
            self._move(
                here,
                found,
                evolve(
                    found,
                    state="completed" if same else "sent",
                    proof="answer",
                    lease_ms=None,
                    note=None,
                    refusal=None,
                    **details._asdict(),
                ),
            )

    def record_refused(self, account_id: str, key: str, owner: str, refusal: RecordedRefusal) -> None:
        """Keep the answer: nothing was charged."""
        with self.transaction("record_refused", account_id) as here:
            found = self._sent_by(here, account_id, key, owner)
            if found.proof == "answer":
                return
            refused = evolve(
                found, state="refused", proof="answer", refusal=refusal, lease_ms=None, note=None, payment_id=None
            )
            self._move(here, found, refused)

    def record_unknown(self, account_id: str, key: str, owner: str, payment_id: str | None, note: str) -> None:
        """Keep that no answer came that can be trusted, and that the request is on its way no longer."""
        with self.transaction("record_unknown", account_id) as here:
            found = self._sent_by(here, account_id, key, owner)
            if found.proof is not None or (found.state != "sending" and payment_id is None):
                return
            unknown = evolve(
                found,
                state="unknown",
                lease_ms=None,
                left_by_ms=here.now_ms,
                payment_id=payment_id or found.payment_id,
                note=note,
            )
            self._move(here, found, unknown)

    # Settling: anyone tells what the service shows

    def conclude(self, seen: ChargeRecord, verdict: Verdict) -> Concluded:
        """Keep what the evidence says of a charge, unless the journal knows better by now.

        Args:
            seen: The charge as it was when the evidence was asked for.
            verdict: What the evidence says.
        """
        with self.transaction("conclude", seen.account_id) as here:
            found = self._find(here, seen.account_id, seen.key)
            if found is None:
                raise self._database.error(f"the charge {seen.key!r} has vanished from it")
            if found.revision != seen.revision or found.is_under_way(here.now_ms) or found.state in _NOT_CONCLUDED:
                return Concluded(found, None)
            if isinstance(verdict, Found) and found.payment_id is None:
                verdict = self._unless_contested(here, found, verdict)
            concluded = _concluded(found, verdict)
            return Concluded(found if concluded == found else self._move(here, found, concluded), verdict)

    def record_status(self, account_id: str, key: str, payment_id: str, state: PaymentState) -> ChargeRecord | None:
        """Keep what the service says of a payment whose id is known; None when the charge is another one by now."""
        with self.transaction("record_status", account_id) as here:
            found = self._find(here, account_id, key)
            if found is None or found.payment_id != payment_id or found.state not in {"sent", "unknown"}:
                return found
            concluded = _concluded(found, Found(payment_id, state))
            return found if concluded == found else self._move(here, found, concluded)

    def settle_by_hand(self, account_id: str, key: str, payment_id: str | None) -> ChargeRecord | None:
        """Keep what a person has found out about a charge that no evidence decides: its payment, or that nothing was paid.

        Returns:
            The charge as it is now, changed or, where there was nothing to decide, not; None when there is no such charge.
        """
        with self.transaction("settle_by_hand", account_id) as here:
            found = self._find(here, account_id, key)
            if found is None or found.is_under_way(here.now_ms):
                return found
            decided = evolve(found, proof="person", lease_ms=None, note=None)
            if found.state in {"sending", "unknown", "not_found"} and payment_id is not None:
                return self._move(here, found, evolve(decided, state="sent", payment_id=payment_id))
            if found.state in {"sending", "unknown"}:
                return self._move(here, found, evolve(decided, state="not_found", payment_id=None))
            if found.state == "sent" and payment_id is None:
                words = f"a person settled that {found.payment_id} will not be paid"
                return self._move(here, found, evolve(decided, state="refused", refusal=RecordedRefusal(None, words)))
            return found

    # Looking

    def find(self, account_id: str, key: str) -> tuple[ChargeRecord | None, int]:
        """Give a charge, and the moment by the journal's clock."""
        with self.transaction("find", account_id, write=False) as here:
            return self._find(here, account_id, key), here.now_ms

    def others(self, account_id: str, key: str | None) -> Others:
        """Give what is known of the account's charges, except one key's."""
        with self.transaction("others", account_id, write=False) as here:
            wanted = or_(charges.c.payment_id.is_not(None), charges.c.state.in_(("sending", "unknown")))
            rows = here.connection.execute(select(charges).where(charges.c.account_id == account_id, wanted))
            others = [record for record in map(record_of, rows.mappings()) if record.key != key]
        paid = {record.payment_id: record.proof for record in others if record.payment_id is not None}
        return Others(
            owned=frozenset(payment_id for payment_id, proof in paid.items() if proof != "invoice"),
            adopted=frozenset(payment_id for payment_id, proof in paid.items() if proof == "invoice"),
            open_amounts=tuple(record.amount for record in others if record.payment_id is None),
        )

    def view(self, account_id: str, *, since_ms: int, keys: tuple[str, ...] = ()) -> AccountView:
        """Give what is unsettled, what has changed since a moment, and some keys, with the account's version."""
        with self.transaction("view", account_id, write=False) as here:
            wanted = or_(charges.c.state.in_(_UNSETTLED), charges.c.changed_ms >= since_ms, charges.c.key.in_(keys))
            rows = here.connection.execute(
                select(charges).where(charges.c.account_id == account_id, wanted).order_by(charges.c.created_ms)
            )
            records = tuple(record_of(row) for row in rows.mappings())
            return AccountView(self._version(here, account_id), here.now_ms, records)

    def now_ms(self) -> int:
        """Give the moment by the journal's clock, in Unix milliseconds."""
        with self.transaction("now", write=False) as here:
            return here.now_ms

    # One transaction

    @contextlib.contextmanager
    def transaction(self, step: str, account_id: str | None = None, *, write: bool = True) -> Generator[Transaction]:
        """Run one step of the journal in a transaction of its own; when it writes, the account's other steps wait for it.

        Args:
            step: What it is for, for those who watch.
            account_id: The account.
            write: Whether it may change anything.

        Raises:
            JournalError: When the journal cannot be used.
        """
        with self._database.transaction(write=write) as connection:
            if write and account_id is not None:
                self._lock(connection, account_id)
            # Asked for after the lock: waiting for it takes time.
            now_ms = connection.scalar(select(self.clock()))
            assert now_ms is not None  # noqa: S101 - a clock always answers
            yield Transaction(connection, int(now_ms))
        log.debug("journal: %s done", step)

    def clock(self) -> ColumnElement[int]:
        """Give the expression for the journal's clock, in Unix milliseconds."""
        return self._database.now_ms()

    def _lock(self, connection: Connection, account_id: str) -> None:
        mine = select(accounts.c.version).where(accounts.c.account_id == account_id).with_for_update()
        if connection.scalar(mine) is None:
            make = sqlite.insert if self._database.is_sqlite else postgresql.insert
            connection.execute(make(accounts).values(account_id=account_id, version=0).on_conflict_do_nothing())
            connection.scalar(mine)

    def _version(self, here: Transaction, account_id: str) -> int:
        return here.connection.scalar(select(accounts.c.version).where(accounts.c.account_id == account_id)) or 0

    def _bump(self, here: Transaction, account_id: str) -> None:
        here.connection.execute(
            update(accounts).where(accounts.c.account_id == account_id).values(version=accounts.c.version + 1)
        )

    def _find(self, here: Transaction, account_id: str, key: str) -> ChargeRecord | None:
        rows = here.connection.execute(select(charges).where(charges.c.account_id == account_id, charges.c.key == key))
        row = rows.mappings().one_or_none()
        return None if row is None else record_of(row)

    def _held(self, here: Transaction, account_id: str, key: str, owner: str, state: str) -> ChargeRecord:
        found = self._find(here, account_id, key)
        if found is None or found.state != state or found.owner != owner or not found.is_under_way(here.now_ms):
            raise LeaseLost
        return found

    def _sent_by(self, here: Transaction, account_id: str, key: str, owner: str) -> ChargeRecord:
        found = self._find(here, account_id, key)
        if found is None or found.owner != owner or found.state == "intent":
            raise self._database.error(f"the charge {key!r} has vanished from it")
        return found

    def _move(self, here: Transaction, found: ChargeRecord, moved: ChargeRecord) -> ChargeRecord:
        """Take one step, from exactly the row that was read."""
        assert moved.state in TRANSITIONS[found.state], (found.state, moved.state)  # noqa: S101 - a fault of this module
        moved = evolve(moved, revision=found.revision + 1, changed_ms=here.now_ms)
        done = here.connection.execute(
            update(charges)
            .where(
                charges.c.account_id == found.account_id,
                charges.c.key == found.key,
                charges.c.revision == found.revision,
                charges.c.state == found.state,
            )
            .values(row_of(moved))
        )
        if done.rowcount != 1:
            raise self._database.error(f"the charge {found.key!r} was changed in it without its lock")
        self._bump(here, found.account_id)
        return moved

    def _unless_contested(self, here: Transaction, found: ChargeRecord, verdict: Found) -> Verdict:
        """Adopt an invoice only when no other charge of the account has it, or may be getting it at this moment."""
        others = here.connection.execute(
            select(charges).where(
                charges.c.account_id == found.account_id,
                charges.c.key != found.key,
                or_(charges.c.payment_id == verdict.payment_id, charges.c.state == "sending"),
            )
        )
        for other in map(record_of, others.mappings()):
            if other.payment_id == verdict.payment_id:
                return Inconclusive(f"the invoice {verdict.payment_id} belongs to the charge {other.key!r}: ask again")
            if other.is_under_way(here.now_ms):
                return Inconclusive(
                    f"the new invoice may belong to the charge {other.key!r}, which is under way: ask again later"
                )
        return verdict

    def _withdraw_adoptions(self, here: Transaction, found: ChargeRecord, payment_id: str) -> None:
        """Take an invoice back from a charge that it was only guessed to be of: its real sender has come back."""
        wrong = here.connection.execute(
            select(charges).where(
                charges.c.account_id == found.account_id,
                charges.c.key != found.key,
                charges.c.payment_id == payment_id,
                charges.c.proof == "invoice",
            )
        )
        for other in list(map(record_of, wrong.mappings())):
            if other.state in {"sent", "completed"}:
                note = f"its invoice {payment_id} turned out to be of the charge {found.key!r}"
                self._move(here, other, evolve(other, state="unknown", payment_id=None, proof=None, note=note))

    def _lease_ms(self, lease: float) -> int:
        return round((lease + self.lease_margin) * 1000)


def _concluded(found: ChargeRecord, verdict: Verdict) -> ChargeRecord:
    """Give the charge as the verdict leaves it."""
    if isinstance(verdict, Found):
        settled = evolve(found, payment_id=verdict.payment_id, proof=found.proof or "invoice", lease_ms=None, note=None)
        if verdict.state == "failed":
            words = f"its invoice {verdict.payment_id} was given up unpaid"
            return evolve(settled, state="refused", refusal=RecordedRefusal(None, words))
        return evolve(settled, state="completed" if verdict.state == "completed" else "sent")
    if found.state not in {"sending", "unknown"}:
        return found
    if isinstance(verdict, NotFound):
        return evolve(found, state="not_found", lease_ms=None, note=None)
    return evolve(found, state="unknown", lease_ms=None, note=verdict.missing)
