"""What the tests of charges share: a sandbox, and journals in SQLite and in PostgreSQL."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from aig_billing_charges.sqlite_file import SqliteFile
from aig_billing_sandbox import Sandbox
from tests.charges.postgres import postgresql, postgresql_place
from tests.charges.stage import MovedJournal, Topups, Way, topups_of

__all__ = ["postgresql", "postgresql_place"]


@pytest.fixture(autouse=True)
def _journals_do_not_wait_for_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half of the time of these tests was the disk's. Nothing rests on it: processes are killed here, and not the machine."""
    connect = SqliteFile.connect

    def connect_without_waiting(file: SqliteFile) -> sqlite3.Connection:
        connection = connect(file)
        connection.execute("PRAGMA synchronous = OFF")
        return connection

    monkeypatch.setattr(SqliteFile, "connect", connect_without_waiting)


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a fresh journal can be: in each of the two databases."""
    if request.param == "sqlite":
        return str(tmp_path / "journal.db")
    found: str = request.getfixturevalue("postgresql_place")
    return found


@pytest.fixture
def journal(place: str) -> MovedJournal:
    return MovedJournal(place)


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture(params=["sync", "async"])
def way(request: pytest.FixtureRequest) -> Way:
    found: Way = request.param
    return found


@pytest.fixture
def topup(sandbox: Sandbox, way: Way) -> Iterator[Topups]:
    with topups_of(sandbox, way) as topups:
        yield topups
