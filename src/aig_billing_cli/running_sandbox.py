"""Where `--sandbox` points: a sandbox that runs on this machine, asked for its account and token."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from typing import Any

import httpx

from aig_billing_runtime.credentials import Secret

from .config_file import ConfigFile
from .configuration import Configuration, Credentials, Setting
from .errors import CommandError
from .exit_codes import ExitCode

USUAL_ORIGIN = "http://127.0.0.1:8787"
_SECONDS = 5.0


def find_running_sandbox(
    file: ConfigFile, environment: Mapping[str, str], *, account: str | None = None
) -> Configuration:
    """Ask the sandbox that CLOUDFLARE_BASE_URL names, if that is on this machine, or else the one on the usual port.

    Args:
        file: The configuration file, for what else is told of it.
        environment: The environment variables.
        account: An account of the sandbox other than its first.

    Raises:
        CommandError: When none answers.
    """
    origin = sandbox_origin(environment)
    info = _ask(origin)
    source = f"the sandbox at {origin}"
    return Configuration(
        file=file,
        profile=None,
        named=False,
        account=Setting(account, "--account") if account else Setting(info["account_id"], source),
        base_url=Setting(f"{origin}/client/v4", source),
        journal=_journal(environment),
        environment=environment,
        given=Credentials("token", source, token=Secret(info["token"])),
    )


def _journal(environment: Mapping[str, str]) -> Setting | None:
    """Keep play money out of the journal of real charges."""
    named = environment.get("AIG_BILLING_JOURNAL")
    if named:
        return Setting(named, "AIG_BILLING_JOURNAL")
    try:
        from platformdirs import user_state_path
    except ModuleNotFoundError:
        return None
    return Setting(str(user_state_path("aig-billing", appauthor=False) / "sandbox-journal.db"), "--sandbox")


def sandbox_origin(environment: Mapping[str, str]) -> str:
    """Return where CLOUDFLARE_BASE_URL points, if that is on this machine, or else the usual port."""
    base_url = environment.get("CLOUDFLARE_BASE_URL")
    if base_url:
        try:
            url = httpx.URL(base_url)
        except httpx.InvalidURL:
            return USUAL_ORIGIN
        if _is_this_machine(url.host):
            return f"{url.scheme}://{url.netloc.decode('ascii')}"
    return USUAL_ORIGIN


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _ask(origin: str) -> dict[str, Any]:
    try:
        # Never through a proxy, and never anywhere but this machine.
        with httpx.Client(trust_env=False, timeout=_SECONDS) as client:
            answer = client.get(f"{origin}/_sandbox")
            info = answer.json()["result"]
        if all(isinstance(info[name], str) for name in ("account_id", "token")):
            return dict(info)
    except httpx.TransportError:
        raise CommandError(
            ExitCode.NETWORK,
            f"No sandbox answers at {origin}.",
            "Start one in another terminal with `aig-billing sandbox`; CLOUDFLARE_BASE_URL says where, if it is not on port 8787.",
        ) from None
    except (ValueError, KeyError, TypeError):
        pass
    raise CommandError(
        ExitCode.NETWORK, f"What answers at {origin} is not a billing sandbox.", "Start one with `aig-billing sandbox`."
    )
