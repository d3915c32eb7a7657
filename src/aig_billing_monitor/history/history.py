"""The history: what was read of accounts, and which messages people got, so that a restart repeats none."""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from aig_billing import Money
from attrs import asdict, fields, frozen
from sqlalchemy import Column, Connection, delete, func, insert, or_, select, update

from ..alerts import AlertState, Message, judge
from ..readings import FailedReading, Outcome, Reading
from .database import HistoryDatabase
from .tables import alert_states, deliveries, invoices, messages, model_costs, readings, usage_days

_CLAIM = dt.timedelta(minutes=2)
"""How long a message may take to send; after that, whoever was sending it is taken to have died."""
_GIVE_UP = dt.timedelta(days=1)
"""How long sending is tried."""


@frozen
class KeptBalance:
    """A balance at a time, in cents, and the rate of the forecast made then, in cents a day."""

    at: dt.datetime
    cents: Decimal
    cents_per_day: Decimal | None = None


@frozen
class KeptInvoice:
    """An invoice, as last seen. Amounts in cents."""

    invoice_id: str
    created: dt.datetime | None
    origin: str
    status: str
    due_cents: Decimal
    paid_cents: Decimal
    currency: str
    description: str


@frozen
class Delivery:
    """A message that is to be sent to one target."""

    message_id: int
    target: str
    message: Message
    repeated: bool
    """Whether it may have been sent before: the process that was sending it died."""


class History:
    """Keeps readings, usage, invoices and costs, and which messages were sent. Every method is one transaction."""

    def __init__(self, place: str | os.PathLike[str] | None, *, pooled: bool = False) -> None:
        """Open the history, and make it where there is none; arguments and errors are those of `HistoryDatabase`."""
        self.database = HistoryDatabase(place, pooled=pooled)
        self.name = self.database.name

    # Readings and alerts

    def record(
        self, outcome: Outcome, thresholds: tuple[int, ...], targets: Iterable[str] = ()
    ) -> tuple[AlertState, tuple[Message, ...]]:
        """Keep an outcome, and give what `judge` makes of it; its messages are kept for each target (digests) in the same transaction."""
        account = outcome.account.account_id
        with self.database.transaction() as connection:
            if not isinstance(outcome, FailedReading):
                self.database.put(connection, readings, [_reading_row(outcome)])
            state, found = judge(_alert_state(connection, account), outcome, thresholds)
            row = {**asdict(state), "account_id": account, "active": json.dumps(sorted(state.active))}
            self.database.put(connection, alert_states, [row])
            for message in found:
                values = {"account_id": account, "created": outcome.at, **asdict(message)}
                (message_id,) = connection.execute(insert(messages), values).inserted_primary_key or (None,)
                waiting = {"message_id": message_id, "state": "waiting", "queued": dt.datetime.now(dt.UTC)}
                self.database.put(connection, deliveries, [{**waiting, "target": target} for target in targets])
        return state, found

    def keep_reading(self, reading: Reading) -> None:
        """Keep a reading that no alert depends on."""
        with self.database.transaction() as connection:
            self.database.put(connection, readings, [_reading_row(reading)])

    # Sending

    def claim_deliveries(self, targets: Sequence[str]) -> list[Delivery]:
        """Give what waits to be sent to these targets, claimed for the caller: nobody else sends it for two minutes."""
        now = dt.datetime.now(dt.UTC)
        is_open = or_(
            deliveries.c.state == "waiting", (deliveries.c.state == "sending") & (deliveries.c.claimed < now - _CLAIM)
        )
        claimed: list[Delivery] = []
        with self.database.transaction() as connection:
            chosen = (
                select(deliveries, messages.c.severity, messages.c.title, messages.c.body)
                .join(messages, messages.c.id == deliveries.c.message_id)
                .where(is_open, deliveries.c.target.in_(targets))
                .order_by(deliveries.c.message_id)
                .with_for_update(of=deliveries, skip_locked=True)
            )
            for row in connection.execute(chosen).all():
                message = Message(row.severity, row.title, row.body)
                claimed.append(Delivery(row.message_id, row.target, message, row.state == "sending"))
                _set_delivery(connection, claimed[-1], state="sending", claimed=now)
        return claimed

    def finish_delivery(self, delivery: Delivery, *, sent: bool) -> None:
        """Note that a message was sent, or that it waits for the next try."""
        with self.database.transaction() as connection:
            _set_delivery(connection, delivery, state="sent" if sent else "waiting", claimed=None)

    def give_up_deliveries(self) -> int:
        """End what could not be sent for a day; gives how many there were."""
        is_late = deliveries.c.queued < dt.datetime.now(dt.UTC) - _GIVE_UP
        with self.database.transaction() as connection:
            ended = connection.execute(
                update(deliveries).where(deliveries.c.state == "waiting", is_late).values(state="given_up")
            )
            return ended.rowcount

    # What the API forgets

    def keep_usage(self, account_id: str, days: Iterable[tuple[dt.date, Decimal]]) -> None:
        """Keep the usage of days of UTC, in cents; a day that is kept already is replaced."""
        rows = [{"account_id": account_id, "day": day.isoformat(), "cents": cents} for day, cents in days]
        with self.database.transaction() as connection:
            self.database.put(connection, usage_days, rows)

    def keep_invoices(self, account_id: str, found: Iterable[KeptInvoice]) -> None:
        """Keep invoices; one that is kept already is replaced."""
        rows = [{"account_id": account_id, **asdict(one)} for one in found]
        with self.database.transaction() as connection:
            self.database.put(connection, invoices, rows)

    def keep_model_costs(self, account_id: str, month: str, costs: Iterable[tuple[str, Decimal, str]]) -> None:
        """Keep the cost of each model (name, cents, currency) in a month such as `2026-10`; the month is replaced."""
        rows = [
            {"account_id": account_id, "month": month, "model": model, "cents": cents, "currency": currency}
            for model, cents, currency in costs
        ]
        with self.database.transaction() as connection:
            connection.execute(
                delete(model_costs).where(model_costs.c.account_id == account_id, model_costs.c.month == month)
            )
            self.database.put(connection, model_costs, rows)

    def last_usage_day(self, account_id: str) -> dt.date | None:
        """Give the last day whose usage is kept."""
        chosen = select(func.max(usage_days.c.day)).where(usage_days.c.account_id == account_id)
        ((found,),) = self.database.read(chosen)
        return dt.date.fromisoformat(found) if found else None

    def usage(self, account_id: str, first: dt.date, last: dt.date) -> dict[dt.date, Decimal]:
        """Give the usage of the days that are kept, both ends included, in cents."""
        chosen = select(usage_days.c.day, usage_days.c.cents).where(
            usage_days.c.account_id == account_id, usage_days.c.day.between(first.isoformat(), last.isoformat())
        )
        rows = self.database.read(chosen.order_by(usage_days.c.day))
        return {dt.date.fromisoformat(row.day): row.cents for row in rows}

    def balances(self, account_id: str, start: dt.datetime, end: dt.datetime) -> list[KeptBalance]:
        """Give the balances read from a moment up to another."""
        chosen = (
            select(readings.c.at, readings.c.balance_cents, readings.c.cents_per_day)
            .where(readings.c.account_id == account_id, readings.c.at >= start, readings.c.at < end)
            .order_by(readings.c.at)
        )
        return [KeptBalance(*row) for row in self.database.read(chosen)]

    def invoices(self, account_id: str, start: dt.datetime, end: dt.datetime) -> list[KeptInvoice]:
        """Give the invoices made from a moment up to another, the oldest first."""
        columns: list[Column[Any]] = [invoices.c[field.name] for field in fields(KeptInvoice)]
        chosen = (
            select(*columns)
            .where(invoices.c.account_id == account_id, invoices.c.created >= start, invoices.c.created < end)
            .order_by(invoices.c.created)
        )
        return [KeptInvoice(*row) for row in self.database.read(chosen)]

    def model_costs(self, account_id: str, month: str) -> list[tuple[str, Money]]:
        """Give the cost of each model in a month, the dearest first."""
        chosen = select(model_costs.c.model, model_costs.c.cents, model_costs.c.currency).where(
            model_costs.c.account_id == account_id, model_costs.c.month == month
        )
        costs = [(row.model, Money(row.cents / 100, row.currency)) for row in self.database.read(chosen)]
        return sorted(costs, key=lambda cost: (-cost[1].amount, cost[0]))


def _reading_row(reading: Reading) -> dict[str, Any]:
    return {
        "account_id": reading.account.account_id,
        "at": reading.at,
        "balance_cents": reading.balance.amount * 100,
        "cents_per_day": reading.usage.forecast.cents_per_day if reading.usage else None,
    }


def _set_delivery(connection: Connection, delivery: Delivery, **values: object) -> None:
    is_it = (deliveries.c.message_id == delivery.message_id) & (deliveries.c.target == delivery.target)
    connection.execute(update(deliveries).where(is_it).values(**values))


def _alert_state(connection: Connection, account_id: str) -> AlertState:
    kept = alert_states.c
    chosen = select(kept.active, kept.failures, kept.failing_since, kept.last_balance)
    row = connection.execute(chosen.where(kept.account_id == account_id)).first()
    return AlertState() if row is None else AlertState(frozenset(json.loads(row[0])), row[1], row[2], row[3])
