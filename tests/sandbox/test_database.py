"""The bank's database: what it refuses by itself, and what a file keeps."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from aig_billing_sandbox import Sandbox
from aig_billing_sandbox.bank.database import SCHEMA_VERSION, BankDatabase
from aig_billing_sandbox.errors import DatabaseError
from tests.sandbox.caller import without_socket


@pytest.fixture
def database(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """The file of a sandbox that has lived a little, opened by someone else."""
    file = tmp_path / "bank.db"
    with Sandbox(file) as sandbox:
        sandbox.use(10)
        without_socket(sandbox).post("topup", {"amount": 1000})
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute("PRAGMA foreign_keys = ON")
    yield connection
    connection.close()


REFUSED = """
UPDATE ledger_entries SET amount_millicents = 0 -- never changes
DELETE FROM ledger_entries -- never deleted
UPDATE usage_events SET quantity = 1 -- never changes
DELETE FROM usage_events -- never deleted
DELETE FROM invoices -- never deleted
UPDATE invoices SET credit_cents = 1 -- never change
UPDATE invoices SET status = 'void' WHERE status = 'paid' -- only an open invoice
INSERT INTO ledger_entries VALUES (:account, 3, 'adjustment', 5, 5, 0, NULL, NULL) -- plus its amount
INSERT INTO ledger_entries VALUES (:account, 9, 'adjustment', 5, 5, 0, NULL, NULL) -- plus its amount
INSERT INTO ledger_entries SELECT :account, 3, 'topup', 1000000, 3490000, 0, id, NULL FROM invoices WHERE status = 'open' -- credit of a paid invoice
INSERT INTO ledger_entries SELECT :account, 3, 'usage', -1, 2489999, 0, NULL, id FROM usage_events -- cost of a usage event
INSERT INTO ledger_entries SELECT :account, 3, 'topup', 2500000, 4990000, 0, id, NULL FROM invoices WHERE status = 'paid' -- UNIQUE constraint failed: ledger_entries.invoice_id
INSERT INTO payments (invoice_id, state, started_ms, ended_ms) SELECT id, 'succeeded', 0, 0 FROM invoices WHERE status = 'paid' -- UNIQUE constraint failed: payments.invoice_id
INSERT INTO spending_limits VALUES ('nobody', 100, 'daily', 'fixed') -- FOREIGN KEY
INSERT INTO spending_limits VALUES (:account, 99, 'daily', 'fixed') -- CHECK
INSERT INTO auto_topups (account_id, amount_cents, threshold_cents) VALUES (:account, 999, 500) -- CHECK
UPDATE payments SET state = 'succeeded' WHERE state = 'pending' -- CHECK
UPDATE cards SET is_default = 'yes' -- cannot store TEXT
""".strip().splitlines()  # noqa: E501 - a statement a line


@pytest.mark.parametrize("line", REFUSED)
def test_the_database_refuses_what_must_not_be(database: sqlite3.Connection, line: str) -> None:
    statement, why = line.split(" -- ")
    with pytest.raises(sqlite3.IntegrityError, match=why):
        database.execute(statement, {"account": Sandbox.account_id} if ":account" in statement else {})


def test_a_file_is_written_ahead_and_synchronised_in_full(tmp_path: Path) -> None:
    database = BankDatabase(tmp_path / "bank.db")
    with database.transaction() as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
        assert connection.execute("PRAGMA synchronous").fetchone()[0] == 2
        assert connection.execute("PRAGMA foreign_keys").fetchone()[0] == 1
    database.close()


def test_a_file_brings_everything_back(tmp_path: Path) -> None:
    file = tmp_path / "bank.db"
    with Sandbox(file) as first:
        first.advance(days=400)
        first.use(17)
        state, shown = first.state(), first.now
    with Sandbox(file) as second:
        assert second.state() == state
        assert (second.now - shown).total_seconds() < 5


def test_a_full_disk_is_reported_and_leaves_nothing_half_written(tmp_path: Path) -> None:
    with Sandbox(tmp_path / "bank.db") as sandbox:
        api = without_socket(sandbox)
        with sandbox.service.database.transaction() as connection:
            pages = connection.execute("PRAGMA page_count").fetchone()[0]
            connection.execute(f"PRAGMA max_page_count = {pages + 1}")
        statuses = [api.send("POST", "topup", json={"amount": 1000}).status_code for _ in range(60)]
        assert set(statuses) == {200, 500}
        with sandbox.service.database.transaction() as connection:
            connection.execute("PRAGMA max_page_count = 1000000")
        assert len(sandbox.state()["invoices"]) == 1 + statuses.count(200)
        api.post("topup", {"amount": 1000})
        sandbox.advance(seconds=2)
        assert sandbox.balance() == 2500 + 1000 * (statuses.count(200) + 1)


def test_a_snapshot_goes_into_a_file_too(tmp_path: Path) -> None:
    file = tmp_path / "bank.db"
    with Sandbox(file) as sandbox:
        snapshot = sandbox.snapshot()
        sandbox.use(100)
        sandbox.restore(snapshot)
        with sandbox.service.database.transaction() as connection:
            assert connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    with Sandbox(file) as sandbox:
        assert sandbox.balance() == 2500


def test_a_database_of_something_else_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "other.db"
    connection = sqlite3.connect(file)
    connection.execute("CREATE TABLE precious (thing)")
    connection.close()
    with pytest.raises(DatabaseError, match="not a database of the sandbox: choose another file"):
        Sandbox(file)
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("SELECT name FROM sqlite_schema").fetchall() == [("precious",)]


def test_a_file_of_another_version_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "bank.db"
    Sandbox(file).close()
    connection = sqlite3.connect(file)
    connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    connection.close()
    with pytest.raises(DatabaseError, match="another version of the sandbox"):
        Sandbox(file)


def test_a_file_that_is_not_a_database_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("not a database, but long enough to be taken for one\n" * 100)
    with pytest.raises(DatabaseError, match="file is not a database"):
        Sandbox(file)
    with pytest.raises(DatabaseError, match="unable to open"):
        Sandbox(tmp_path / "none" / "bank.db")
