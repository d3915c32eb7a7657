"""The tables of the history. Amounts are text with exact decimals in cents, times Unix milliseconds."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, MetaData, String, Table, Text

VERSION = 1

metadata = MetaData()

versions = Table("aig_history_versions", metadata, Column("version", Integer, primary_key=True))

readings = Table(
    "aig_history_readings",
    metadata,
    Column("account_id", String(64), primary_key=True),
    Column("at_ms", BigInteger, primary_key=True),
    Column("balance_cents", Text, nullable=False),
    Column("cents_per_day", Text),
)

usage_days = Table(
    "aig_history_usage_days",
    metadata,
    Column("account_id", String(64), primary_key=True),
    Column("day", String(10), primary_key=True),
    Column("cents", Text, nullable=False),
)

invoices = Table(
    "aig_history_invoices",
    metadata,
    Column("account_id", String(64), primary_key=True),
    Column("invoice_id", String(255), primary_key=True),
    Column("created_ms", BigInteger),
    Column("origin", Text),
    Column("status", Text),
    Column("amount_due_cents", Text, nullable=False),
    Column("amount_paid_cents", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("description", Text),
    Column("pdf_url", Text),
)

model_costs = Table(
    "aig_history_model_costs",
    metadata,
    Column("account_id", String(64), primary_key=True),
    Column("month", String(7), primary_key=True),
    Column("model", String(255), primary_key=True),
    Column("cents", Text, nullable=False),
    Column("currency", Text, nullable=False),
)

alert_states = Table(
    "aig_history_alert_states",
    metadata,
    Column("account_id", String(64), primary_key=True),
    Column("active", Text, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("failing_since_ms", BigInteger),
    Column("last_balance", Text, nullable=False),
)

messages = Table(
    "aig_history_messages",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("account_id", String(64), nullable=False),
    Column("created_ms", BigInteger, nullable=False),
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
    Column("queued_ms", BigInteger, nullable=False),
    Column("claimed_ms", BigInteger),
    Index("aig_history_deliveries_open", "state"),
)
