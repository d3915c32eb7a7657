"""The database under the journal: how it is opened so that what was committed stays committed, and what can go wrong with it, in words."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import time
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Final
from urllib.parse import quote

from sqlalchemy import (
    URL,
    BigInteger,
    ColumnElement,
    Connection,
    Engine,
    cast,
    create_engine,
    event,
    extract,
    func,
    insert,
    inspect,
    make_url,
    select,
    text,
)
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from aig_billing_runtime.errors import JournalError

from .schema import APPLICATION_ID, VERSION, metadata, schema_versions

NOTHING_CHARGED: Final = "Nothing was charged."
WRITING: Final = "aig_billing_writing"
_ADVISORY_LOCK: Final = 0x41494742


class Database:
    """One SQLite file or one PostgreSQL database. Every transaction has a connection of its own: nothing is shared with forked children."""

    def __init__(self, place: Path | str, *, timeout: float) -> None:
        """Find out what is meant; nothing is opened yet.

        Args:
            place: A path, or a URL of SQLite or PostgreSQL.
            timeout: Seconds to wait for a lock.
        """
        self._timeout = timeout
        found = place if isinstance(place, Path) else _read_url(place)
        self._path = found if isinstance(found, Path) else None
        if isinstance(found, Path):
            self.name = str(found)
            self.engine = self._sqlite(found)
        else:
            self.name = found.render_as_string(hide_password=True)
            self.engine = self._postgresql(found)

    @property
    def is_sqlite(self) -> bool:
        """Whether this is SQLite, else PostgreSQL."""
        return self._path is not None

    def now_ms(self) -> ColumnElement[int]:
        """Give the expression for now, by the database's clock, in Unix milliseconds."""
        if self.is_sqlite:
            return cast((func.julianday("now") - 2440587.5) * 86_400_000, BigInteger)
        # now() would be the start of the transaction, which may have waited for a lock since.
        return cast(extract("epoch", func.clock_timestamp()) * 1000, BigInteger)

    @contextlib.contextmanager
    def transaction(self, *, write: bool) -> Generator[Connection]:
        """Run one transaction: committed to disk when this ends without an error, else undone.

        Raises:
            JournalError: When the database cannot do that.
        """
        with (
            self.as_journal_errors(),
            self.engine.connect().execution_options(**{WRITING: write}) as connection,
            connection.begin(),
        ):
            yield connection

    @contextlib.contextmanager
    def as_journal_errors(self) -> Generator[None]:
        """Turn the errors of databases and drivers into a JournalError that says what to do."""
        try:
            yield
        except (SQLAlchemyError, sqlite3.Error, OSError) as error:
            raise self.error(error) from error

    def error(self, error: Exception | str) -> JournalError:
        """Make the error for a database that cannot be used."""
        return JournalError(
            f"The journal of charges at {self.name} cannot be used: {_in_words(error)}. {NOTHING_CHARGED}"
        )

    def prepare(self) -> None:
        """Make the journal where there is none, and check the one that is there.

        Raises:
            JournalError: When it is damaged, of another version, or no journal at all.
        """
        if self._path is not None:
            self._make_file(self._path)
            self._retrying_while_locked(self._check_file)
        with self.transaction(write=True) as connection:
            if not self.is_sqlite:
                connection.execute(select(func.pg_advisory_xact_lock(_ADVISORY_LOCK)))
            self._check_schema(connection)

    def _check_schema(self, connection: Connection) -> None:
        tables = set(inspect(connection).get_table_names())
        if schema_versions.name not in tables:
            if self.is_sqlite and tables:
                raise self.error("it is another program's database; give the journal a file of its own")
            metadata.create_all(connection)
            connection.execute(insert(schema_versions).values(version=VERSION))
            if self.is_sqlite:
                connection.execute(text(f"PRAGMA application_id = {APPLICATION_ID}"))
            return
        versions = list(connection.scalars(select(schema_versions.c.version)))
        if versions != [VERSION]:
            shown = ", ".join(map(str, versions)) or "none"
            raise self.error(
                f"its schema version is {shown}, and this aig-billing knows {VERSION}: install the one that wrote it, or a newer one"
            )

    # SQLite

    def _sqlite(self, path: Path) -> Engine:
        # mode=rw: a journal that vanished while it was in use must be an error, not an empty new one.
        address = f"file:{quote(str(path))}?mode=rw"

        def connect() -> sqlite3.Connection:
            connection = sqlite3.connect(address, uri=True, timeout=self._timeout, isolation_level=None)
            try:
                connection.execute("PRAGMA synchronous = FULL")
                connection.execute("PRAGMA fullfsync = ON")
            except BaseException:
                connection.close()
                raise
            return connection

        engine = create_engine("sqlite+pysqlite://", creator=connect, poolclass=NullPool, hide_parameters=True)

        @event.listens_for(engine, "begin")
        def begin(connection: Connection) -> None:
            # IMMEDIATE: a transaction that reads and then writes must have the lock before it reads.
            writing = connection.get_execution_options().get(WRITING, True)
            connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

        return engine

    def _make_file(self, path: Path) -> None:
        with self.as_journal_errors():
            if path.is_dir():
                raise self.error("it is a folder; give the path of a file")
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            try:
                os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
            except FileExistsError:
                return
            if os.name == "posix":
                # The new file's name must survive a crash of the machine, too.
                folder = os.open(path.parent, os.O_RDONLY)
                try:
                    os.fsync(folder)
                finally:
                    os.close(folder)

    def _check_file(self) -> None:
        with self.engine.connect() as connection:
            # In a transaction neither could be asked.
            driver = connection.connection.driver_connection
            assert isinstance(driver, sqlite3.Connection)  # noqa: S101 - the driver is chosen above
            (mode,) = driver.execute("PRAGMA journal_mode = WAL").fetchone()
            if mode != "wal":
                raise self.error(f"its file system cannot hold a write-ahead log (journal mode {mode!r})")
            # A damaged index could hide a key that was used already.
            (found,) = driver.execute("PRAGMA quick_check(1)").fetchone()
            if found != "ok":
                raise self.error(f"it is damaged ({found})")

    def _retrying_while_locked(self, work: Callable[[], None]) -> None:
        """Try again while the file is locked: SQLite does not always wait by itself when a write-ahead log is set up or recovered."""
        give_up = time.monotonic() + self._timeout
        while True:
            try:
                with self.as_journal_errors():
                    return work()
            except JournalError as error:
                if "locked" not in str(error.__cause__) or time.monotonic() > give_up:
                    raise
                time.sleep(0.01)

    # PostgreSQL

    def _postgresql(self, url: URL) -> Engine:
        try:
            engine = create_engine(
                url,
                poolclass=NullPool,
                hide_parameters=True,
                isolation_level="READ COMMITTED",
                connect_args=self._libpq_timeouts() if "psycopg" in url.drivername else {},
            )
        except ModuleNotFoundError as error:
            raise self.error(f"its driver {error.name} is not installed: pip install 'psycopg[binary]'") from error

        @event.listens_for(engine, "begin")
        def begin(connection: Connection) -> None:
            milliseconds = round(self._timeout * 1000)
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = {milliseconds}")
            connection.exec_driver_sql(f"SET LOCAL statement_timeout = {milliseconds + 5000}")
            connection.exec_driver_sql(
                "SELECT set_config('synchronous_commit', 'on', true) WHERE current_setting('synchronous_commit') = 'off'"
            )

        return engine

    def _libpq_timeouts(self) -> dict[str, int]:
        # The second one ends a wait on a server that is gone without a word, which no timeout of the server's could.
        return {
            "connect_timeout": max(2, round(self._timeout)),
            "tcp_user_timeout": round(self._timeout * 1000) + 5000,
        }


def _read_url(place: str) -> URL | Path:
    try:
        url = make_url(place.replace("postgres://", "postgresql://", 1) if place.startswith("postgres://") else place)
        driver = url.get_dialect().driver if "+" in url.drivername else ""
    except (ArgumentError, NoSuchModuleError):
        scheme = place.partition("://")[0][:40]
        raise JournalError(
            f"journal is not a database URL that can be used ({scheme}://...). {NOTHING_CHARGED}"
        ) from None
    if url.get_backend_name() not in {"sqlite", "postgresql"}:
        raise JournalError(
            f"a journal is kept in SQLite or PostgreSQL, not in {url.get_backend_name()}: what it promises has been shown for these two "
            f"only. {NOTHING_CHARGED}"
        )
    if driver in {"asyncpg", "aiosqlite", "psycopg_async"}:
        raise JournalError(
            f"the journal wants a synchronous driver, not {driver} (the asynchronous client runs it in a thread): leave the driver out of "
            f"the URL. {NOTHING_CHARGED}"
        )
    if url.get_backend_name() == "sqlite":
        return _path_in(url)
    return url.set(drivername="postgresql+psycopg") if url.drivername == "postgresql" else url


def _path_in(url: URL) -> Path:
    if url.database in {None, "", ":memory:"} or url.query:
        raise JournalError(
            "a journal in SQLite is a file, and its URL says nothing else: sqlite:////absolute/path.db, or just the path. "
            f"{NOTHING_CHARGED}"
        )
    return Path(str(url.database)).expanduser().absolute()


def _in_words(error: Exception | str) -> str:
    if isinstance(error, str):
        return error
    said = str(error.orig if isinstance(error, DBAPIError) and error.orig is not None else error).strip()
    said = " ".join(said.split()).rstrip(".")[:300]
    for sign, advice in _ADVICE:
        if sign in said.lower():
            return f"{said}: {advice}"
    return said or type(error).__name__


_ADVICE = (
    ("is full", "make room on its disk"),
    ("no space left", "make room on its disk"),
    ("disk i/o error", "is its disk full, or failing?"),
    ("readonly", "let this user write the file and its folder"),
    ("read-only", "give a database that can be written"),
    ("permission denied", "let this user write there"),
    ("locked", "another program has held it for too long"),
    ("lock timeout", "another program has held it for too long"),
    ("not a database", "the file is not a journal, or is damaged"),
    ("malformed", "the file is damaged"),
    ("unable to open", "is its folder there, and may this user write in it?"),
    ("no such table", "it was replaced while it was in use"),
    ("connection refused", "is the database server running, and is its address right?"),
)
