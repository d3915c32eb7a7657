"""The journal's tables and their version. Imported only where a journal is opened: it needs SQLAlchemy."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Final

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

VERSION: Final = 2
APPLICATION_ID: Final = 0x41494742
"""Marks an SQLite file as a journal of charges ("AIGB")."""

metadata = MetaData()
_DECIMALS: Final = ("invoiced", "balance_before")

schema_versions = Table(
    "aig_billing_journal",
    metadata,
    Column("version", Integer, nullable=False),
    # Tells this journal from any other that is ever found in its place.
    Column("journal_id", String(32)),
)

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
    Column("payment_method_id", Text),
    Column("invoiced", Text),
    Column("balance_before", Text),
    CheckConstraint(f"state IN ({', '.join(repr(state) for state in STATES)})", name="aig_billing_charge_state"),
    CheckConstraint("amount > 0", name="aig_billing_charge_amount"),
    Index("aig_billing_charges_by_state", "account_id", "state", "changed_ms"),
    Index("aig_billing_charges_by_change", "account_id", "changed_ms"),
    Index("aig_billing_charges_by_payment", "account_id", "payment_id"),
    # For keys that begin alike, in PostgreSQL, whose texts are not sorted by their bytes.
    Index("aig_billing_charges_by_prefix", "account_id", "key", postgresql_ops={"key": "text_pattern_ops"}),
)

FROM_VERSION_1: Final = (
    "ALTER TABLE {schema}aig_billing_charges ADD COLUMN payment_method_id TEXT",
    "ALTER TABLE {schema}aig_billing_charges ADD COLUMN invoiced TEXT",
    "ALTER TABLE {schema}aig_billing_charges ADD COLUMN balance_before TEXT",
    "ALTER TABLE {schema}aig_billing_journal ADD COLUMN journal_id VARCHAR(32)",
    "DROP INDEX {schema}aig_billing_charges_by_state",
)
"""What makes the tables of version 1 those of version 2, but for the indexes."""


class DamagedRowError(Exception):
    """A row of the journal does not hold what was written to it."""


def row_of(record: ChargeRecord) -> dict[str, object]:
    """Write a record as a row."""
    row: dict[str, object] = asdict(record, recurse=False)
    row["baseline"] = None if record.baseline is None else json.dumps(record.baseline._asdict())
    row["refusal"] = None if record.refusal is None else json.dumps(record.refusal._asdict())
    for name in _DECIMALS:
        row[name] = None if row[name] is None else str(row[name])
    return row


def record_of(row: RowMapping) -> ChargeRecord:
    """Read a row as a record.

    Raises:
        DamagedRowError: When it cannot be one.
    """
    values = dict(row)
    try:
        if values["baseline"] is not None:
            kept = json.loads(values["baseline"])
            values["baseline"] = Baseline(
                tuple(kept["ids"]),
                kept["has_more"],
                kept["total"],
                kept["newest"],
                kept.get("service_ahead_ms"),
                kept.get("taken_ms"),
            )
        if values["refusal"] is not None:
            kept = json.loads(values["refusal"])
            errors = tuple((code, message) for code, message in kept["errors"])
            values["refusal"] = RecordedRefusal(kept["status"], kept["message"], errors)
        for name in _DECIMALS:
            if values[name] is not None:
                values[name] = Decimal(values[name])
        numbers = (values["amount"], values["revision"], values["created_ms"], values["changed_ms"])
        times = (values["lease_ms"], values["left_by_ms"])
        texts = (values["account_id"], values["key"], values["payment_id"] or "", values["payment_method_id"] or "")
        if (
            values["state"] not in STATES
            or not all(type(number) is int for number in numbers)
            or not all(moment is None or type(moment) is int for moment in times)
            or not all(isinstance(text, str) for text in texts)
        ):
            raise ValueError(f"state {values['state']!r}")
        return ChargeRecord(**values)
    except (ValueError, TypeError, KeyError, AttributeError, ArithmeticError, RecursionError) as error:
        raise DamagedRowError(f"its row of the key {values.get('key')!r} is damaged") from error
