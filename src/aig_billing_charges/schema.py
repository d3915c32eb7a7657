"""The journal's tables and their version. Imported only where a journal is opened: it needs SQLAlchemy."""

from __future__ import annotations

import json

from attrs import asdict
from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Index,
    Integer,
    MetaData,
    RowMapping,
    String,
    Table,
    Text,
)

from .record import STATES, Baseline, ChargeRecord, RecordedRefusal

VERSION = 1
APPLICATION_ID = 0x41494742
"""Marks an SQLite file as a journal of charges ("AIGB")."""

metadata = MetaData()

schema_versions = Table("aig_billing_journal", metadata, Column("version", Integer, nullable=False))

accounts = Table(
    "aig_billing_accounts",
    metadata,
    Column("account_id", String(256), primary_key=True),
    # Counts the account's transitions. Its row is locked by every one of them, so that they follow one another.
    Column("version", BigInteger, nullable=False),
)

charges = Table(
    "aig_billing_charges",
    metadata,
    Column("account_id", String(256), primary_key=True),
    Column("key", String(200), primary_key=True),
    Column("amount", BigInteger, nullable=False),
    Column("state", String(16), nullable=False),
    Column("revision", BigInteger, nullable=False),
    Column("owner", String(64)),
    Column("lease_ms", BigInteger),
    Column("left_by_ms", BigInteger),
    Column("baseline", Text),
    Column("payment_id", Text),
    Column("proof", String(16)),
    Column("onboarding", Boolean),
    Column("brand", Text),
    Column("last4", Text),
    Column("needs_confirmation", Boolean, nullable=False),
    Column("refusal", Text),
    Column("note", Text),
    Column("created_ms", BigInteger, nullable=False),
    Column("changed_ms", BigInteger, nullable=False),
    CheckConstraint(f"state IN ({', '.join(repr(state) for state in STATES)})", name="aig_billing_charge_state"),
    CheckConstraint("amount > 0", name="aig_billing_charge_amount"),
    Index("aig_billing_charges_by_state", "account_id", "state"),
)


def row_of(record: ChargeRecord) -> dict[str, object]:
    """Write a record as a row."""
    row: dict[str, object] = asdict(record, recurse=False)
    row["baseline"] = None if record.baseline is None else json.dumps(record.baseline._asdict())
    row["refusal"] = None if record.refusal is None else json.dumps(record.refusal._asdict())
    return row


def record_of(row: RowMapping) -> ChargeRecord:
    """Read a row as a record."""
    values = dict(row)
    if values["baseline"] is not None:
        kept = json.loads(values["baseline"])
        values["baseline"] = Baseline(tuple(kept["ids"]), kept["has_more"], kept["total"], kept["newest"])
    if values["refusal"] is not None:
        kept = json.loads(values["refusal"])
        errors = tuple((code, message) for code, message in kept["errors"])
        values["refusal"] = RecordedRefusal(kept["status"], kept["message"], errors)
    return ChargeRecord(**values)
