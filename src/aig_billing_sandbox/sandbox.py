"""The sandbox in Python: books, controls, and two doors, a loopback socket and an httpx transport."""

import threading
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Literal, Self

from aig_billing_sandbox.books import Books
from aig_billing_sandbox.control import Control
from aig_billing_sandbox.extra import needing_the_extra
from aig_billing_sandbox.front_door import RateLimit
from aig_billing_sandbox.furnishing import Furnishing
from aig_billing_sandbox.task import Behaviour, Mode
from aig_billing_sandbox.topups import Pace

if TYPE_CHECKING:
    from aig_billing_sandbox.listening import ServerThread
    from aig_billing_sandbox.transport import SandboxTransport

BASE_PATH = "/client/v4"


class Sandbox(Control):
    """The billing API on this machine.

    Args:
        db: an SQLite file for the books, made when it is not there; None keeps them in memory.
        mode: `documented` does what the documents say; `live` what the service is known to do (setting a spending limit is
            refused as deprecated, usage history wants both bounds).
        seed: `demo` fills empty books with a month of plausible usage and invoices.
        settles_after: how long a payment takes to settle.
        rate_limit: `QUOTA/SECONDS` refuses requests beyond it with 429.
        now: what the clock shows at the start; None is the time of this machine.
        host: the loopback address to listen on, once `base_url` is first read.
        port: the port to listen on; 0 is any free one.
    """

    def __init__(
        self,
        db: Path | str | None = None,
        *,
        mode: Mode = "documented",
        seed: Literal["demo"] | None = None,
        settles_after: timedelta = timedelta(seconds=2),
        rate_limit: str | None = None,
        now: datetime | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
    ) -> None:
        pace = Pace(settles_after_ms=settles_after // timedelta(milliseconds=1))
        limit = RateLimit() if rate_limit is None else RateLimit.parse(rate_limit)
        books = Books(None if db is None else Path(db))
        try:
            super().__init__(books, Furnishing(seed, now), Behaviour(mode, pace), limit)
        except BaseException:
            books.close()
            raise
        self._host = host
        self._port = port
        self._server: ServerThread | None = None
        self._opening = threading.Lock()
        self._closed = False

    @property
    def base_url(self) -> str:
        """The API's base URL, such as `http://127.0.0.1:8787/client/v4`; the socket opens when this is first read."""
        return self._listening().origin + BASE_PATH

    @property
    def control_url(self) -> str:
        """Where the same controls are found over HTTP."""
        return self._listening().origin + "/_sandbox"

    def transport(self) -> "SandboxTransport":
        """A transport for `Client`, `AsyncClient` and httpx's own clients, without a socket."""
        from aig_billing_sandbox.transport import SandboxTransport

        return SandboxTransport(self._service, lambda: self._closed)

    def restart(self) -> None:
        """Breaks every connection and listens again on the same port, as a restarted server would."""
        with self._opening:
            if self._server is None:
                return
            self._server.stop()
            self._port = self._server.port
            self._server = None
        self._listening()

    def close(self) -> None:
        """Closes the socket and the books; what a file holds stays there."""
        with self._opening:
            if self._closed:
                return
            self._closed = True
            if self._server is not None:
                self._server.stop()
        self._books.close()

    def _listening(self) -> "ServerThread":
        with self._opening:
            if self._closed:
                raise RuntimeError("this sandbox is closed")
            if self._server is None:
                with needing_the_extra():
                    from aig_billing_sandbox.app import sandbox_app
                    from aig_billing_sandbox.listening import ServerThread

                self._server = ServerThread(sandbox_app(self), self._host, self._port)
            return self._server

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        where = self._server.origin if self._server is not None else "no socket yet"
        return f"<Sandbox {where}, {self._service.behaviour.mode}, books in {self._books.path or 'memory'}>"
