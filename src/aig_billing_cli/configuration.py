"""Who is calling, for which account, and where: the environment first, then a profile of the configuration file.

A profile that was named on the command line comes before the environment, since it says more exactly which account is meant.
"""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Callable, Mapping
from typing import Literal, NamedTuple

from attrs import frozen

from aig_billing_runtime.credentials import Secret

from .config_file import ConfigFile, Profile, read_config_file
from .errors import CommandError
from .exit_codes import ExitCode

TOKEN_COMMAND_SECONDS = 120
_NOTHING = Secret(None)
_NO_CREDENTIALS = (
    "Set CLOUDFLARE_API_TOKEN (made in the dashboard under My Profile > API Tokens, with the permission AI Gateway Read or Write), "
    "or name a token_command in {file}. To try without an account: `aig-billing sandbox`, then add --sandbox."
)
_NO_ACCOUNT = (
    "Set CLOUDFLARE_ACCOUNT_ID, pass --account, or put account_id into {file}. "
    "Its 32 characters stand in the address of your Cloudflare dashboard."
)


class Setting(NamedTuple):
    """A value, and where it was found."""

    value: str
    source: str


@frozen
class Credentials:
    """What a request is sent with; shows none of it."""

    kind: Literal["token", "email and key"]
    source: str
    token: Secret = _NOTHING
    email: Secret = _NOTHING
    key: Secret = _NOTHING


@frozen
class Configuration:
    """What was found: everything but the credentials, which may take running a command."""

    file: ConfigFile
    profile: Profile | None
    named: bool
    """Whether the profile was named, rather than being the default."""
    account: Setting | None
    base_url: Setting | None
    journal: Setting | None
    environment: Mapping[str, str]
    given: Credentials | None = None
    """Credentials that need no finding: a sandbox's own."""

    def credentials(self) -> Credentials:
        """Find the credentials; runs the profile's `token_command` if that is where they are.

        Raises:
            CommandError: When there are none, or half a pair, or the command fails.
        """
        if self.given is not None:
            return self.given
        sources = (
            (self._from_profile, self._from_environment) if self.named else (self._from_environment, self._from_profile)
        )
        for source in sources:
            found = source()
            if found is not None:
                return found
        raise CommandError(
            ExitCode.CREDENTIALS, "No credentials were found.", _NO_CREDENTIALS.format(file=self.file.path)
        )

    def require_account(self) -> str:
        """Give the account's id.

        Raises:
            CommandError: When none was named.
        """
        if self.account is None:
            raise CommandError(
                ExitCode.CREDENTIALS, "Which account? None was named.", _NO_ACCOUNT.format(file=self.file.path)
            )
        return self.account.value

    def journal_place(self) -> str | None:
        """Say which journal of charges was named; None for the usual one."""
        return self.journal.value if self.journal else None

    def _from_environment(self) -> Credentials | None:
        token = self.environment.get("CLOUDFLARE_API_TOKEN")
        if token:
            return Credentials("token", "CLOUDFLARE_API_TOKEN", token=Secret(token))
        email, key = self.environment.get("CLOUDFLARE_EMAIL"), self.environment.get("CLOUDFLARE_API_KEY")
        if not email and not key:
            return None
        if not (email and key):
            there, missing = (
                ("CLOUDFLARE_EMAIL", "CLOUDFLARE_API_KEY") if email else ("CLOUDFLARE_API_KEY", "CLOUDFLARE_EMAIL")
            )
            raise CommandError(
                ExitCode.CREDENTIALS,
                f"{there} is set and {missing} is not.",
                "Set both, or better CLOUDFLARE_API_TOKEN alone.",
            )
        return Credentials(
            "email and key", "CLOUDFLARE_EMAIL and CLOUDFLARE_API_KEY", email=Secret(email), key=Secret(key)
        )

    def _from_profile(self) -> Credentials | None:
        profile = self.profile
        if profile is None:
            return None
        where = f"profile {profile.name!r} of {self.file.path}"
        if profile.token_command:
            return Credentials(
                "token", f"token_command in {where}", token=_run_token_command(profile.token_command, where)
            )
        if profile.api_token.given():
            return Credentials("token", where, token=profile.api_token)
        if profile.api_key.given():
            return Credentials("email and key", where, email=profile.api_email, key=profile.api_key)
        return None


def find_configuration(
    *, profile: str | None, account: str | None, environment: Mapping[str, str] | None = None
) -> Configuration:
    """Read the configuration file and the environment.

    Args:
        profile: The profile named on the command line.
        account: The account named on the command line.
        environment: The environment variables; the process's own by default.

    Raises:
        CommandError: When the file cannot be used, or has no such profile.
    """
    environment = os.environ if environment is None else environment
    file = read_config_file(environment)
    name = profile or environment.get("AIG_BILLING_PROFILE") or None
    chosen = file.profile(name)
    named = profile is not None

    def setting(variable: str, of_profile: Callable[[Profile], str | None]) -> Setting | None:
        there, value = environment.get(variable), of_profile(chosen) if chosen else None
        found = [
            Setting(value, f"profile {chosen.name!r} of {file.path}") if value and chosen else None,
            Setting(there, variable) if there else None,
        ]
        return next((one for one in (found if named else reversed(found)) if one is not None), None)

    own_account = Setting(account, "--account") if account else None
    return Configuration(
        file=file,
        profile=chosen,
        named=named,
        account=own_account or setting("CLOUDFLARE_ACCOUNT_ID", lambda profile: profile.account_id),
        base_url=setting("CLOUDFLARE_BASE_URL", lambda profile: profile.base_url),
        journal=setting("AIG_BILLING_JOURNAL", lambda profile: profile.journal),
        environment=environment,
    )


def _run_token_command(command: tuple[str, ...], where: str) -> Secret:
    """Run the command without a shell; its first line is the token. It may ask on the terminal, as `pass` and `gpg` do."""
    shown = shlex.join(command)
    try:
        ended = subprocess.run(command, stdout=subprocess.PIPE, check=False, timeout=TOKEN_COMMAND_SECONDS)
    except OSError as error:
        raise CommandError(
            ExitCode.CREDENTIALS,
            f"The token_command of {where} cannot be started: {shown}: {error.strerror}.",
            "It is run without a shell: name a program and its arguments, without pipes or variables.",
        ) from None
    except subprocess.TimeoutExpired:
        raise CommandError(
            ExitCode.CREDENTIALS, f"The token_command of {where} did not end within {TOKEN_COMMAND_SECONDS} s: {shown}."
        ) from None
    first = ended.stdout.decode(errors="replace").partition("\n")[0].strip()
    if ended.returncode or not first:
        what = f"ended with {ended.returncode}" if ended.returncode else "printed nothing"
        raise CommandError(
            ExitCode.CREDENTIALS,
            f"The token_command of {where} {what}: {shown}.",
            "Run it by hand; its first line must be the token.",
        )
    return Secret(first)
