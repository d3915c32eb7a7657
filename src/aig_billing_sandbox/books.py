"""The books: one SQLite database with its schema, its transactions and its settings."""

import sqlite3
import threading
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from aig_billing_sandbox.errors import BooksError
from aig_billing_sandbox.schema import MIGRATIONS

BUSY_SECONDS = 10.0


class Books:
    """One connection, one lock: every step on the books is a transaction, and one at a time.

    A file is opened in WAL mode with full synchronisation, so what was answered survives a killed process.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.path = path
        self._lock = threading.RLock()
        try:
            self._connection = self._open(path)
        except (sqlite3.Error, OSError) as error:
            raise BooksError(f"cannot use {path or 'memory'} as the sandbox's database: {error}") from error

    @staticmethod
    def _open(path: Path | None) -> sqlite3.Connection:
        connection = sqlite3.connect(
            ":memory:" if path is None else path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        try:
            connection.row_factory = sqlite3.Row
            connection.execute("PRAGMA foreign_keys = ON")
            if path is not None:
                connection.execute("PRAGMA journal_mode = WAL")
                connection.execute("PRAGMA synchronous = FULL")
            _migrate(connection, path)
        except BaseException:
            connection.close()
            raise
        return connection

    @contextmanager
    def writing(self) -> Generator[sqlite3.Connection]:
        """A transaction that is committed to disk when the block ends, or leaves no trace when it raises."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                # A full disk may have taken the transaction back already.
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    @contextmanager
    def reading(self) -> Generator[sqlite3.Connection]:
        """One consistent view of the books."""
        with self._lock:
            self._connection.execute("BEGIN")
            try:
                yield self._connection
            finally:
                self._connection.execute("ROLLBACK")

    def image(self) -> bytes:
        """The whole database as the bytes of an SQLite file."""
        with self._lock, closing(sqlite3.connect(":memory:")) as copy:
            self._connection.backup(copy)
            return _without_log(copy.serialize())

    def load(self, image: bytes) -> None:
        """Replaces everything by what `image` held, once it has proved to be books of this version."""
        with closing(sqlite3.connect(":memory:")) as source:
            try:
                source.deserialize(_without_log(image))
                version = _version(source)
            except sqlite3.Error as error:
                raise BooksError(f"this is no snapshot of a sandbox: {error}") from error
            if version != len(MIGRATIONS):
                raise BooksError(f"this snapshot has schema version {version}, not {len(MIGRATIONS)}")
            with self._lock:
                source.backup(self._connection)

    def close(self) -> None:
        """Closes the database; what was committed stays."""
        with self._lock:
            self._connection.close()


def setting(books: sqlite3.Connection, name: str, default: str = "") -> str:
    """Reads a setting that was kept with the books."""
    row = books.execute("SELECT value FROM settings WHERE name = ?", (name,)).fetchone()
    return default if row is None else str(row["value"])


def keep_setting(books: sqlite3.Connection, name: str, value: str) -> None:
    """Keeps a setting with the books."""
    books.execute(
        "INSERT INTO settings VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", (name, value)
    )


def _without_log(image: bytes) -> bytes:
    # Bytes 18 and 19 say that a write-ahead log lies beside the file; an image in memory has none and could not be opened.
    return image[:18] + b"\x01\x01" + image[20:]


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _migrate(connection: sqlite3.Connection, path: Path | None) -> None:
    """Brings the schema up to date, all or nothing; leaves alone what is not ours or is newer than we are."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        version = _version(connection)
        if version > len(MIGRATIONS):
            raise BooksError(
                f"{path} was written by a newer sandbox (schema {version}, known here: {len(MIGRATIONS)}): update aig-billing"
            )
        if version == 0 and connection.execute("SELECT 1 FROM sqlite_schema").fetchone():
            raise BooksError(f"{path} is a database of something else: choose another file")
        for number, script in enumerate(MIGRATIONS[version:], version + 1):
            for statement in _statements(script):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {number}")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _statements(script: str) -> Iterator[str]:
    # executescript() would commit the transaction that makes a migration all or nothing.
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
