"""The tables of the history. Amounts are text with exact decimals in cents, times Unix milliseconds."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, MetaData, String, Table, Text, TypeDecorator

VERSION = 1


def plain_digits(value: Decimal) -> str:
    """Write a number without an exponent or zeros at its end."""
    return format(value.normalize() if value else Decimal(0), "f")


class UnixMilliseconds(TypeDecorator[dt.datetime]):
    """A time, kept as Unix milliseconds."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: object) -> int | None:  # noqa: ARG002 - SQLAlchemy passes it
        """Write it."""
        return None if value is None else round(value.timestamp() * 1000)

    def process_result_value(self, value: int | None, dialect: object) -> dt.datetime | None:  # noqa: ARG002 - SQLAlchemy passes it
        """Read it, in UTC."""
        return None if value is None else dt.datetime.fromtimestamp(value / 1000, dt.UTC)


class DecimalText(TypeDecorator[Decimal]):
    """A number, kept as text in plain digits."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: object) -> str | None:  # noqa: ARG002 - SQLAlchemy passes it
        """Write it."""
        return None if value is None else plain_digits(value)

    def process_result_value(self, value: str | None, dialect: object) -> Decimal | None:  # noqa: ARG002 - SQLAlchemy passes it
        """Read it."""
        return None if value is None else Decimal(value)


metadata = MetaData()

versions = Table("aig_history_versions", metadata, Column("version", Integer, primary_key=True))

readings = Table(
    "aig_history_readings",
    metadata,
    Column("account_id", String(64), primary_key=True),
    Column("at_ms", UnixMilliseconds, key="at", primary_key=True),
    Column("balance_cents", DecimalText, nullable=False),
    Column("cents_per_day", DecimalText),
)

usage_days = Table(
    "aig_history_usage_days",
    metadata,
    Column("account_id", String(64), primary_key=True),
    Column("day", String(10), primary_key=True),
    Column("cents", DecimalText, nullable=False),
)

invoices = Table(
    "aig_history_invoices",
    metadata,
    Column("account_id", String(64), primary_key=True),
    Column("invoice_id", String(255), primary_key=True),
    Column("created_ms", UnixMilliseconds, key="created"),
    Column("origin", Text),
    Column("status", Text),
    Column("amount_due_cents", DecimalText, key="due_cents", nullable=False),
    Column("amount_paid_cents", DecimalText, key="paid_cents", nullable=False),
    Column("currency", Text, nullable=False),
    Column("description", Text),
)

model_costs = Table(
    "aig_history_model_costs",
    metadata,
    Column("account_id", String(64), primary_key=True),
    Column("month", String(7), primary_key=True),
    Column("model", String(255), primary_key=True),
    Column("cents", DecimalText, nullable=False),
    Column("currency", Text, nullable=False),
)

alert_states = Table(
    "aig_history_alert_states",
    metadata,
    Column("account_id", String(64), primary_key=True),
    Column("active", Text, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("failing_since_ms", UnixMilliseconds, key="failing_since"),
    Column("last_balance", Text, nullable=False),
)

messages = Table(
    "aig_history_messages",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("account_id", String(64), nullable=False),
    Column("created_ms", UnixMilliseconds, key="created", nullable=False),
    Column("severity", String(16), nullable=False),
    Column("title", Text, nullable=False),
    Column("body", Text, nullable=False),
)

deliveries = Table(
    "aig_history_deliveries",
    metadata,
    Column("message_id", Integer, ForeignKey("aig_history_messages.id"), primary_key=True),
    # A digest of the address, which may hold a password.
    Column("target", String(64), primary_key=True),
    Column("state", String(16), nullable=False),
    Column("queued_ms", UnixMilliseconds, key="queued", nullable=False),
    Column("claimed_ms", UnixMilliseconds, key="claimed"),
    Index("aig_history_deliveries_open", "state"),
)
