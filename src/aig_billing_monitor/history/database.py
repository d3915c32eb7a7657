"""The database under the history: one SQLite file, or a PostgreSQL database, which may be the journal's."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Generator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVarTuple

from platformdirs import user_state_path
from sqlalchemy import Connection, Engine, Row, Select, Table, create_engine, event, insert, make_url, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool, QueuePool

from .tables import VERSION, metadata, versions

Columns = TypeVarTuple("Columns")
_SECONDS = 10
_LOCK = 0x41494748


class HistoryError(Exception):
    """The history cannot be used; the message says why, and what to do."""


class HistoryDatabase:
    """Opens the database, and makes its tables where there are none."""

    def __init__(self, place: str | os.PathLike[str] | None, *, pooled: bool = False) -> None:
        """Open a history.

        Args:
            place: A path of a file of SQLite, or a URL of PostgreSQL; `history.db` in this user's state directory where it is None.
            pooled: Whether connections to PostgreSQL are kept open, for programs that run many transactions; `close` ends them.

        Raises:
            HistoryError: When it cannot be used.
        """
        text = os.fspath(_default_place() if place is None else place)
        self.engine, self.name = _postgresql(text, pooled=pooled) if "://" in text else _sqlite(Path(text))
        self.is_postgresql = self.engine.dialect.name == "postgresql"
        with self.transaction() as connection:
            if self.is_postgresql:
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
            metadata.create_all(connection)
            found = list(connection.scalars(select(versions.c.version)))
            if not found:
                connection.execute(insert(versions).values(version=VERSION))
            elif found != [VERSION]:
                raise HistoryError(
                    f"the history at {self.name} has schema version {found[0]}, and this aig-billing knows {VERSION}: "
                    "use the one that wrote it, or a newer one"
                )

    def close(self) -> None:
        """Close the connections that are kept open."""
        self.engine.dispose()

    @contextlib.contextmanager
    def transaction(self) -> Generator[Connection]:
        """Run one transaction: committed when this ends without an error, else undone; an error of the database is a HistoryError."""
        try:
            with self.engine.begin() as connection:
                yield connection
        except (SQLAlchemyError, sqlite3.Error, OSError) as error:
            said = " ".join(str(getattr(error, "orig", None) or error).split())[:300]
            raise HistoryError(f"the history at {self.name} cannot be used: {said}") from error

    def read(self, chosen: Select[*Columns]) -> Sequence[Row[*Columns]]:
        """Run a query in a separate transaction."""
        with self.transaction() as connection:
            return connection.execute(chosen).all()

    def put(self, connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
        """Insert rows, replacing those with the same primary key."""
        if rows:
            statement = (postgresql.insert if self.is_postgresql else sqlite.insert)(table)
            changed = {name: statement.excluded[name] for name in rows[0] if not table.c[name].primary_key}
            keys = list(table.primary_key)
            connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=changed), rows)


def _default_place() -> Path:
    try:
        return user_state_path("aig-billing", appauthor=False) / "history.db"
    except RuntimeError:
        raise HistoryError("this user has no home directory for a history: name a place for it") from None


def _sqlite(path: Path) -> tuple[Engine, str]:
    path = path.expanduser().absolute()
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.exists():
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise HistoryError(f"the history at {path} cannot be made: {error.strerror}") from error
    engine = create_engine(
        f"sqlite+pysqlite:///{path}", poolclass=NullPool, hide_parameters=True, connect_args={"timeout": _SECONDS}
    )

    @event.listens_for(engine, "connect")
    def connect(connection: sqlite3.Connection, _record: object) -> None:
        # Transactions begin where they are said to, and are on disk when they end: what was reported must not be forgotten.
        connection.isolation_level = None
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine, str(path)


def _postgresql(text: str, *, pooled: bool) -> tuple[Engine, str]:
    scheme, _, rest = text.partition("://")
    if scheme.partition("+")[0] not in {"postgresql", "postgres"}:
        raise HistoryError(f"a history is a file, or in PostgreSQL (postgresql://user@host/db), not {scheme}://")
    try:
        url = make_url(f"postgresql+psycopg://{rest}")
    except ValueError:
        raise HistoryError("the URL of the history has a port that is not a number") from None
    try:
        engine = create_engine(
            url,
            poolclass=QueuePool if pooled else NullPool,
            pool_pre_ping=pooled,
            hide_parameters=True,
            connect_args={"connect_timeout": _SECONDS},
        )
    except ModuleNotFoundError as error:
        raise HistoryError(f"{error.name} is not installed: pip install 'psycopg[binary]'") from error
    return engine, url.render_as_string(hide_password=True)
