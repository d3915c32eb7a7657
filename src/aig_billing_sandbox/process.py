"""The sandbox as a process: what `aig-billing sandbox` and `python -m aig_billing_sandbox` run."""

import json
import os
import signal
from datetime import timedelta
from pathlib import Path

import attrs

from aig_billing_sandbox.app import sandbox_app
from aig_billing_sandbox.bank.fixtures import Seed
from aig_billing_sandbox.http.context import Mode
from aig_billing_sandbox.http.messages import BASE_PATH
from aig_billing_sandbox.http.server import SandboxServer, is_loopback, listen, origin_of
from aig_billing_sandbox.sandbox import Sandbox


@attrs.frozen(kw_only=True)
class ServeOptions:
    """The options of a sandbox process."""

    host: str = "127.0.0.1"
    port: int = 8787
    open_to_the_network: bool = False
    open_controls: bool = False
    db: Path | None = None
    mode: Mode = "live"
    seed: Seed | None = None
    rate_limit: str | None = None
    settles_after: timedelta = timedelta(seconds=2)
    as_json: bool = False
    """Print one line of JSON instead of text for people."""
    ready_fd: int | None = None
    """A file descriptor for that line, closed once it is written."""
    exit_with_parent: bool = False


def serve(options: ServeOptions) -> None:
    """Runs a sandbox until Ctrl-C, SIGTERM or, if asked for, the end of the parent process.

    Raises:
        ValueError: an invalid option; the message says which.
        OSError: the port cannot be listened on, or the database or the client package's document cannot be used.
    """
    if not options.open_to_the_network and not is_loopback(options.host):
        raise ValueError(
            f"{options.host} can be reached from other machines, and the sandbox's tokens are not secret:"
            " use 127.0.0.1, or say --open-to-the-network"
        )
    parent = os.getppid() if options.exit_with_parent else None
    listener = listen(options.host, options.port)
    with (
        listener,
        Sandbox(
            options.db,
            mode=options.mode,
            seed=options.seed,
            settles_after=options.settles_after,
            rate_limit=options.rate_limit,
            open_controls=options.open_controls,
        ) as sandbox,
    ):
        server = SandboxServer(
            sandbox_app(sandbox), on_ready=lambda: _announce(sandbox, origin_of(listener), options), parent=parent
        )
        # uvicorn stops, and then raises the signal again for handlers such as this one.
        before = signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            server.run([listener])
        except KeyboardInterrupt:
            pass
        finally:
            signal.signal(signal.SIGTERM, before)


def _announce(sandbox: Sandbox, origin: str, options: ServeOptions) -> None:
    base_url = origin + BASE_PATH
    line = json.dumps(
        {
            "base_url": base_url,
            "account_id": sandbox.account_id,
            "token": sandbox.token,
            "read_token": sandbox.read_token,
            "control_url": f"{origin}/_sandbox",
            "pid": os.getpid(),
        }
    )
    if options.as_json:
        print(line, flush=True)  # noqa: T201 - this is what the command says
    else:
        print(  # noqa: T201 - a command's message
            f"The billing sandbox listens on {base_url} ({options.mode}, database in {options.db or 'memory'}).\n\n"
            f"  export CLOUDFLARE_BASE_URL={base_url}\n"
            f"  export CLOUDFLARE_ACCOUNT_ID={sandbox.account_id}\n"
            f"  export CLOUDFLARE_API_TOKEN={sandbox.token}\n\n"
            f"  read-only token: {sandbox.read_token}\n"
            f"  reference:       {origin}/docs\n"
            f"  controls:        {origin}/_sandbox\n\n"
            "Ctrl-C ends it.",
            flush=True,
        )
    if options.ready_fd is not None:
        with os.fdopen(options.ready_fd, "w") as ready:
            ready.write(line + "\n")
