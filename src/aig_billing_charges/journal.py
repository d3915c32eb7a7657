"""The journal of charges: every transition of every charge, each committed to disk before the step that it guards."""

from __future__ import annotations

import contextlib
import datetime as dt
import logging
import math
import os
import threading
import weakref
from collections.abc import Generator, Iterable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import sqlalchemy as sa
from attrs import evolve
from sqlalchemy.dialects import postgresql, sqlite

from aig_billing_runtime.errors import ChargeError, JournalError

from .database import Database
from .evidence import Found, Inconclusive, InvoiceList, NotFound, Others, PaymentState, Verdict, baseline_of
from .journal_url import JournalPlace, place_of
from .record import FINAL, SETTLING_WINDOW, TRANSITIONS, ChargeRecord, RecordedRefusal, answered
from .schema import accounts, charges, record_of, row_of, schema_versions

if TYPE_CHECKING:
    from aig_billing.models import TopupCreateResponse

    from aig_billing_runtime.errors import AboutCharge

log = logging.getLogger("aig_billing")
_NOT_CONCLUDED: Final = FINAL | {"intent"}
_MADE: Final = ("sending", "sent", "completed", "unknown")
_DAY_MS: Final = 86_400_000
_UNSETTLED: Final = ("intent", "sending", "sent", "unknown")
_IDS_ASKED_AT_ONCE: Final = 500
"""SQLite before 3.32, which is still installed, takes 999 values in a statement, and a list of invoices may be longer."""
_RATIOS_FROM: Final = 200
"""How many of the account's last charges may show what the service adds to an amount."""


class LeaseLost(Exception):  # noqa: N818 - met by flows, never by a caller
    """Somebody else has this charge now: it must not be sent."""


class AccountChanged(Exception):  # noqa: N818 - met by flows, never by a caller
    """Another charge of this account has moved since it was looked at."""


class AccountView(NamedTuple):
    """Some charges of one account, at one moment of the journal's clock."""

    version: int
    now_ms: int
    records: tuple[ChargeRecord, ...]


class Spent(NamedTuple):
    """Charges under one prefix that were made, or may have been."""

    charges: int
    amount: int
    """Cents."""


class BudgetView(NamedTuple):
    """What bears on buying credit for an account now, at one moment of the journal's clock."""

    version: int
    now_ms: int
    keys: tuple[str, ...]
    """Those of today, under which charges may be made."""
    records: tuple[ChargeRecord, ...]
    """The unsettled charges, those of today's keys, and those that were found missing today."""
    last_purchase: ChargeRecord | None
    """The charge that was the last to be made, or to be paid."""
    today: Spent
    month: Spent


class Transaction:
    """One transaction, in which the account's charges stand still."""

    def __init__(self, database: Database, connection: sa.Connection, account_id: str | None, now_ms: int) -> None:
        self._database = database
        self.connection = connection
        self.account_id = account_id
        self.now_ms = now_ms
        self._mine = charges.c.account_id == account_id

    def version(self) -> int:
        """Return the account's version."""
        mine = accounts.c.account_id == self.account_id
        return self.connection.scalar(sa.select(accounts.c.version).where(mine)) or 0

    def records(
        self, *conditions: sa.ColumnElement[bool], order: sa.ColumnElement[int] | None = None, limit: int | None = None
    ) -> list[ChargeRecord]:
        """Return the account's charges that meet all conditions."""
        question = sa.select(charges).where(self._mine, *conditions).order_by(order).limit(limit)
        return [record_of(row) for row in self.connection.execute(question).mappings()]

    def find(self, key: str) -> ChargeRecord | None:
        """Return one charge."""
        return next(iter(self.records(charges.c.key == key)), None)

    def held(self, key: str, owner: str, state: str) -> ChargeRecord:
        """Return a charge that is still this attempt's, and under way."""
        found = self.find(key)
        if found is None or found.state != state or found.owner != owner or not found.is_under_way(self.now_ms):
            raise LeaseLost
        return found

    def sent_by(self, key: str, owner: str) -> ChargeRecord:
        """Return a charge that this attempt may have sent."""
        found = self.find(key)
        if found is None or found.owner != owner or found.state == "intent":
            raise self._database.error(f"the charge {key!r} has vanished from it")
        return found

    def unsettled_and(self, *conditions: sa.ColumnElement[bool]) -> tuple[ChargeRecord, ...]:
        """Return the unsettled charges and those that meet a condition, the oldest first."""
        # One question for each index: asked together, all charges of the account would be read.
        wanted = (charges.c.state.in_(_UNSETTLED), *conditions)
        keys = sa.union(*(sa.select(charges.c.key).where(self._mine, condition) for condition in wanted))
        return tuple(self.records(charges.c.key.in_(keys), order=charges.c.created_ms))

    def with_payments(self, payment_ids: Sequence[str], but: str | None = None) -> list[ChargeRecord]:
        """Return the charges that have one of these payments, except one key's."""
        found: list[ChargeRecord] = []
        for start in range(0, len(payment_ids), _IDS_ASKED_AT_ONCE):
            found += self.records(charges.c.payment_id.in_(payment_ids[start : start + _IDS_ASKED_AT_ONCE]))
        return [record for record in found if record.key != but]

    def is_anothers(self, found: ChargeRecord, payment_id: str) -> bool:
        """Say whether a payment was there before the charge, or is known to be another charge's."""
        if found.baseline is not None and payment_id in found.baseline.ids:
            return True
        return any(other.proof != "invoice" for other in self.with_payments([payment_id], found.key))

    def spent(self, beginning: str) -> Spent:
        """Add up the charges whose keys begin so; keys are ASCII below DEL."""
        at_least, below = (">=", "<") if self._database.is_sqlite else ("~>=~", "~<~")
        begins_so = charges.c.key.op(at_least)(beginning), charges.c.key.op(below)(f"{beginning}\x7f")
        counted = sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(charges.c.amount), 0)).where(
            self._mine, *begins_so, charges.c.state.in_(_MADE)
        )
        number, amount = self.connection.execute(counted).one()
        return Spent(int(number), int(amount))

    def add(self, fresh: ChargeRecord) -> ChargeRecord:
        """Begin a charge."""
        self.connection.execute(sa.insert(charges).values(row_of(fresh)))
        self._bump()
        return fresh

    def move(self, found: ChargeRecord, moved: ChargeRecord) -> ChargeRecord:
        """Take one step, from exactly the row that was read."""
        assert moved.state in TRANSITIONS[found.state], (found.state, moved.state)  # noqa: S101 - a fault of this module
        moved = evolve(moved, revision=found.revision + 1, changed_ms=self.now_ms)
        as_read = (charges.c.key == found.key, charges.c.revision == found.revision, charges.c.state == found.state)
        done = self.connection.execute(sa.update(charges).where(self._mine, *as_read).values(row_of(moved)))
        if done.rowcount != 1:
            raise self._database.error(f"the charge {found.key!r} was changed in it without its lock")
        self._bump()
        return moved

    def move_to_unknown(self, found: ChargeRecord, payment_id: str | None, note: str) -> ChargeRecord:
        """Keep that a charge may have been made, unless more is known of it by now."""
        if found.proof is not None or (found.state != "sending" and payment_id is None):
            return found
        unknown = evolve(found, state="unknown", lease_ms=None, left_by_ms=self.now_ms, note=note)
        return self.move(found, evolve(unknown, payment_id=payment_id or found.payment_id))

    def note_invoiced(self, listed: InvoiceList) -> None:
        """Keep what the account's own charges were invoiced: later ones may be recognised by it."""
        due = {invoice.id: invoice.due for invoice in listed.invoices if invoice.id is not None}
        for record in self.with_payments(list(due)):
            if record.invoiced is None:
                invoiced = str(due[str(record.payment_id)])
                self.connection.execute(
                    sa.update(charges).where(self._mine, charges.c.key == record.key).values(invoiced=invoiced)
                )

    def unless_contested(self, found: ChargeRecord, verdict: Found) -> Verdict:
        """Adopt an invoice only when no other charge of the account has it, or may be getting it at this moment."""
        for other in self.with_payments([verdict.payment_id], found.key):
            return Inconclusive(f"the invoice {verdict.payment_id} belongs to the charge {other.key!r}: ask again")
        for other in self.records(charges.c.state == "sending"):
            if other.key != found.key and other.is_under_way(self.now_ms):
                return Inconclusive(
                    f"the new invoice may belong to the charge {other.key!r}, which is under way: ask again later"
                )
        return verdict

    def withdraw_adoptions(self, found: ChargeRecord, payment_id: str) -> None:
        """Take an invoice back from a charge that it was only guessed to be of: its real sender has come back."""
        for other in self.with_payments([payment_id], found.key):
            if other.proof == "invoice" and other.state in {"sent", "completed"}:
                note = f"its invoice {payment_id} turned out to be of the charge {found.key!r}"
                unknown = evolve(other, state="unknown", payment_id=None, invoiced=None, proof=None, note=note)
                self.move(other, unknown)

    def _bump(self) -> None:
        mine = accounts.c.account_id == self.account_id
        self.connection.execute(sa.update(accounts).where(mine).values(version=accounts.c.version + 1))


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
        times = {"settling_window": settling_window, "lease_margin": lease_margin, "timeout": timeout}
        for name, seconds in times.items():
            if not (math.isfinite(seconds) and seconds > 0):
                raise ValueError(f"{name}={seconds!r} must be a positive number of seconds")
        self.settling_window = settling_window
        self.lease_margin = lease_margin
        self._place = place_of(place)
        self._timeout = timeout
        try:
            self._start()
        except JournalError as error:
            # A traceback that shows local variables must not show a password.
            place = None
            raise error.with_traceback(None) from None
        _living.add(self)

    def _start(self) -> None:
        """Begin with nothing opened."""
        self._database = Database(self._place, timeout=self._timeout)
        self._prepared = False
        self._preparing = threading.Lock()

    def _start_in_child(self) -> None:
        """Begin again in a forked child, which uses nothing of its parent's."""
        of_parent = self._database
        self._start()
        of_parent.close()

    def __repr__(self) -> str:
        return f"<Journal at {self._database.name}>" if hasattr(self, "_database") else "<Journal>"

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
            JournalError: When it cannot be used.
        """
        with self._preparing:
            if not self._prepared:
                self._database.prepare()
                self._prepared = True

    def backup(self, path: str | os.PathLike[str]) -> None:
        """Write a copy of the journal, as it is between two steps, to a new SQLite file that only this user can read.

        Of charges made afterwards the copy knows nothing: docs/charges.md says what it is worth.

        Raises:
            JournalError: When the journal cannot be used, or the copy cannot be written, or is there already.
        """
        self.prepare()
        self._database.backup(Path(path).expanduser().absolute())

    # Before a charge

    def claim(self, wish: ChargeRecord, *, lease: float, version: int | None = None) -> tuple[ChargeRecord, bool]:
        """Ask for a charge, for `lease` seconds; give it, and whether it is the owner's now, who may send it.

        It is when nobody has asked before, or who did has gone without sending it. `AccountChanged` when the account's version
        has changed since the wish to charge was formed.
        """
        with self.transaction("claim", wish.account_id) as here:
            found = here.find(wish.key)
            if version is not None and here.version() != version:
                raise AccountChanged
            lease_ms = here.now_ms + self._lease_ms(lease)
            if found is None:
                fresh = evolve(wish, lease_ms=lease_ms, created_ms=here.now_ms, changed_ms=here.now_ms)
                return here.add(fresh), True
            another = (found.amount, found.payment_method_id) != (wish.amount, wish.payment_method_id)
            if another or found.is_under_way(here.now_ms) or found.state != "intent":
                return found, False
            renewed = evolve(found, owner=wish.owner, lease_ms=lease_ms, balance_before=wish.balance_before)
            return here.move(found, renewed), True

    def start_sending(self, account_id: str, key: str, owner: str, before: InvoiceList, *, lease: float) -> None:
        """Let the request leave, the last step before it is sent; `LeaseLost` if the charge is not this owner's any more."""
        with self.transaction("start_sending", account_id) as here:
            found = here.held(key, owner, "intent")
            lease_ms = here.now_ms + self._lease_ms(lease)
            baseline = baseline_of(before, here.now_ms)
            here.move(found, evolve(found, state="sending", baseline=baseline, lease_ms=lease_ms, left_by_ms=lease_ms))
            here.note_invoiced(before)

    def keep_sending(self, account_id: str, key: str, owner: str, *, lease: float) -> None:
        """Let the request be tried again, when it provably did not leave the first time; `LeaseLost` if the lease has run out."""
        with self.transaction("keep_sending", account_id) as here:
            found = here.held(key, owner, "sending")
            lease_ms = here.now_ms + self._lease_ms(lease)
            here.move(found, evolve(found, lease_ms=lease_ms, left_by_ms=lease_ms))

    def release(self, account_id: str, key: str, owner: str, *, refused: bool = False) -> None:
        """Give a charge back that was not made, so that the next caller need not wait for the lease.

        If the request left and was refused for a reason that passes, the list of invoices is kept: by it the next attempt sees whether
        the charge was made all the same.
        """
        with self.transaction("release", account_id) as here:
            found = here.find(key)
            if found is not None and found.owner == owner and found.state in {"intent", "sending"}:
                free = evolve(found, state="intent", owner=None, lease_ms=None)
                if refused:
                    free = evolve(free, left_by_ms=here.now_ms)
                elif found.state == "sending":
                    free = evolve(free, left_by_ms=None, baseline=None)
                here.move(found, free)

    def doubt(self, account_id: str, key: str, owner: str) -> None:
        """Note that a charge which was refused may have been made: an invoice of its amount has come since."""
        with self.transaction("doubt", account_id) as here:
            found = here.find(key)
            if found is not None and found.owner == owner and found.state == "intent":
                note = "it was refused, and a new invoice has its amount"
                here.move(found, evolve(found, state="unknown", lease_ms=None, note=note))

    # After a charge: the sender records the answer

    def record_sent(self, account_id: str, key: str, owner: str, answer: TopupCreateResponse) -> ChargeRecord:
        """Keep the answer: the charge was made. A payment that cannot be this charge's leaves it unknown."""
        with self.transaction("record_sent", account_id) as here:
            found = here.sent_by(key, owner)
            if found.proof == "answer":
                return found
            sent = answered(found, answer)
            payment_id = answer.payment_intent_id
            if here.is_anothers(found, payment_id):
                note = f"the answer named the payment {payment_id}, which is older than the charge or another charge's"
                return here.move_to_unknown(found, None, note)
            here.withdraw_adoptions(found, payment_id)
            if found.state == "completed" and found.payment_id == payment_id:
                sent = evolve(sent, state="completed")
            return here.move(found, sent)

    def record_refused(self, account_id: str, key: str, owner: str, refusal: RecordedRefusal) -> ChargeRecord:
        """Keep the answer: nothing was charged."""
        with self.transaction("record_refused", account_id) as here:
            found = here.sent_by(key, owner)
            if found.proof == "answer":
                return found
            refused = evolve(
                found, state="refused", proof="answer", refusal=refusal, lease_ms=None, note=None, payment_id=None
            )
            return here.move(found, refused)

    def record_unknown(self, account_id: str, key: str, owner: str, payment_id: str | None, note: str) -> ChargeRecord:
        """Keep that no answer came that can be trusted, and that the request is on its way no longer."""
        with self.transaction("record_unknown", account_id) as here:
            found = here.sent_by(key, owner)
            if payment_id is not None and here.is_anothers(found, payment_id):
                payment_id = None
            return here.move_to_unknown(found, payment_id, note)

    # Settling: anyone tells what the service shows

    def conclude(self, seen: ChargeRecord, verdict: Verdict) -> tuple[ChargeRecord, Verdict | None]:
        """Keep what the evidence says of a charge as it was seen; give the verdict that was kept, None if the charge has moved since."""
        with self.transaction("conclude", seen.account_id) as here:
            found = here.find(seen.key)
            if found is None:
                raise self._database.error(f"the charge {seen.key!r} has vanished from it")
            if found.revision != seen.revision or found.is_under_way(here.now_ms) or found.state in _NOT_CONCLUDED:
                return found, None
            if isinstance(verdict, Found) and found.payment_id != verdict.payment_id:
                verdict = here.unless_contested(found, verdict)
            concluded = _concluded(found, verdict)
            return found if concluded == found else here.move(found, concluded), verdict

    def record_status(self, account_id: str, key: str, payment_id: str, state: PaymentState) -> ChargeRecord | None:
        """Keep what the service says of a payment whose id is known; None when the charge is another one by now."""
        with self.transaction("record_status", account_id) as here:
            found = here.find(key)
            if found is None or found.payment_id != payment_id or found.state not in {"sent", "unknown"}:
                return found
            concluded = _concluded(found, Found(payment_id, state))
            return found if concluded == found else here.move(found, concluded)

    def settle_by_hand(self, account_id: str, key: str, payment_id: str | None) -> ChargeRecord | None:
        """Keep what a person has found out about a charge that no evidence decides: its payment, or that nothing was paid.

        Gives the charge as it is now, which may be as it was; None when there is none.

        Raises:
            ChargeError: When the payment cannot be this charge's.
        """
        with self.transaction("settle_by_hand", account_id) as here:
            found = here.find(key)
            if found is None:
                return None
            if payment_id is not None:
                about: AboutCharge = {**found.about, "payment_id": payment_id}
                for other in here.with_payments([payment_id], key):
                    raise ChargeError(
                        f"The invoice {payment_id} is that of another charge in the journal, {other.key!r}.", **about
                    )
                if found.baseline is not None and payment_id in found.baseline.ids:
                    raise ChargeError(
                        f"The invoice {payment_id} was listed before the charge {key!r} was sent.", **about
                    )
            if found.is_under_way(here.now_ms):
                return found
            decided = evolve(found, proof="person", lease_ms=None, note=None)
            if found.state in {"sending", "unknown", "not_found"} and payment_id is not None:
                return here.move(found, evolve(decided, state="sent", payment_id=payment_id))
            if found.state in {"sending", "unknown"}:
                return here.move(found, evolve(decided, state="not_found", payment_id=None))
            if found.state == "sent" and payment_id is None:
                words = f"a person settled that {found.payment_id} will not be paid"
                return here.move(found, evolve(decided, state="refused", refusal=RecordedRefusal(None, words)))
            return found

    # Looking

    def find(self, account_id: str, key: str) -> tuple[ChargeRecord | None, int]:
        """Give a charge, and the moment by the journal's clock."""
        with self.transaction("find", account_id, write=False) as here:
            return here.find(key), here.now_ms

    def others(self, account_id: str, key: str | None, payment_ids: Iterable[str | None] = ()) -> Others:
        """Return what is known of the account's charges, except one key's; whose a payment is, only of the payments asked about."""
        asked = [payment_id for payment_id in payment_ids if payment_id is not None]
        with self.transaction("others", account_id, write=False) as here:
            paid = here.with_payments(asked, key)
            still_open = here.records(charges.c.state.in_(("sending", "unknown")), charges.c.payment_id.is_(None))
            last = here.connection.execute(
                sa.select(charges.c.amount, charges.c.invoiced, charges.c.state, charges.c.proof)
                .where(charges.c.account_id == account_id)
                .order_by(charges.c.changed_ms.desc())
                .limit(_RATIOS_FROM)
            )
            return Others(
                owned=frozenset(str(record.payment_id) for record in paid if record.proof != "invoice"),
                adopted=frozenset(str(record.payment_id) for record in paid if record.proof == "invoice"),
                open_amounts=tuple(record.amount for record in still_open if record.key != key),
                ratios=frozenset(
                    Fraction(invoiced) / amount
                    for amount, invoiced, state, proof in last
                    if invoiced is not None and state in {"sent", "completed"} and proof in {"answer", "person"}
                ),
            )

    def view(self, account_id: str, *, since_ms: int) -> AccountView:
        """Return what is unsettled and what has changed since a moment, with the account's version."""
        with self.transaction("view", account_id, write=False) as here:
            records = here.unsettled_and(charges.c.changed_ms >= since_ms)
            return AccountView(here.version(), here.now_ms, records)

    def budget(self, account_id: str, prefix: str, most: int) -> BudgetView:
        """Return what `ensure` rests on, with so many keys of this prefix a day: a few rows, however many charges the account has."""
        with self.transaction("budget", account_id, write=False) as here:
            today = dt.datetime.fromtimestamp(here.now_ms / 1000, dt.UTC).date()
            day = f"{prefix}-{today.isoformat()}-"
            keys = tuple(f"{day}{number}" for number in range(1, most + 1))
            day_ms = here.now_ms - here.now_ms % _DAY_MS
            missing_today = sa.and_(charges.c.state == "not_found", charges.c.changed_ms >= day_ms)
            records = here.unsettled_and(charges.c.key.in_(keys), missing_today)
            # Each state for itself: asked together, all of both would be read.
            newest = charges.c.changed_ms.desc()
            sent, completed = (
                here.records(charges.c.state == state, order=newest, limit=1) for state in ("sent", "completed")
            )
            return BudgetView(
                here.version(),
                here.now_ms,
                keys,
                records,
                max([*sent, *completed], key=lambda record: record.changed_ms, default=None),
                here.spent(day),
                here.spent(f"{prefix}-{today:%Y-%m}-"),
            )

    # One transaction

    @contextlib.contextmanager
    def transaction(self, step: str, account_id: str | None = None, *, write: bool = True) -> Generator[Transaction]:
        """Run one step of the journal, named for those who watch, in its own transaction; one that writes has the account to itself."""
        with self._database.transaction(write=write) as connection:
            if write and account_id is not None:
                self._lock(connection, account_id)
            # Asked for after the lock: waiting for it takes time.
            identities = connection.execute(sa.select(self.clock(), schema_versions.c.journal_id)).all()
            self._database.check_identity([journal_id for _, journal_id in identities])
            yield Transaction(self._database, connection, account_id, int(identities[0][0]))
        log.debug("journal: %s done", step)

    def clock(self) -> sa.ColumnElement[int]:
        """Give the expression for the journal's clock, in Unix milliseconds."""
        return self._database.now_ms()

    def _lock(self, connection: sa.Connection, account_id: str) -> None:
        mine = sa.select(accounts.c.version).where(accounts.c.account_id == account_id).with_for_update()
        version = connection.scalar(mine)
        if version is None:
            make = sqlite.insert if self._database.is_sqlite else postgresql.insert
            connection.execute(make(accounts).values(account_id=account_id, version=0).on_conflict_do_nothing())
            version = connection.scalar(mine) or 0
        self._database.check_version(account_id, version)

    def _lease_ms(self, lease: float) -> int:
        return round((lease + self.lease_margin) * 1000)


def _concluded(found: ChargeRecord, verdict: Verdict) -> ChargeRecord:
    """Give the charge as the verdict leaves it."""
    if isinstance(verdict, Found):
        settled = evolve(
            found,
            payment_id=verdict.payment_id,
            invoiced=found.invoiced if verdict.invoiced is None else verdict.invoiced,
            proof=found.proof or "invoice",
            lease_ms=None,
            note=None,
        )
        if verdict.state == "failed":
            words = f"its invoice {verdict.payment_id} was given up unpaid"
            return evolve(settled, state="refused", refusal=RecordedRefusal(None, words))
        return evolve(settled, state="completed" if verdict.state == "completed" else "sent")
    if found.state not in {"sending", "unknown"}:
        return found
    if isinstance(verdict, NotFound):
        return evolve(found, state="not_found", payment_id=None, lease_ms=None, note=None)
    return evolve(found, state="unknown", lease_ms=None, note=verdict.missing)


_living: weakref.WeakSet[Journal] = weakref.WeakSet()


def _after_fork_in_child() -> None:
    for journal in list(_living):
        journal._start_in_child()  # pyright: ignore[reportPrivateUsage]  # its own module's hook


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork_in_child)
