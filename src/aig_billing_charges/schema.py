"""The journal's tables and their version. Imported only where a journal is opened: it needs SQLAlchemy."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Final

import sqlalchemy as sa
from attrs import asdict

from .record import STATES, Baseline, ChargeRecord, RecordedRefusal

VERSION: Final = 2
APPLICATION_ID: Final = 0x41494742
"""Marks an SQLite file as a journal of charges ("AIGB")."""

metadata = sa.MetaData()
_DECIMALS: Final = ("invoiced", "balance_before")

schema_versions = sa.Table(
    "aig_billing_journal",
    metadata,
    sa.Column("version", sa.Integer, nullable=False),
    # Tells this journal from any other that is ever found in its place.
    sa.Column("journal_id", sa.String(32)),
)

accounts = sa.Table(
    "aig_billing_accounts",
    metadata,
    sa.Column("account_id", sa.String(256), primary_key=True),
    # Counts the account's transitions. Its row is locked by every one of them, so that they follow one another.
    sa.Column("version", sa.BigInteger, nullable=False),
)

charges = sa.Table(
    "aig_billing_charges",
    metadata,
    sa.Column("account_id", sa.String(256), primary_key=True),
    sa.Column("key", sa.String(200), primary_key=True),
    sa.Column("amount", sa.BigInteger, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("revision", sa.BigInteger, nullable=False),
    sa.Column("owner", sa.String(64)),
    sa.Column("lease_ms", sa.BigInteger),
    sa.Column("left_by_ms", sa.BigInteger),
    sa.Column("baseline", sa.Text),
    sa.Column("payment_id", sa.Text),
    sa.Column("proof", sa.String(16)),
    sa.Column("onboarding", sa.Boolean),
    sa.Column("brand", sa.Text),
    sa.Column("last4", sa.Text),
    sa.Column("needs_confirmation", sa.Boolean, nullable=False),
    sa.Column("refusal", sa.Text),
    sa.Column("note", sa.Text),
    sa.Column("created_ms", sa.BigInteger, nullable=False),
    sa.Column("changed_ms", sa.BigInteger, nullable=False),
    sa.Column("payment_method_id", sa.Text),
    sa.Column("invoiced", sa.Text),
    sa.Column("balance_before", sa.Text),
    sa.CheckConstraint(f"state IN ({', '.join(repr(state) for state in STATES)})", name="aig_billing_charge_state"),
    sa.CheckConstraint("amount > 0", name="aig_billing_charge_amount"),
    sa.Index("aig_billing_charges_by_state", "account_id", "state", "changed_ms"),
    sa.Index("aig_billing_charges_by_change", "account_id", "changed_ms"),
    sa.Index("aig_billing_charges_by_payment", "account_id", "payment_id"),
    # For keys that begin alike, in PostgreSQL, whose texts are not sorted by their bytes.
    sa.Index("aig_billing_charges_by_prefix", "account_id", "key", postgresql_ops={"key": "text_pattern_ops"}),
)

_KINDS: Final = tuple(
    (column.name, (column.type.python_type, type(None)) if column.nullable else column.type.python_type)
    for column in charges.columns
)
"""What the columns hold; SQLite keeps anything in any column."""

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


def record_of(row: sa.RowMapping) -> ChargeRecord:
    """Read a row as a record."""
    values = dict(row)
    try:
        if values["state"] not in STATES or not all(isinstance(values[name], kind) for name, kind in _KINDS):
            raise ValueError(f"state {values['state']!r}")
        if values["baseline"] is not None:
            kept = json.loads(values["baseline"])
            kept["ids"] = tuple(kept["ids"])
            values["baseline"] = Baseline(**kept)
        if values["refusal"] is not None:
            kept = json.loads(values["refusal"])
            kept["errors"] = tuple((code, message) for code, message in kept["errors"])
            values["refusal"] = RecordedRefusal(**kept)
        for name in _DECIMALS:
            if values[name] is not None:
                values[name] = Decimal(values[name])
        return ChargeRecord(**values)
    except (ValueError, TypeError, KeyError, AttributeError, ArithmeticError, RecursionError) as error:
        raise DamagedRowError(f"its row of the key {values.get('key')!r} is damaged") from error
