"""Where `--sandbox` points: a sandbox that runs on this machine, asked for its account and token."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Generator
from pathlib import Path

import httpx
from aig_billing import JournalError

from aig_billing_charges.journal_url import place_of
from aig_billing_runtime.credentials import Secret
from aig_billing_runtime.urls import is_loopback
from aig_billing_sandbox.control.remote import RemoteControl
from aig_billing_sandbox.errors import SandboxError, SandboxUnreachable

from .config_file import FoundCredentials, read_config_file
from .configuration import Configuration, Setting
from .errors import CommandError, ExitCode, UsageError

USUAL_ORIGIN = "http://127.0.0.1:8787"


def find_running_sandbox(account: str | None) -> Configuration:
    """Ask a running sandbox for its account and token; `account` is one other than its first. A CommandError says that none answers."""
    control = running_sandbox()
    with sandbox_errors():
        match control.read():
            case {"account_id": str(first_account), "token": str(token)}:
                pass
            case _:
                raise SandboxUnreachable(f"what answers at {control.origin} is not a billing sandbox")
    source = f"the sandbox at {control.origin}"
    return Configuration(
        file=read_config_file(os.environ),
        profile=None,
        named=False,
        account=Setting(account, "--account") if account else Setting(first_account, source),
        base_url=Setting(control.base_url, source),
        journal=_journal(),
        environment=os.environ,
        given=FoundCredentials("token", source, token=Secret(token)),
    )


def _journal() -> Setting | None:
    """Keep play money out of the journal of real charges."""
    named = os.environ.get("AIG_BILLING_JOURNAL")
    if named:
        return Setting(named, "AIG_BILLING_JOURNAL")
    try:
        usual = place_of(None)
    except JournalError:
        # No home directory, say; what needs a journal will report it.
        return None
    return Setting(str(Path(usual).with_name("sandbox-journal.db")), "--sandbox")


def running_sandbox() -> RemoteControl:
    """Return the controls of the sandbox at CLOUDFLARE_BASE_URL, if that is on this machine, or else at the usual port."""
    origin = USUAL_ORIGIN
    with contextlib.suppress(httpx.InvalidURL):
        url = httpx.URL(os.environ.get("CLOUDFLARE_BASE_URL", ""))
        if is_loopback(url.host):
            origin = f"{url.scheme}://{url.netloc.decode('ascii')}"
    return RemoteControl(origin)


@contextlib.contextmanager
def sandbox_errors() -> Generator[None]:
    """Report the errors of a sandbox's controls as those of a command."""
    try:
        yield
    except SandboxUnreachable as error:
        raise CommandError(
            ExitCode.NETWORK,
            f"{str(error)[0].upper()}{str(error)[1:]}.",
            "Start one in another terminal with `aig-billing sandbox`; CLOUDFLARE_BASE_URL says where, if it is not on port 8787.",
        ) from None
    except SandboxError as error:
        raise UsageError(f"The sandbox refuses: {str(error).removeprefix('ValueError: ')}.") from None
