"""The controls in Python: they play the account's owner, the bank, the clock and the bad network."""

import secrets
import sqlite3
from collections.abc import Generator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Unpack

import attrs

from aig_billing_sandbox.bank import accounts, clock, fixtures, ledger, topups
from aig_billing_sandbox.bank.accounts import CardBehaviour, Credential
from aig_billing_sandbox.bank.amounts import MILLICENTS_PER_CENT, exact_decimal, millicents_of
from aig_billing_sandbox.bank.auto_topups import fire_if_low
from aig_billing_sandbox.bank.charge_log import ReceivedCharge, list_charges
from aig_billing_sandbox.bank.database import BankDatabase
from aig_billing_sandbox.bank.fixtures import ACCOUNT_ID, API_KEY, EMAIL, READ_TOKEN, TOKEN, Fixtures
from aig_billing_sandbox.bank.usage import Blocked, GatewayCall, blocked, meter
from aig_billing_sandbox.http.context import Mode, Settings
from aig_billing_sandbox.http.faults import Fault, FaultTerms
from aig_billing_sandbox.http.rate_limit import RequestQuota
from aig_billing_sandbox.http.service import BillingService, RequestRecord


@attrs.frozen
class UsageOutcome:
    """What the gateway did with a call: let it through and metered it, or blocked it."""

    blocked: Blocked | None
    cost_cents: Decimal
    balance_cents: Decimal


class Control:
    """The sandbox's controls. Amounts are in cents, exact (int, Decimal or decimal string); `account_id` defaults to the first account."""

    account_id = ACCOUNT_ID
    token = TOKEN
    read_token = READ_TOKEN
    email = EMAIL
    api_key = API_KEY

    def __init__(self, database: BankDatabase, fixtures: Fixtures, settings: Settings, quota: RequestQuota) -> None:
        self._database = database
        self._fixtures = fixtures
        self._first_settings = settings
        self._service = BillingService(database, settings, quota)
        fixtures.load_into(database)

    @property
    def service(self) -> BillingService:
        """What answers requests."""
        return self._service

    def info(self) -> dict[str, object]:
        """The credentials and the settings of the sandbox."""
        settings = self._service.settings
        return {
            "account_id": self.account_id,
            "token": self.token,
            "read_token": self.read_token,
            "email": self.email,
            "api_key": self.api_key,
            "mode": settings.mode,
            "now": self.now,
            "settles_after_ms": settings.timing.settles_after_ms,
            "listed_after_ms": settings.timing.listed_after_ms,
            "invoices_per_page": settings.invoices_per_page,
        }

    # Accounts and cards

    def open_account(
        self, account_id: str | None = None, *, card: CardBehaviour | None = "good", topped_up: bool = True
    ) -> str:
        """Opens another account and returns its id; a `topped_up` one has bought $25 by hand the day before."""
        account_id = account_id or secrets.token_hex(16)
        with self._database.writing() as db:
            fixtures.open_account(db, account_id, clock.now_ms(db), card=card, topped_up=topped_up)
        return account_id

    def set_tax(self, percent: Decimal | int | str, *, account_id: str = ACCOUNT_ID) -> None:
        """Sets the tax that invoices carry from here on, in percent with at most two decimals."""
        basis_points = exact_decimal(percent, name="percent") * 100
        if basis_points != int(basis_points) or not 0 <= basis_points <= 10_000:
            raise ValueError(f"percent is between 0 and 100, with at most two decimals, not {percent}")
        with self._writing(account_id) as db:
            accounts.set_tax(db, account_id, int(basis_points))

    def add_token(
        self, secret: str, *, may_write: bool = True, account_id: str | None = None, email: str | None = None
    ) -> None:
        """Adds a token for one account or all, or with an `email` a Global API key."""
        with self._database.writing() as db:
            accounts.add_credential(db, Credential(secret, email, may_write, account_id))

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
        with self._writing(account_id) as db:
            accounts.put_card(db, account_id, behaviour, brand=brand, last4=last4)

    def remove_card(self, *, account_id: str = ACCOUNT_ID) -> None:
        """Leaves the account without a card."""
        with self._writing(account_id) as db:
            accounts.remove_card(db, account_id)

    def confirm(self, payment_intent_id: str, *, account_id: str = ACCOUNT_ID) -> None:
        """Confirms a payment as its cardholder would; it settles like any other from then on."""
        with self._writing(account_id) as db:
            if not topups.confirm(db, account_id, payment_intent_id, self._service.settings.timing, clock.now_ms(db)):
                raise ValueError(f"{payment_intent_id} has no payment that waits for confirmation")
            self._service.settle_due(db)

    def adjust_balance(self, cents: Decimal | int | str, *, account_id: str = ACCOUNT_ID) -> None:
        """Credits (or, below zero, debits) the account by hand."""
        with self._writing(account_id) as db:
            ledger.post_adjustment(db, account_id, millicents_of(cents), clock.now_ms(db))

    def balance(self, *, account_id: str = ACCOUNT_ID) -> Decimal:
        """The account's balance in cents."""
        with self._service.working(to_write=False) as (db, _):
            accounts.require_account(db, account_id)
            return _cents(ledger.balance_millicents(db, account_id))

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
        call = GatewayCall.of(model, cents=cents, quantity=quantity, unit_amount=unit_amount)
        with self._service.working(to_write=True) as (db, now):
            accounts.require_account(db, account_id)
            at_ms = now if at is None else clock.unix_ms(at)
            if at_ms > now:
                raise ValueError(f"a call cannot be metered at {at}, which is in the future")
            reason = blocked(db, account_id, now) if at is None else None
            cost = 0
            if reason is None:
                cost = meter(db, account_id, call, at_ms)
                fire_if_low(db, account_id, self._service.settings.timing, now)
            return UsageOutcome(reason, _cents(cost), _cents(ledger.balance_millicents(db, account_id)))

    # Time

    @property
    def now(self) -> datetime:
        """The time of the sandbox's clock."""
        with self._database.reading() as db:
            return clock.datetime_of(clock.now_ms(db))

    def set_clock(self, moment: datetime) -> None:
        """Sets the clock; payments that are due by then settle."""
        with self._database.writing() as db:
            clock.set_clock(db, clock.unix_ms(moment))
            self._service.settle_due(db)

    def advance(self, duration: timedelta | None = None, **units: float) -> None:
        """Moves the clock on: `advance(days=1)`, or by a timedelta."""
        step = duration if duration is not None else timedelta(**units)
        with self._database.writing() as db:
            clock.set_clock(db, clock.now_ms(db) + step // timedelta(milliseconds=1))
            self._service.settle_due(db)

    def hold_clock(self) -> None:
        """Stops the clock; only `set_clock` and `advance` move it then."""
        with self._database.writing() as db:
            clock.hold_clock(db)

    def release_clock(self) -> None:
        """Lets the clock run on."""
        with self._database.writing() as db:
            clock.release_clock(db)

    # Settings

    def behave(
        self,
        *,
        mode: Mode | None = None,
        settles_after: float | None = None,
        listed_after: float | None = None,
        invoices_per_page: int | None = None,
    ) -> None:
        """Changes the settings from here on.

        Its mode, the seconds until a payment settles and until an invoice is listed, and how many invoices a page has.
        """
        timing: dict[str, int] = {}
        if settles_after is not None:
            timing["settles_after_ms"] = _milliseconds(settles_after)
        if listed_after is not None:
            timing["listed_after_ms"] = _milliseconds(listed_after)
        old = self._service.settings
        self._service.settings = Settings(
            old.mode if mode is None else mode,
            attrs.evolve(old.timing, **timing),
            old.invoices_per_page if invoices_per_page is None else invoices_per_page,
        )

    def limit_rate(self, limit: str | None) -> None:
        """Refuses requests beyond `QUOTA/SECONDS` with 429; None refuses none. Counts start at zero."""
        self._service.rates.quota = RequestQuota.parse(limit)
        self._service.rates.reset()

    # Faults, and what was received

    def fault(self, operation: str = "*", **terms: Unpack[FaultTerms]) -> Fault:
        """Makes something go wrong: `fault("topup.create", drop="after")`. See `Fault` for the terms."""
        fault = Fault(operation=operation, **terms)
        self._service.faults.add(fault)
        return fault

    def faults(self) -> list[Fault]:
        """The faults that have not struck yet."""
        return self._service.faults.waiting()

    def clear_faults(self) -> None:
        """Removes the faults that have not struck yet."""
        self._service.faults.clear()

    def charges(self, *, after: int = 0) -> list[ReceivedCharge]:
        """Every charge that was received, in order, with its outcome."""
        with self._database.reading() as db:
            return list_charges(db, after)

    def requests(self, *, after: int = 0) -> list[RequestRecord]:
        """The last ten thousand requests that were received."""
        return self._service.requests(after)

    # Everything

    def state(self) -> dict[str, list[dict[str, object]]]:
        """The rows of the database, table by table."""
        with self._service.working(to_write=False) as (db, _):
            return {table: [dict(row) for row in db.execute(f"SELECT * FROM {table}")] for table in _TABLES}  # noqa: S608

    def snapshot(self) -> bytes:
        """The database as the bytes of an SQLite file."""
        return self._database.image()

    def restore(self, snapshot: bytes) -> None:
        """Restores the database from a snapshot."""
        self._database.load(snapshot)

    def reset(self) -> None:
        """Starts over: accounts, clock and settings as at the start, without faults and counts."""
        with closing(BankDatabase()) as fresh:
            self._fixtures.load_into(fresh)
            self._database.load(fresh.image())
        self._service.settings = self._first_settings
        self._service.forget()

    @contextmanager
    def _writing(self, account_id: str) -> Generator[sqlite3.Connection]:
        with self._database.writing() as db:
            accounts.require_account(db, account_id)
            yield db


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
