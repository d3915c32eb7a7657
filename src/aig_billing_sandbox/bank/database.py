"""The bank's SQLite database: its schema, its transactions, and a table of settings that survive a restart."""

import sqlite3
import threading
from collections.abc import Generator
from contextlib import closing, contextmanager
from importlib.resources import files
from pathlib import Path

from aig_billing_sandbox.errors import DatabaseError

SCHEMA_VERSION = 2
BUSY_SECONDS = 10.0


class BankDatabase:
    """One connection and one lock: everything is done in transactions, one at a time.

    A file is opened in WAL mode with full synchronisation, so that what was answered survives a killed process.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.path = path
        self._lock = threading.RLock()
        try:
            self._connection = _open(path)
        except sqlite3.Error as error:
            raise DatabaseError(f"cannot use {path or 'memory'} as the sandbox's database: {error}") from error

    @contextmanager
    def transaction(self) -> Generator[sqlite3.Connection]:
        """A transaction that is on disk when the block ends, or leaves no trace when it raises."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                # SQLite rolls back by itself when the disk is full.
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    def image(self) -> bytes:
        """The whole database as the bytes of an SQLite file."""
        with self._lock, closing(sqlite3.connect(":memory:")) as copy:
            self._connection.backup(copy)
            return _without_wal(copy.serialize())

    def load(self, image: bytes) -> None:
        """Replaces the content by an `image`; raises DatabaseError if that is not from this version of the sandbox."""
        with closing(sqlite3.connect(":memory:")) as source:
            try:
                source.deserialize(_without_wal(image))
                version = _version(source)
            except sqlite3.Error as error:
                raise DatabaseError(f"this is not a snapshot of a sandbox: {error}") from error
            if version != SCHEMA_VERSION:
                raise DatabaseError(f"this snapshot has schema version {version}, not {SCHEMA_VERSION}")
            with self._lock:
                source.backup(self._connection)

    def close(self) -> None:
        """Closes the database; what was committed stays."""
        with self._lock:
            self._connection.close()


def get_setting(db: sqlite3.Connection, name: str) -> str:
    """Reads a setting; empty if it was never stored."""
    row = db.execute("SELECT value FROM settings WHERE name = ?", (name,)).fetchone()
    return "" if row is None else str(row["value"])


def set_setting(db: sqlite3.Connection, name: str, value: str) -> None:
    """Stores a setting."""
    db.execute("INSERT OR REPLACE INTO settings VALUES (?, ?)", (name, value))


def _open(path: Path | None) -> sqlite3.Connection:
    """Opens a database, and creates the tables in an empty one, all or none; raises DatabaseError for one that is not ours."""
    connection = sqlite3.connect(
        ":memory:" if path is None else path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
    )
    try:
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA foreign_keys = ON")
        if path is not None:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
        version = _version(connection)
        if version not in {0, SCHEMA_VERSION}:
            other = f"another version of the sandbox (schema {version}, here {SCHEMA_VERSION})"
            raise DatabaseError(f"{path} was written by {other}: choose another file")
        if version == 0 and connection.execute("SELECT 1 FROM sqlite_schema").fetchone():
            raise DatabaseError(f"{path} is not a database of the sandbox: choose another file")
        if version == 0:
            schema = files("aig_billing_sandbox.bank").joinpath("schema.sql").read_text(encoding="utf-8")
            connection.executescript(f"BEGIN IMMEDIATE; {schema}; PRAGMA user_version = {SCHEMA_VERSION}; COMMIT;")
    except BaseException:
        connection.close()
        raise
    return connection


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _without_wal(image: bytes) -> bytes:
    # Bytes 18 and 19 say that a write-ahead log lies beside the file, and a database in memory cannot have one.
    return image[:18] + b"\x01\x01" + image[20:]
