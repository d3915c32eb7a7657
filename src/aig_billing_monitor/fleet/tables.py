"""The tables of a fleet, beside those of the history."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Double, Integer, MetaData, String, Table, Text

from ..history.tables import UnixMilliseconds

metadata = MetaData()

accounts = Table(
    "aig_fleet_accounts",
    metadata,
    Column("account_id", String(64), primary_key=True),
    Column("profile", Text, nullable=False),
    Column("every_seconds", Integer, nullable=False),
    Column("thresholds", Text, nullable=False),
    Column("at_least_cents", BigInteger),
    Column("amount_cents", BigInteger),
    Column("max_per_day", Integer, nullable=False),
    Column("due_ms", UnixMilliseconds, nullable=False, index=True),
    Column("checked_ms", UnixMilliseconds),
    Column("detail", Text),
)

rates = Table(
    "aig_fleet_rates",
    metadata,
    Column("token", Text, primary_key=True),
    Column("next_at", Double, nullable=False),
    Column("closed_until", Double, nullable=False),
)
"""What `SharedGate` counts, in Unix seconds of the database's clock."""
