"""The database under the journal: how it is opened so that what was committed stays committed, and what can go wrong with it, in words."""

from __future__ import annotations

import contextlib
import os
import re
import sqlite3
import weakref
from collections.abc import Generator, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import ArgumentError, SQLAlchemyError, StatementError
from sqlalchemy.pool import NullPool

from aig_billing_runtime.errors import JournalError
from aig_billing_runtime.steps import forget_frames

from .journal_url import DatabaseURL, absolute_path
from .schema import (
    APPLICATION_ID,
    FROM_VERSION_1,
    VERSION,
    DamagedRowError,
    accounts,
    charges,
    metadata,
    schema_versions,
)
from .sqlite_file import SqliteFile, UnusableFileError

if TYPE_CHECKING:
    import psycopg

_WRITING: Final = "aig_billing_writing"
_ADVISORY_LOCK: Final = 0x41494742
_SCHEMA_OF_NEW_TABLES: Final = "public"
_SECONDS_KEPT: Final = 5
"""How old a connection to PostgreSQL may be used again: about as long as a charge takes.

A server that has stopped since would be waited for without an end; connecting has one.
"""
_SHOWN_OF_URLS: Final = frozenset(
    {"host", "hostaddr", "port", "dbname", "user", "service", "sslmode", "application_name", "connect_timeout"}
)
"""What a URL's query may hold and is no secret."""

_ids_here: dict[str, str] = {}
"""The ids of the journals that this process has used, by their names."""
_versions_here: dict[tuple[str, str], int] = {}
"""The highest version of each account that this process has seen, by journal and account; it falls only if an old copy is put back."""


class Database:
    """One SQLite file, opened for each transaction, or one PostgreSQL database, to which each process keeps one connection."""

    def __init__(self, place: Path | DatabaseURL, *, timeout: float) -> None:
        """Find out what is meant; nothing is opened yet. `timeout` is how many seconds to wait for a lock."""
        self._timeout = timeout
        self._file: SqliteFile | None = None
        self._url: sa.URL | None = None
        self._schema: str | None = None
        """The schema of the tables, in PostgreSQL, once it is known."""
        found = place if isinstance(place, Path) else _read_url(os.fspath(place))
        self.is_sqlite = isinstance(found, Path)
        if isinstance(found, Path):
            self.name = os.fsencode(found).decode(errors="backslashreplace")
            self._file = SqliteFile(found, timeout)
            self.engine = _sqlite(self._file)
        else:
            self.name = _shown(found)
            self._url = found
            self.engine = self._postgresql(found)

    def now_ms(self) -> sa.ColumnElement[int]:
        """Return the expression for now, by the database's clock, in Unix milliseconds."""
        if self.is_sqlite:
            return sa.cast((sa.func.julianday("now") - 2440587.5) * 86_400_000, sa.BigInteger)
        # now() would be the start of the transaction, which may have waited for a lock since.
        return sa.cast(sa.extract("epoch", sa.func.clock_timestamp()) * 1000, sa.BigInteger)

    @contextlib.contextmanager
    def transaction(self, *, write: bool) -> Generator[sa.Connection]:
        """Run one transaction: committed to disk when this ends without an error, else undone."""
        options: dict[str, Any] = {_WRITING: write, "schema_translate_map": {None: self._schema}}
        with (
            self.as_journal_errors(),
            contextlib.nullcontext() if self._file is None else self._file.held(),
            self._engine_here().connect().execution_options(**options) as connection,
            connection.begin(),
        ):
            yield connection

    def _engine_here(self) -> sa.Engine:
        """Give this process's engine: where the C library forked, as some servers do, no hook of Python's has made a new one."""
        if self._url is not None and self._process != os.getpid():
            self.close()
            self.engine = self._postgresql(self._url)
        return self.engine

    def close(self) -> None:
        """Close what is kept of PostgreSQL, as happens by itself at the end; in a forked child, leave it to the parent."""
        if self._url is not None:
            self._finalizer()

    @contextlib.contextmanager
    def as_journal_errors(self) -> Generator[None]:
        """Turn the errors of databases, drivers and files into a JournalError that says what to do."""
        try:
            yield
        except (SQLAlchemyError, sqlite3.Error, OSError, UnusableFileError, DamagedRowError, OverflowError) as error:
            # The frames and the errors of drivers hold passwords.
            forget_frames(error)
            raise self.error(error) from _without_connection(error)

    def error(self, error: Exception | str) -> JournalError:
        """Make the error for a database that cannot be used."""
        return JournalError(f"The journal of charges at {self.name} cannot be used: {_in_words(error)}.")

    def prepare(self) -> None:
        """Make the journal where there is none, and check the one that is there."""
        if self._file is not None:
            with self.as_journal_errors():
                self._file.prepare()
        with self.transaction(write=True) as connection:
            if self._file is not None:
                self._file.check(_driver_of(connection))
            else:
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_ADVISORY_LOCK)))
                self._schema = self._schema_of_tables(connection)
                connection.execution_options(schema_translate_map={None: self._schema})
            self._check_schema(connection)

    def backup(self, target: Path) -> None:
        """Write all that the journal holds to a new journal in an SQLite file."""
        with self.as_journal_errors():
            os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        try:
            with self.transaction(write=False) as source:
                if self._file is None:
                    self._copy_rows(source, Database(target, timeout=self._timeout))
                else:
                    with contextlib.closing(sqlite3.connect(target)) as file:
                        _driver_of(source).backup(file)
        except BaseException:
            target.unlink()
            raise
        finally:
            Path(f"{target}-journal").unlink(missing_ok=True)

    def _copy_rows(self, source: sa.Connection, copy: Database) -> None:
        copy.prepare()
        with copy.transaction(write=True) as connection:
            for table in (accounts, charges):
                rows = source.execution_options(yield_per=1000).execute(sa.select(table))
                for part in rows.mappings().partitions():
                    connection.execute(sa.insert(table), [dict(row) for row in part])

    def _check_schema(self, connection: sa.Connection) -> None:
        tables = set(sa.inspect(connection).get_table_names(schema=self._schema))
        if schema_versions.name not in tables:
            if self.is_sqlite and tables:
                raise self.error("it is another program's database; give the journal its own file")
            if self.name in _ids_here:
                raise self.error("its tables were there and are gone; what was charged is not known without them")
            if charges.name in tables:
                raise self.error(f"its table {schema_versions.name} is missing")
            metadata.create_all(connection)
            connection.execute(sa.insert(schema_versions).values(version=VERSION, journal_id=os.urandom(16).hex()))
            if self.is_sqlite:
                connection.execute(sa.text(f"PRAGMA application_id = {APPLICATION_ID}"))
        versions = list(connection.scalars(sa.select(schema_versions.c.version)))
        if versions == [1]:
            self._migrate(connection)
        elif versions != [VERSION]:
            shown = ", ".join(map(str, versions)) or "none"
            raise self.error(
                f"its schema version is {shown}, and this aig-billing knows {VERSION}: install the one that wrote it, or a newer one"
            )
        self.check_identity(list(connection.scalars(sa.select(schema_versions.c.journal_id))))

    def check_identity(self, ids: Sequence[str | None]) -> None:
        """Check that this is the journal that this process has used by this name before."""
        if len(ids) != 1 or _ids_here.setdefault(self.name, str(ids[0])) != ids[0]:
            raise self.error(
                "another journal has taken its place since this process used it, and what was charged is in the old one"
            )

    def check_version(self, account_id: str, version: int) -> None:
        """Check that the journal is no older than what this process has seen of it: no copy was put in its place."""
        account = (self.name, account_id)
        if version < _versions_here.setdefault(account, version):
            raise self.error(
                "an older copy has taken its place since this process used it, and what was charged since is not in it: put the newest one "
                "back, or start again with new keys, in a new process"
            )
        _versions_here[account] = version

    def _migrate(self, connection: sa.Connection) -> None:
        """Bring the tables of version 1 to this version; the rows stay as they are."""
        for statement in FROM_VERSION_1:
            connection.execute(sa.text(statement.format(schema=f'"{self._schema}".' if self._schema else "")))
        for index in charges.indexes:
            index.create(connection)
        connection.execute(sa.update(schema_versions).values(version=VERSION, journal_id=os.urandom(16).hex()))

    def _postgresql(self, url: sa.URL) -> sa.Engine:
        # SQLAlchemy shows what a URL's query holds.
        hidden = {name: value for name, value in url.query.items() if name not in _SHOWN_OF_URLS}
        milliseconds = round(self._timeout * 1000)
        # The second one ends a wait on a server that is gone without a word, which no timeout of the server's could.
        timeouts = {"connect_timeout": max(2, round(self._timeout)), "tcp_user_timeout": milliseconds + 5000}
        try:
            engine = sa.create_engine(
                url.difference_update_query(hidden),
                pool_size=1,
                max_overflow=-1,
                pool_recycle=_SECONDS_KEPT,
                pool_pre_ping=True,
                hide_parameters=True,
                isolation_level="READ COMMITTED",
                # Behind a pool of connections, as PgBouncer is, the next transaction may not find what was prepared.
                connect_args={"prepare_threshold": None, **timeouts, **hidden},
            )
        except ModuleNotFoundError as error:
            raise self.error(f"{error.name} is not installed: pip install 'psycopg[binary]'") from error
        connections: weakref.WeakSet[psycopg.Connection] = weakref.WeakSet()
        self._process = os.getpid()
        self._finalizer = weakref.finalize(self, _close, engine, connections, self._process)

        @event.listens_for(engine, "connect")
        def connect(connection: psycopg.Connection, _record: object) -> None:
            connections.add(connection)

        @event.listens_for(engine, "begin")
        def begin(connection: sa.Connection) -> None:
            connection.exec_driver_sql(
                f"SELECT set_config('lock_timeout', '{milliseconds}', true),"
                f" set_config('statement_timeout', '{milliseconds + 5000}', true),"
                " CASE current_setting('synchronous_commit') WHEN 'off' THEN set_config('synchronous_commit', 'on', true) END"
            )

        return engine

    def _schema_of_tables(self, connection: sa.Connection) -> str:
        """Find the one schema of the database that has the tables, for every role and search path; new ones go to `public`."""
        found = list(
            connection.execute(
                sa.text(
                    "SELECT nspname, bool_or(relpersistence = 'u') "
                    "FROM pg_catalog.pg_class JOIN pg_catalog.pg_namespace n ON n.oid = relnamespace "
                    "WHERE relname IN (:versions, :charges) AND relkind IN ('r', 'p') AND relpersistence <> 't' GROUP BY 1 ORDER BY 1"
                ),
                {"versions": schema_versions.name, "charges": charges.name},
            )
        )
        if len(found) > 1:
            names = ", ".join(name for name, _ in found)
            raise self.error(
                f"this database has tables of a journal in {len(found)} schemas ({names}), and a key would be charged in "
                "each: keep those that everybody is to use, and move the others' to another database"
            )
        for name, unlogged in found:
            if unlogged:
                raise self.error(
                    f"its tables in {name} are unlogged, and a crash would empty them: ALTER TABLE ... SET LOGGED"
                )
        return str(found[0][0]) if found else _SCHEMA_OF_NEW_TABLES


def _sqlite(file: SqliteFile) -> sa.Engine:
    engine = sa.create_engine("sqlite+pysqlite://", creator=file.connect, poolclass=NullPool, hide_parameters=True)

    @event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        # IMMEDIATE: a transaction that reads and then writes must have the lock before it reads.
        writing = connection.get_execution_options().get(_WRITING, True)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine


def _close(engine: sa.Engine, connections: Iterable[psycopg.Connection], process: int) -> None:
    """Close what is kept; in a forked child without a word to the server, where the parent's session goes on.

    There the pool is not asked: a thread that the child does not have may hold its lock, or a connection, which must stay as it is.
    """
    if process == os.getpid():
        engine.dispose()
        return
    with Path(os.devnull).open("rb") as nothing:
        for connection in connections:
            if not connection.closed:
                os.dup2(nothing.fileno(), connection.fileno(), inheritable=False)
                if connection.info.transaction_status.name == "IDLE":
                    connection.close()


def _driver_of(connection: sa.Connection) -> sqlite3.Connection:
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)  # noqa: S101 - the driver is chosen above
    return driver


def _shown(url: sa.URL) -> str:
    """Write a URL without its passwords, which may also stand in its query: of that only what is known to be none."""
    hidden = {name: "***" for name in url.query if name not in _SHOWN_OF_URLS}
    return url.update_query_dict(hidden).render_as_string(hide_password=True).replace("%2A%2A%2A", "***")


def _read_url(place: str) -> sa.URL | Path:
    """Read a database URL; PostgreSQL is spoken to by psycopg, whichever driver the URL names."""
    with contextlib.suppress(ArgumentError, ValueError):
        url = sa.make_url(place)
        backend = url.get_backend_name()
        if backend in {"postgresql", "postgres"} and "@" not in (url.host or ""):
            return url.set(drivername="postgresql+psycopg")
        if backend == "sqlite" and url.database not in {None, "", ":memory:"} and not url.query:
            return absolute_path(str(url.database), "journal")
    raise JournalError(
        "journal is neither an absolute path nor a database URL that can be used. A journal is kept in PostgreSQL: "
        "postgresql://user@host/db, with an '@' in user or password written as %40; or in an SQLite file: "
        "sqlite:////absolute/path.db, or just the path."
    )


def _original(error: Exception) -> BaseException:
    """Give the driver's own error, where SQLAlchemy's stands before it."""
    return error.orig if isinstance(error, StatementError) and error.orig is not None else error


def _without_connection(error: Exception) -> BaseException:
    """Copy an error without what it was about: psycopg's holds the connection, and that the password."""
    original = _original(error)
    try:
        return type(original)(str(original))
    except TypeError:
        return error


def _in_words(error: Exception | str) -> str:
    if isinstance(error, (str, UnusableFileError, DamagedRowError)):
        return str(error)
    # PostgreSQL adds the statement, and what is in a row.
    said = re.split(r"\s(?:LINE \d+:|DETAIL:|HINT:)", str(_original(error)).strip(), maxsplit=1)[0]
    said = " ".join(said.split()).rstrip(".")[:300]
    for signs, advice in _ADVICE:
        if re.search(signs, said, re.IGNORECASE):
            return f"{said}: {advice}"
    return said or type(error).__name__


_ADVICE = (
    ("is full|no space left", "make room on its disk"),
    ("disk i/o error", "is its disk full, or failing?"),
    ("readonly", "let this user write the file and its folder"),
    ("read-only", "give a database that can be written"),
    ("permission denied", "let this user write there"),
    ("locked|lock timeout", "another program has held it for too long"),
    ("not a database", "the file is not a journal, or is damaged"),
    ("malformed", "the file is damaged"),
    ("unable to open", "is its folder there, and may this user write in it?"),
    ("no such table|does not exist", "it was replaced while it was in use"),
    ("connection refused", "is the database server running, and is its address right?"),
)
