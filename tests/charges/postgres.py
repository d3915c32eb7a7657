"""A PostgreSQL server of the tests' own: on loopback, in a temporary folder, gone with the process that started it."""

import contextlib
import ctypes
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

import psycopg
import pytest
from psycopg import sql

_PREFIX = "aig-billing-postgres-"
_FOLDERS = ("", *(str(folder) for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)))


def why_not() -> str | None:
    """Say why no server can be started; None when one can."""
    if sys.platform == "win32":
        return "PostgreSQL is started here on POSIX systems only"
    missing = [name for name in ("initdb", "postgres") if _binary(name) is None]
    if missing:
        return f"PostgreSQL's {' and '.join(missing)} not found: apt-get install postgresql"
    return None


def _binary(name: str) -> str | None:
    return next((found for folder in _FOLDERS if (found := shutil.which(name, path=folder or None))), None)


class PostgresServer:
    """A server on loopback in a temporary folder; it can be killed and started again."""

    def __init__(self, parent: Path | None = None) -> None:
        self._user = _user()
        self._folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=parent))
        self._process: subprocess.Popen[Any] | None = None
        self._port = _free_port()
        self.url = f"postgresql://tester@127.0.0.1:{self._port}/postgres"

    def __enter__(self) -> Self:
        if self._user is not None:
            os.chown(self._folder, *self._user)
        data = str(self._folder / "db")
        _run(["initdb", "-D", data, "-U", "tester", "-A", "trust", "-N", "--no-instructions"], self._user)
        self._start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)
            try:
                self._process.wait(20)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)

    @property
    def pid(self) -> int:
        """The server's first process."""
        assert self._process is not None
        return self._process.pid

    def kill(self) -> None:
        """Kill the server with SIGKILL."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def start(self) -> None:
        """Start a server that was killed, on what it has left."""
        give_up = time.monotonic() + 60
        while True:
            # Its processes notice that it is gone, and end; the next server refuses to start before.
            with contextlib.suppress(RuntimeError):
                return self._start()
            if time.monotonic() > give_up:
                raise RuntimeError("PostgreSQL did not start again")
            time.sleep(0.1)

    def _start(self) -> None:
        command = [
            *(_binary("postgres") or "", "-D", str(self._folder / "db"), "-p", str(self._port)),
            *("-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="),
            # It is processes that are killed here and not the machine, so nothing rests on its disk.
            *("-c", "fsync=off", "-c", "full_page_writes=off", "-c", "max_connections=100"),
        ]
        with (self._folder / "log").open("wb") as log:
            self._process = subprocess.Popen(
                command,
                stdout=log,
                stderr=log,
                cwd=self._folder,
                preexec_fn=_end_with_parent,  # noqa: PLW1509 - one system call, which takes no lock
                **_as(self._user),
            )
        _wait_for(self._port, self._process, self._folder / "log")


@contextlib.contextmanager
def server(parent: Path | None = None) -> Iterator[str]:
    """Run a server with its files below the parent folder, and give the URL of its database."""
    with PostgresServer(parent) as running:
        yield running.url


def new_database(url: str) -> str:
    """Make a database in the server, and give its URL."""
    name = f"test_{secrets.token_hex(6)}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {} STRATEGY file_copy").format(sql.Identifier(name)))
    return f"{url.rpartition('/')[0]}/{name}"


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The URL of a server, for a `conftest.py` to import."""
    reason = why_not()
    if reason is not None:
        pytest.skip(reason)
    # A database is 8 MB, and there are some hundreds: on a disk, copying them takes as long as the tests that use them.
    memory = Path("/dev/shm")
    for left in memory.glob(f"{_PREFIX}*"):
        # A run that was killed has left it, and memory is dearer than disk.
        if not (left / "db" / "postmaster.pid").exists() and time.time() - left.stat().st_mtime > 600:
            shutil.rmtree(left, ignore_errors=True)
    has_room = memory.is_dir() and shutil.disk_usage(memory).free > 8_000_000_000
    with server(memory if has_room else None) as url:
        yield url


@pytest.fixture
def postgresql_place(postgresql: str) -> str:
    """A new database in the test server."""
    return new_database(postgresql)


def _user() -> tuple[int, int] | None:
    """Give whom to run it as: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            found = pwd.getpwnam(name)
            return found.pw_uid, found.pw_gid
    return None


def _as(user: tuple[int, int] | None) -> dict[str, Any]:
    return {} if user is None else {"user": user[0], "group": user[1], "extra_groups": []}


def _run(command: list[str], user: tuple[int, int] | None) -> None:
    whole = [_binary(command[0]) or "", *command[1:]]
    done = subprocess.run(whole, capture_output=True, text=True, check=False, cwd="/", **_as(user))
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed: {done.stderr}")


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


def _wait_for(port: int, process: "subprocess.Popen[Any]", log: Path) -> None:
    give_up = time.monotonic() + 60
    while time.monotonic() < give_up and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            if b"ready to accept connections" in log.read_bytes():
                return
        time.sleep(0.02)
    raise RuntimeError(f"PostgreSQL did not start: {log.read_text(errors='replace')[-2000:]}")


def _end_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGINT)
