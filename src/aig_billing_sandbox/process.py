"""The sandbox as a process: what `aig-billing sandbox` and `python -m aig_billing_sandbox` run."""

import json
import os
import signal
import time

from aig_billing_sandbox.http.server import is_loopback
from aig_billing_sandbox.sandbox import Sandbox

_PARENT_SECONDS = 0.1


def checked_host(host: str, *, open_to_the_network: bool) -> str:
    """The address, if others cannot reach it or may; ValueError otherwise."""
    if open_to_the_network or is_loopback(host):
        return host
    raise ValueError(
        f"{host} can be reached from other machines, and the sandbox's tokens are not secret:"
        " use 127.0.0.1, or say --open-to-the-network"
    )


def serve(
    sandbox: Sandbox, *, as_json: bool = False, ready_fd: int | None = None, exit_with_parent: bool = False
) -> None:
    """Runs a sandbox until Ctrl-C, SIGTERM or, if asked for, the end of the parent process.

    With `as_json` it prints one line of JSON instead of text for people; `ready_fd` is a file descriptor for that line, closed once it
    is written.

    Raises:
        OSError: the port cannot be listened on.
    """
    with sandbox:
        parent = os.getppid() if exit_with_parent else None
        before = signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            names = ("base_url", "account_id", "token", "read_token", "control_url")
            line = json.dumps({name: getattr(sandbox, name) for name in names} | {"pid": os.getpid()})
            print(line if as_json else _words(sandbox), flush=True)  # noqa: T201 - this is what the command says
            if ready_fd is not None:
                with os.fdopen(ready_fd, "w") as ready:
                    ready.write(line + "\n")
            while parent is None or os.getppid() == parent:
                time.sleep(_PARENT_SECONDS)
        except KeyboardInterrupt:
            pass
        finally:
            signal.signal(signal.SIGTERM, before)


def _words(sandbox: Sandbox) -> str:
    mode, db = sandbox.service.settings.mode, sandbox.service.database.path or "memory"
    return (
        f"The billing sandbox listens on {sandbox.base_url} ({mode}, database in {db}).\n\n"
        f"  export CLOUDFLARE_BASE_URL={sandbox.base_url}\n"
        f"  export CLOUDFLARE_ACCOUNT_ID={sandbox.account_id}\n"
        f"  export CLOUDFLARE_API_TOKEN={sandbox.token}\n\n"
        f"  read-only token: {sandbox.read_token}\n"
        f"  reference:       {sandbox.control_url.removesuffix('_sandbox')}docs\n"
        f"  controls:        {sandbox.control_url}\n\n"
        "Ctrl-C ends it."
    )
