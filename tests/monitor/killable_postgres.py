"""A PostgreSQL server that a test can kill (SIGKILL, all of its processes) and start again on the same port and folder."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.charges import postgres


class KillablePostgres:
    """A server of the test's own, on loopback, gone with the block."""

    def __init__(self) -> None:
        self._user = postgres._user()
        self._folder = Path(tempfile.mkdtemp(prefix="aig-billing-postgres-"))
        self._process: subprocess.Popen[Any] | None = None
        self._port = postgres._free_port()
        self.url = f"postgresql://tester@127.0.0.1:{self._port}/postgres"

    def start(self) -> None:
        log = self._folder / "log"
        log.write_bytes(b"")
        if self._user is not None:
            os.chown(log, *self._user)
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                [
                    *(postgres._binary("postgres") or "", "-D", str(self._folder / "db"), "-p", str(self._port)),
                    *("-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="),
                    *("-c", "max_connections=100", "-c", "fsync=off"),
                ],
                stdout=output,
                stderr=output,
                cwd=self._folder,
                start_new_session=True,
                preexec_fn=postgres._end_with_parent,  # noqa: PLW1509 - one system call, which takes no lock
                **postgres._as(self._user),
            )
        postgres._wait_for(self._port, self._process, log)

    def kill(self) -> None:
        """Kill the server with all of its processes, which are their own group."""
        assert self._process is not None
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def __enter__(self) -> Self:
        if self._user is not None:
            os.chown(self._folder, *self._user)
        postgres._run(
            ["initdb", "-D", str(self._folder / "db"), "-U", "tester", "-A", "trust", "-N", "--no-instructions"],
            self._user,
        )
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.kill()
        shutil.rmtree(self._folder, ignore_errors=True)
