"""The controls in Python: they play the account's owner, the bank, the clock and the bad network."""

import json
import secrets
import sqlite3
from collections.abc import Generator, Mapping
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Unpack, cast

import attrs

from aig_billing_sandbox.bank import accounts, amounts, clock, fixtures, gateways, ledger, topups, usage
from aig_billing_sandbox.bank.accounts import CardBehaviour, Credential, TokenOwner
from aig_billing_sandbox.bank.charge_log import ReceivedCharge, list_charges
from aig_billing_sandbox.bank.database import BankDatabase
from aig_billing_sandbox.bank.fixtures import ACCOUNT_ID, API_KEY, EMAIL, READ_TOKEN, TOKEN, Seed
from aig_billing_sandbox.errors import ContractError
from aig_billing_sandbox.http.context import Mode, Settings
from aig_billing_sandbox.http.contract import operation_contract
from aig_billing_sandbox.http.faults import ANY_OPERATION, Fault, FaultTerms
from aig_billing_sandbox.http.messages import envelope_bytes
from aig_billing_sandbox.http.operations import GATEWAYS_PATH, OPERATIONS
from aig_billing_sandbox.http.rate_limit import RateMeter
from aig_billing_sandbox.http.service import BillingService, RequestRecord


@attrs.frozen
class UsageOutcome:
    """What the gateway did with a call: let it through and metered it, or blocked it."""

    blocked: usage.Blocked | None
    cost_cents: Decimal
    balance_cents: Decimal


class Control:
    """The sandbox's controls. Amounts are in cents, exact (int, Decimal or decimal string); `account_id` defaults to the first account."""

    account_id = ACCOUNT_ID
    token = TOKEN
    read_token = READ_TOKEN
    email = EMAIL
    api_key = API_KEY

    open_controls = False
    """Whether the controls over HTTP answer other machines too."""

    def __init__(
        self, database: BankDatabase, settings: Settings, rates: RateMeter, *, seed: Seed | None, now: datetime | None
    ) -> None:
        self._database = database
        self._first_settings = settings
        self._fill = partial(fixtures.fill, terms=settings.terms, seed=seed, now=now)
        self.service = BillingService(database, settings, rates)
        self._fill(database)

    def info(self) -> dict[str, object]:
        """The credentials and the settings of the sandbox."""
        names = ("account_id", "token", "read_token", "email", "api_key", "now")
        settings = attrs.asdict(self.service.settings) | {"fee_percent": self.service.settings.fee}
        return {**{name: getattr(self, name) for name in names}, **settings}

    # Accounts, cards and credentials

    def open_account(
        self, account_id: str | None = None, *, card: CardBehaviour | None = "good", topped_up: bool = True
    ) -> str:
        """Opens another account and returns its id; a `topped_up` one has bought $25 by hand the day before."""
        account_id = account_id or secrets.token_hex(16)
        terms = self.service.settings.terms
        with self.service.working() as (db, now):
            fixtures.open_account(db, account_id, now - clock.DAY_MS, terms, card=card, topped_up=topped_up)
        return account_id

    def set_tax(self, percent: Decimal | int | str, *, account_id: str = ACCOUNT_ID) -> None:
        """Sets the tax on future invoices, in percent with at most two decimals."""
        points = amounts.basis_points(percent, name="percent")
        with self._account(account_id) as (db, _):
            accounts.set_tax(db, account_id, points)

    def add_token(
        self,
        secret: str,
        *,
        may_write: bool = True,
        account_id: str | None = None,
        email: str | None = None,
        owner: TokenOwner = "user",
        expired: bool = False,
    ) -> None:
        """Adds a token for one account or all, or with an `email` a Global API key; or changes one.

        A token of an `account` is verified by that account, one of a `user` by the user.
        """
        with self._database.transaction() as db:
            credential = Credential(
                secret=secret, email=email, may_write=may_write, account_id=account_id, owner=owner, expired=expired
            )
            accounts.add_credential(db, credential)

    def put_card(
        self,
        behaviour: CardBehaviour = "good",
        *,
        brand: str = "visa",
        last4: str | None = None,
        payment_method_id: str | None = None,
        default: bool = True,
        account_id: str = ACCOUNT_ID,
    ) -> str:
        """Adds a card, as the default one unless said otherwise, and returns its payment method id.

        It is `good`, `declines`, `declines_later` (after the top-up was accepted) or `needs_confirmation`.
        """
        with self._account(account_id) as (db, _):
            card = accounts.put_card(
                db, account_id, behaviour, brand, last4, payment_method_id=payment_method_id, default=default
            )
        return card.payment_method_id

    def remove_card(self, *, account_id: str = ACCOUNT_ID) -> None:
        """Leaves the account without a default card."""
        with self._account(account_id) as (db, _):
            accounts.remove_default_card(db, account_id)

    def confirm(self, payment_intent_id: str, *, account_id: str = ACCOUNT_ID) -> None:
        """Confirms a payment as its cardholder would; it settles like any other from then on."""
        terms = self.service.settings.terms
        with self._account(account_id) as (db, now):
            topups.confirm(db, account_id, payment_intent_id, terms, now)

    def set_auto_topup(self, amount: int, threshold: int, *, account_id: str = ACCOUNT_ID) -> None:
        """Sets auto top-up as the dashboard does, in cents; it buys when the balance falls after that."""
        with self._account(account_id) as (db, _):
            topups.set_auto_topup(db, account_id, amount, threshold)

    def remove_auto_topup(self, *, account_id: str = ACCOUNT_ID) -> None:
        """Removes auto top-up as the dashboard does."""
        with self._account(account_id) as (db, _):
            topups.remove_auto_topup(db, account_id)

    def gateway(self, gateway_id: str = "default", *, account_id: str = ACCOUNT_ID) -> dict[str, object]:
        """A gateway with all its settings."""
        with self._account(account_id) as (db, _):
            text = gateways.gateway_json(db, account_id, gateway_id)
        if text is None:
            raise ValueError(f"the account has no gateway {gateway_id!r}")
        return cast("dict[str, object]", json.loads(text))

    def change_gateway(
        self, settings: Mapping[str, object], *, gateway_id: str = "default", account_id: str = ACCOUNT_ID
    ) -> None:
        """Changes some settings of a gateway, as somebody else would at the same time; raises ValueError for what is not a gateway then."""
        with self._account(account_id) as (db, now):
            gateways.change_gateway(db, account_id, gateway_id, dict(settings), now)
            answer = envelope_bytes(gateways.gateway_json(db, account_id, gateway_id) or "")
            try:
                operation_contract("GET", f"{GATEWAYS_PATH}/{{id}}").check_answer(200, answer)
            except ContractError as error:
                raise ValueError(f"these are not settings of a gateway: {error}") from None

    def adjust_balance(self, cents: Decimal | int | str, *, account_id: str = ACCOUNT_ID) -> None:
        """Credits (or, below zero, debits) the account by hand."""
        with self._account(account_id) as (db, now):
            ledger.post(db, account_id, "adjustment", amounts.millicents_of(cents), now)

    def balance(self, *, account_id: str = ACCOUNT_ID) -> Decimal:
        """The account's balance in cents, without any lag."""
        with self._account(account_id) as (db, _):
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
        units, price = amounts.quantity_and_price(cents, quantity, unit_amount)
        with self._account(account_id) as (db, now):
            at_ms = now if at is None else clock.unix_ms(at)
            if at_ms > now:
                raise ValueError(f"a call cannot be metered at {at}, which is in the future")
            reason = usage.blocked(db, account_id, now) if at is None else None
            cost = 0
            if reason is None:
                cost = usage.meter(db, account_id, model, units, price, at_ms=at_ms)
                topups.buy_if_low(db, account_id, self.service.settings.terms, now)
                self.service.settle_due(db)
            return UsageOutcome(reason, _cents(cost), _cents(ledger.balance_millicents(db, account_id)))

    # Time

    @property
    def now(self) -> datetime:
        """The time of the sandbox's clock."""
        with self._database.transaction() as db:
            return clock.datetime_of(clock.now_ms(db))

    def set_clock(self, moment: datetime) -> None:
        """Sets the clock; payments that are due by then settle."""
        with self.service.working() as (db, _):
            clock.set_clock(db, clock.unix_ms(moment))
            self.service.settle_due(db)

    def advance(self, duration: timedelta | None = None, **units: float) -> None:
        """Moves the clock on: `advance(days=1)`, or by a timedelta."""
        step = duration if duration is not None else timedelta(**units)
        with self.service.working() as (db, now):
            clock.set_clock(db, now + step // timedelta(milliseconds=1))
            self.service.settle_due(db)

    def hold_clock(self) -> None:
        """Stops the clock; only `set_clock` and `advance` move it then."""
        with self._database.transaction() as db:
            clock.hold_clock(db)

    def release_clock(self) -> None:
        """Lets the clock run on."""
        with self._database.transaction() as db:
            clock.release_clock(db)

    # Settings

    def behave(
        self,
        *,
        mode: Mode | None = None,
        settles_after: float | None = None,
        listed_after: float | None = None,
        balance_lags: float | None = None,
        fee_percent: Decimal | int | str | None = None,
        invoices_per_page: int | None = None,
    ) -> None:
        """Changes the settings from here on; what is left out stays.

        `mode` is `live` or `documented`. `settles_after`, `listed_after` and `balance_lags` are the seconds until a payment
        settles, until an invoice is listed, and until the balance shows a purchase or usage. `fee_percent` is the fee on purchases
        of credit, which is added to the amounts of their invoices.
        """
        changes = {
            "mode": mode,
            "settles_after_ms": _milliseconds(settles_after),
            "listed_after_ms": _milliseconds(listed_after),
            "balance_lags_ms": _milliseconds(balance_lags),
            "fee_percent": None if fee_percent is None else amounts.exact_decimal(fee_percent, name="fee_percent"),
            "invoices_per_page": invoices_per_page,
        }
        given = {name: value for name, value in changes.items() if value is not None}
        self.service.settings = attrs.evolve(self.service.settings, **given)  # type: ignore[arg-type]

    def limit_rate(self, limit: str | None) -> None:
        """Refuses requests beyond `QUOTA/SECONDS` with 429; None refuses none. Counts start at zero."""
        self.service.rates = RateMeter(limit)

    # Faults, and what was received

    def fault(self, operation: str = "*", **terms: Unpack[FaultTerms]) -> Fault:
        """Makes something go wrong: `fault("topup.create", drop="after")`. See `Fault` for the terms."""
        known = sorted(known.name for known in OPERATIONS)
        if operation not in {ANY_OPERATION, *known}:
            names = ", ".join(known)
            raise ValueError(f"there is no operation {operation!r}; the operations are {names}, or {ANY_OPERATION!r}")
        fault = Fault(operation=operation, **terms)
        with self.service.lock:
            self.service.faults.append(fault)
        return fault

    def faults(self) -> list[Fault]:
        """The faults that have not struck yet."""
        with self.service.lock:
            return list(self.service.faults)

    def clear_faults(self) -> None:
        """Removes the faults that have not struck yet."""
        with self.service.lock:
            self.service.faults.clear()

    def charges(self, *, after: int = 0) -> list[ReceivedCharge]:
        """Every charge that was received, in order, with its outcome."""
        with self._database.transaction() as db:
            return list_charges(db, after)

    def requests(self, *, after: int = 0) -> list[RequestRecord]:
        """The last ten thousand requests that were received."""
        with self.service.lock:
            return [record for record in self.service.requests if record.number > after]

    # Everything

    def state(self) -> dict[str, list[dict[str, object]]]:
        """The rows of the database, table by table."""
        tables = (
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT IN ('credentials', 'sqlite_sequence')"
        )
        with self.service.working() as (db, _):
            names = [name for (name,) in db.execute(tables).fetchall()]
            return {name: [dict(row) for row in db.execute(f"SELECT * FROM {name}")] for name in names}  # noqa: S608 - our own names

    def snapshot(self) -> bytes:
        """The database as the bytes of an SQLite file."""
        return self._database.image()

    def restore(self, snapshot: bytes) -> None:
        """Restores the database from a snapshot."""
        self._database.load(snapshot)

    def reset(self) -> None:
        """Starts over: accounts, clock and settings as at the start, without faults and counts."""
        with closing(BankDatabase()) as fresh:
            self._fill(fresh)
            self._database.load(fresh.image())
        self.service.settings = self._first_settings
        self.limit_rate(self.service.rates.limit)
        self.clear_faults()
        with self.service.lock:
            self.service.requests.clear()

    @contextmanager
    def _account(self, account_id: str) -> Generator[tuple[sqlite3.Connection, int]]:
        """A transaction for an account that exists, in which everything that is due has happened, and its time."""
        with self.service.working() as (db, now):
            accounts.require_account(db, account_id)
            yield db, now


def _cents(millicents: int) -> Decimal:
    return Decimal(millicents) / amounts.MILLICENTS_PER_CENT


def _milliseconds(seconds: float | None) -> int | None:
    return None if seconds is None else timedelta(seconds=seconds) // timedelta(milliseconds=1)
