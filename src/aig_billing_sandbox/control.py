"""What a test or a person can do to the sandbox from outside: play the owner, the bank, the clock and the bad network."""

import secrets
import sqlite3
from collections.abc import Generator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Unpack

from aig_billing_sandbox import accounts, clock, furnishing, ledger, topups
from aig_billing_sandbox.accounts import CardBehaviour, Credential
from aig_billing_sandbox.amounts import (
    MILLICENTS_PER_CENT,
    exact_decimal,
    millicents_of,
)
from aig_billing_sandbox.auto_topups import fire_if_low
from aig_billing_sandbox.books import Books
from aig_billing_sandbox.charge_log import Charge, list_charges
from aig_billing_sandbox.faults import Fault, FaultTerms
from aig_billing_sandbox.front_door import RateLimit
from aig_billing_sandbox.furnishing import ACCOUNT_ID, API_KEY, EMAIL, READ_TOKEN, TOKEN, Furnishing
from aig_billing_sandbox.service import RequestRecord, Service
from aig_billing_sandbox.task import Behaviour, Mode
from aig_billing_sandbox.usage import Blocked, Call, blocked, meter


@dataclass(frozen=True)
class UsageOutcome:
    """How the gateway took a call: let through and metered, or blocked."""

    blocked: Blocked | None
    cost_cents: Decimal
    balance_cents: Decimal


class Control:
    """The sandbox's controls. Amounts are in cents, exact (int, Decimal or decimal string); accounts default to the first."""

    account_id = ACCOUNT_ID
    token = TOKEN
    read_token = READ_TOKEN
    email = EMAIL
    api_key = API_KEY

    def __init__(self, books: Books, furnishing: Furnishing, behaviour: Behaviour, rate_limit: RateLimit) -> None:
        self._books = books
        self._furnishing = furnishing
        self._first_behaviour = behaviour
        self._service = Service(books, behaviour, rate_limit)
        furnishing.put_into(books)

    @property
    def service(self) -> Service:
        """What the doors ask."""
        return self._service

    def info(self) -> dict[str, object]:
        """What a client needs to know to get in, and how the sandbox is set."""
        behaviour = self._service.behaviour
        return {
            "account_id": self.account_id,
            "token": self.token,
            "read_token": self.read_token,
            "email": self.email,
            "api_key": self.api_key,
            "mode": behaviour.mode,
            "now": self.now,
            "settles_after_ms": behaviour.pace.settles_after_ms,
            "listed_after_ms": behaviour.pace.listed_after_ms,
            "invoices_per_page": behaviour.invoices_per_page,
        }

    # Accounts and cards

    def open_account(
        self, account_id: str | None = None, *, card: CardBehaviour | None = "good", topped_up: bool = True
    ) -> str:
        """Opens another account and returns its id; a `topped_up` one has bought $25 by hand the day before."""
        account_id = account_id or secrets.token_hex(16)
        with self._books.writing() as books:
            furnishing.open_account(books, account_id, clock.now_ms(books), card=card, topped_up=topped_up)
        return account_id

    def set_tax(self, percent: Decimal | int | str, *, account_id: str = ACCOUNT_ID) -> None:
        """Sets the tax that invoices carry from here on, in percent with at most two decimals."""
        basis_points = exact_decimal(percent, name="percent") * 100
        if basis_points != int(basis_points) or not 0 <= basis_points <= 10_000:
            raise ValueError(f"percent is between 0 and 100, with at most two decimals, not {percent}")
        with self._writing(account_id) as books:
            accounts.set_tax(books, account_id, int(basis_points))

    def add_token(
        self, secret: str, *, may_write: bool = True, account_id: str | None = None, email: str | None = None
    ) -> None:
        """Adds a token for one account or all, or with an `email` a Global API key."""
        with self._books.writing() as books:
            accounts.add_credential(books, Credential(secret, email, may_write, account_id))

    def put_card(
        self,
        behaviour: CardBehaviour = "good",
        *,
        brand: str = "visa",
        last4: str | None = None,
        account_id: str = ACCOUNT_ID,
    ) -> None:
        """Makes a new card the default.

        It is `good`, `declines`, `declines_later` (after the top-up was accepted) or `needs_confirmation`.
        """
        with self._writing(account_id) as books:
            accounts.put_card(books, account_id, behaviour, brand=brand, last4=last4)

    def remove_card(self, *, account_id: str = ACCOUNT_ID) -> None:
        """Leaves the account without a card."""
        with self._writing(account_id) as books:
            accounts.remove_card(books, account_id)

    def confirm(self, payment_intent_id: str, *, account_id: str = ACCOUNT_ID) -> None:
        """Confirms a payment as its cardholder would; it settles like any other from then on."""
        with self._writing(account_id) as books:
            if not topups.confirm(
                books, account_id, payment_intent_id, self._service.behaviour.pace, clock.now_ms(books)
            ):
                raise ValueError(f"{payment_intent_id} has no payment that waits for confirmation")
            self._service.settle_due(books)

    def adjust_balance(self, cents: Decimal | int | str, *, account_id: str = ACCOUNT_ID) -> None:
        """Credits (or, below zero, debits) the account by hand."""
        with self._writing(account_id) as books:
            ledger.post_adjustment(books, account_id, millicents_of(cents), clock.now_ms(books))

    def balance(self, *, account_id: str = ACCOUNT_ID) -> Decimal:
        """What the account has left, in cents."""
        with self._service.working(to_write=False) as books:
            accounts.require_account(books, account_id)
            return _cents(ledger.balance_millicents(books, account_id))

    # Usage

    def use(
        self,
        cents: Decimal | int | str | None = None,
        *,
        model: str = "openai/gpt-5-mini",
        quantity: int | None = None,
        unit_amount: Decimal | int | str | None = None,
        at: datetime | None = None,
        account_id: str = ACCOUNT_ID,
    ) -> UsageOutcome:
        """Makes a call through the gateway that costs `cents`, or `quantity` units at `unit_amount` dollars each.

        It is blocked when the credit or the spending limit is used up, and metered otherwise; afterwards auto top-up may
        fire. A call `at` an earlier time is metered late, and never blocked.
        """
        call = Call.of(model, cents=cents, quantity=quantity, unit_amount=unit_amount)
        with self._service.working(to_write=True) as books:
            accounts.require_account(books, account_id)
            now = clock.now_ms(books)
            at_ms = now if at is None else clock.ms_of(at)
            if at_ms > now:
                raise ValueError(f"a call cannot be metered at {at}, which is still to come")
            reason = blocked(books, account_id, now) if at is None else None
            cost = 0
            if reason is None:
                cost = meter(books, account_id, call, at_ms)
                fire_if_low(books, account_id, self._service.behaviour.pace, now)
            return UsageOutcome(reason, _cents(cost), _cents(ledger.balance_millicents(books, account_id)))

    # Time

    @property
    def now(self) -> datetime:
        """What the sandbox's clock shows."""
        with self._books.reading() as books:
            return clock.moment_of(clock.now_ms(books))

    def set_clock(self, moment: datetime) -> None:
        """Sets the clock; what falls due until then happens."""
        with self._books.writing() as books:
            clock.set_clock(books, clock.ms_of(moment))
            self._service.settle_due(books)

    def advance(self, duration: timedelta | None = None, **units: float) -> None:
        """Moves the clock on: `advance(days=1)`, or by a timedelta."""
        step = duration if duration is not None else timedelta(**units)
        with self._books.writing() as books:
            clock.set_clock(books, clock.now_ms(books) + step // timedelta(milliseconds=1))
            self._service.settle_due(books)

    def hold_clock(self) -> None:
        """Stops the clock; only `set_clock` and `advance` move it then."""
        with self._books.writing() as books:
            clock.hold_clock(books)

    def release_clock(self) -> None:
        """Lets the clock run on."""
        with self._books.writing() as books:
            clock.release_clock(books)

    # Behaviour

    def behave(
        self,
        *,
        mode: Mode | None = None,
        settles_after: float | None = None,
        listed_after: float | None = None,
        invoices_per_page: int | None = None,
    ) -> None:
        """Changes how the sandbox behaves from here on.

        Its mode, the seconds until a payment settles and until an invoice shows in the history, and how many invoices a page
        holds.
        """
        behaviour = self._service.behaviour
        pace = behaviour.pace
        if settles_after is not None:
            pace = replace(pace, settles_after_ms=_milliseconds(settles_after))
        if listed_after is not None:
            pace = replace(pace, listed_after_ms=_milliseconds(listed_after))
        self._service.behaviour = Behaviour(
            mode or behaviour.mode,
            pace,
            behaviour.invoices_per_page if invoices_per_page is None else invoices_per_page,
        )

    def limit_rate(self, limit: str | None) -> None:
        """Refuses requests beyond `QUOTA/SECONDS` with 429; None refuses none. Counts start anew."""
        self._service.rates.limit = RateLimit() if limit is None else RateLimit.parse(limit)
        self._service.rates.forget()

    # Faults and what came of them

    def fault(self, operation: str = "*", **terms: Unpack[FaultTerms]) -> Fault:
        """Orders a fault: `fault("topup.create", drop="after")`. See `Fault` for the terms."""
        fault = Fault(operation=operation, **terms)
        self._service.faults.order(fault)
        return fault

    def faults(self) -> list[Fault]:
        """The faults that have not struck yet."""
        return self._service.faults.waiting()

    def clear_faults(self) -> None:
        """Takes back the faults that have not struck yet."""
        self._service.faults.clear()

    def charges(self, *, after: int = 0) -> list[Charge]:
        """Every charge that was received, whatever became of it, in order."""
        with self._books.reading() as books:
            return list_charges(books, after)

    def requests(self, *, after: int = 0) -> list[RequestRecord]:
        """The last ten thousand requests that were received."""
        return self._service.requests(after)

    # Everything

    def state(self) -> dict[str, list[dict[str, object]]]:
        """The books as JSON-like rows, table by table."""
        with self._service.working(to_write=False) as books:
            return {table: [dict(row) for row in books.execute(f"SELECT * FROM {table}")] for table in _TABLES}  # noqa: S608

    def snapshot(self) -> bytes:
        """The books as the bytes of an SQLite file."""
        return self._books.image()

    def restore(self, snapshot: bytes) -> None:
        """Puts the books back to a snapshot."""
        self._books.load(snapshot)

    def reset(self) -> None:
        """Starts over: books, clock and behaviour as at the start, no faults, no counts."""
        with closing(Books()) as fresh:
            self._furnishing.put_into(fresh)
            self._books.load(fresh.image())
        self._service.behaviour = self._first_behaviour
        self._service.forget()

    @contextmanager
    def _writing(self, account_id: str) -> Generator[sqlite3.Connection]:
        with self._books.writing() as books:
            accounts.require_account(books, account_id)
            yield books


_TABLES = (
    "settings",
    "accounts",
    "cards",
    "invoices",
    "payments",
    "usage_events",
    "ledger_entries",
    "auto_topups",
    "spending_limits",
    "charges",
)


def _cents(millicents: int) -> Decimal:
    return Decimal(millicents) / MILLICENTS_PER_CENT


def _milliseconds(seconds: float) -> int:
    if seconds < 0:
        raise ValueError(f"a delay in seconds cannot be negative: {seconds}")
    return timedelta(seconds=seconds) // timedelta(milliseconds=1)
