"""The sandbox as a process: what `aig-billing sandbox` and `python -m aig_billing_sandbox` run."""

import json
import os
import signal
import time
from datetime import timedelta
from pathlib import Path

from aig_billing_sandbox.bank.fixtures import Seed
from aig_billing_sandbox.http.context import Mode
from aig_billing_sandbox.http.server import is_loopback
from aig_billing_sandbox.sandbox import Sandbox

_PARENT_SECONDS = 0.1


def serve(
    *,
    host: str = "127.0.0.1",
    port: int = 8787,
    open_to_the_network: bool = False,
    open_controls: bool = False,
    db: Path | None = None,
    mode: Mode = "live",
    seed: Seed | None = None,
    rate_limit: str | None = None,
    settles_after: timedelta = timedelta(seconds=2),
    as_json: bool = False,
    ready_fd: int | None = None,
    exit_with_parent: bool = False,
) -> None:
    """Runs a sandbox until Ctrl-C, SIGTERM or, if asked for, the end of the parent process.

    Only with `open_to_the_network` may others reach the `host`. With `as_json` it prints one line of JSON instead of text for people;
    `ready_fd` is a file descriptor for that line, closed once it is written.

    Raises:
        ValueError: an invalid option; the message says which.
        OSError: the port cannot be listened on, or the database or the client package's document cannot be used.
    """
    if not open_to_the_network and not is_loopback(host):
        raise ValueError(
            f"{host} can be reached from other machines, and the sandbox's tokens are not secret:"
            " use 127.0.0.1, or say --open-to-the-network"
        )
    parent = os.getppid() if exit_with_parent else None
    with Sandbox(
        db,
        mode=mode,
        seed=seed,
        settles_after=settles_after,
        rate_limit=rate_limit,
        host=host,
        port=port,
        open_controls=open_controls,
    ) as sandbox:
        before = signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            line = _ready_line(sandbox)
            print(line if as_json else _words(sandbox, mode, db), flush=True)  # noqa: T201 - this is what the command says
            if ready_fd is not None:
                with os.fdopen(ready_fd, "w") as ready:
                    ready.write(line + "\n")
            while parent is None or os.getppid() == parent:
                time.sleep(_PARENT_SECONDS)
        except KeyboardInterrupt:
            pass
        finally:
            signal.signal(signal.SIGTERM, before)


def _ready_line(sandbox: Sandbox) -> str:
    names = ("base_url", "account_id", "token", "read_token", "control_url")
    return json.dumps({name: getattr(sandbox, name) for name in names} | {"pid": os.getpid()})


def _words(sandbox: Sandbox, mode: Mode, db: Path | None) -> str:
    return (
        f"The billing sandbox listens on {sandbox.base_url} ({mode}, database in {db or 'memory'}).\n\n"
        f"  export CLOUDFLARE_BASE_URL={sandbox.base_url}\n"
        f"  export CLOUDFLARE_ACCOUNT_ID={sandbox.account_id}\n"
        f"  export CLOUDFLARE_API_TOKEN={sandbox.token}\n\n"
        f"  read-only token: {sandbox.read_token}\n"
        f"  reference:       {sandbox.control_url.removesuffix('_sandbox')}docs\n"
        f"  controls:        {sandbox.control_url}\n\n"
        "Ctrl-C ends it."
    )
