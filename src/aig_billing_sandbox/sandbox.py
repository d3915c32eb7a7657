"""The sandbox in Python: its controls, and two ways to reach its API, a loopback socket and an httpx transport."""

import tempfile
import threading
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, cast

from aig_billing_sandbox.bank.database import BankDatabase
from aig_billing_sandbox.bank.fixtures import Seed
from aig_billing_sandbox.control.control import Control
from aig_billing_sandbox.http.context import Mode, Settings
from aig_billing_sandbox.http.messages import BASE_PATH
from aig_billing_sandbox.http.rate_limit import RateMeter
from aig_billing_sandbox.optional import requires_extra

if TYPE_CHECKING:
    from aig_billing import Client

    from aig_billing_sandbox.http.server import ServerThread
    from aig_billing_sandbox.http.transport import SandboxTransport


class Sandbox(Control):
    """The billing API on this machine.

    Args:
        db: an SQLite file for accounts and ledger, made when it is not there; None keeps them in memory.
        mode: `live` answers as the service is known to (a fee of 5 % on purchases of credit, auto top-up is set in the dashboard
            alone, spending limits cannot be set, usage history wants both bounds); `documented` as its documents say.
        seed: `demo` fills an empty database with forty days of plausible usage and invoices.
        settles_after: how long a payment takes to settle.
        rate_limit: `QUOTA/SECONDS` refuses requests beyond it with 429.
        now: the time of its clock at the start; None is the time of this machine.
        host: the loopback address to listen on, once `base_url` is first read.
        port: the port to listen on; 0 is any free one.
        open_controls: lets other machines use the controls, too.
    """

    def __init__(
        self,
        db: Path | str | None = None,
        *,
        mode: Mode = "live",
        seed: Seed | None = None,
        settles_after: timedelta = timedelta(seconds=2),
        rate_limit: str | None = None,
        now: datetime | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
        open_controls: bool = False,
    ) -> None:
        settings = Settings(mode, settles_after // timedelta(milliseconds=1))
        rates = RateMeter(rate_limit)
        database = BankDatabase(None if db is None else Path(db))
        try:
            super().__init__(database, settings, rates, seed=seed, now=now)
        except BaseException:
            database.close()
            raise
        self.open_controls = open_controls
        self._host = host
        self._port = port
        self._server: ServerThread | None = None
        self._opening = threading.Lock()
        self._closed = False
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    @property
    def base_url(self) -> str:
        """The API's base URL, such as `http://127.0.0.1:8787/client/v4`; the socket opens when this is first read."""
        return self._listening().origin + BASE_PATH

    @property
    def control_url(self) -> str:
        """The address of the same controls over HTTP."""
        return self._listening().origin + "/_sandbox"

    def transport(self) -> "SandboxTransport":
        """A transport for `Client`, `AsyncClient` and httpx's own clients, without a socket."""
        from aig_billing_sandbox.http.transport import SandboxTransport

        return SandboxTransport(self.service, lambda: self._closed)

    @property
    def journal(self) -> str:
        """The path of a journal for charges of this sandbox; it is removed with the sandbox."""
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="aig-billing-sandbox-", ignore_cleanup_errors=True)
        return str(Path(self._folder.name).resolve() / "journal.db")

    def env(self) -> dict[str, str]:
        """The environment variables by which clients and the command line find this sandbox, and a journal for their charges."""
        return {
            "CLOUDFLARE_BASE_URL": self.base_url,
            "CLOUDFLARE_ACCOUNT_ID": self.account_id,
            "CLOUDFLARE_API_TOKEN": self.token,
            "AIG_BILLING_JOURNAL": self.journal,
        }

    def client(self, **options: object) -> "Client":
        """A client of this sandbox, without a socket unless a `base_url` is given; `options` are those of `aig_billing.Client`."""
        from aig_billing import Client

        if "base_url" not in options:
            options.setdefault("transport", self.transport())
        given = {"api_token": self.token, "account_id": self.account_id} | options
        return Client(**cast("dict[str, Any]", given))

    def restart(self) -> None:
        """Closes every connection and listens again on the same port, as a restarted server would."""
        with self._opening:
            if self._server is None:
                return
            self._server.stop()
            self._port = self._server.port
            self._server = None
        self._listening()

    def close(self) -> None:
        """Closes the socket and the database; a file stays."""
        with self._opening:
            if self._closed:
                return
            self._closed = True
            if self._server is not None:
                self._server.stop()
        self._database.close()
        if self._folder is not None:
            self._folder.cleanup()

    def _listening(self) -> "ServerThread":
        with self._opening:
            if self._closed:
                raise RuntimeError("this sandbox is closed")
            if self._server is None:
                with requires_extra():
                    from aig_billing_sandbox.control.routes import ControlRoutes
                    from aig_billing_sandbox.http.server import ServerThread

                self._server = ServerThread(ControlRoutes(self).app(), self._host, self._port)
            return self._server

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
