"""Which credentials, account and address apply: from the environment first, then from a profile of the configuration file.

A profile that was named on the command line comes before the environment, since it says more exactly which account is meant.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import NamedTuple

from aig_billing_runtime.credentials import Secret

from . import keyring_store
from .config_file import ConfigFile, FoundCredentials, Profile, read_config_file
from .errors import CommandError, ExitCode, usage_errors

TOKEN_COMMAND_SECONDS = 120
_NO_CREDENTIALS = (
    "Set CLOUDFLARE_API_TOKEN (made in the dashboard under My Profile > API Tokens, with the permission AI Gateway Read or Edit), "
    "keep it with `aig-billing auth login`, or name a token_command in {file}. To try without an account: `aig-billing sandbox`, then "
    "add --sandbox."
)
_NO_ACCOUNT = (
    "Set CLOUDFLARE_ACCOUNT_ID, pass --account, or put account_id into {file}. "
    "Its 32 characters are in the address of your Cloudflare dashboard."
)


class Setting(NamedTuple):
    """A value, and where it was found."""

    value: str
    source: str


class Configuration(NamedTuple):
    """What was found: everything but the credentials, which may take running a command."""

    file: ConfigFile
    profile: Profile | None
    named: bool
    """Whether the profile was named, rather than being the default."""
    account: Setting | None
    base_url: Setting | None
    journal: Setting | None
    environment: Mapping[str, str]
    given: FoundCredentials | None = None
    """Credentials that need no search: a sandbox's own."""

    def credentials(self) -> FoundCredentials:
        """Find the credentials, and run the `token_command` if that is where they are.

        Raises:
            CommandError: When there are none, or half a pair, or the command fails.
        """
        found = self.find_credentials()
        if found is None:
            raise CommandError(
                ExitCode.CREDENTIALS, "No credentials were found.", _NO_CREDENTIALS.format(file=self.file.name)
            )
        if not found.command:
            return found
        others = self.file.writable_by_others
        if others is not None:
            raise CommandError(
                ExitCode.CREDENTIALS,
                f"The {found.source} is not run: other users can change {others}.",
                f"Run: chmod go-w {others}  (and own it yourself)",
            )
        return found._replace(token=_run_token_command(found), command=())

    def require_account(self) -> str:
        """Return the account's id; raise a CommandError when none was named, or it cannot be one."""
        from aig_billing_runtime.urls import path_segment

        if self.account is None:
            raise CommandError(
                ExitCode.CREDENTIALS, "Which account? None was named.", _NO_ACCOUNT.format(file=self.file.name)
            )
        with usage_errors(ValueError, f"It came from {self.account.source}."):
            return path_segment("account_id", self.account.value)

    def journal_place(self) -> str | None:
        """Say which journal of charges was named; None for the usual one."""
        return self.journal.value if self.journal else None

    @property
    def login_name(self) -> str:
        """The name under which `auth login` keeps a token: the profile's."""
        return self.profile.name if self.profile else "default"

    def find_credentials(self) -> FoundCredentials | None:
        """Find where the credentials are, without running anything to get them; raise a CommandError at half a pair."""
        of_profile = self.profile.credentials if self.profile else None
        if self.named:
            return of_profile or self._from_keyring() or self._from_environment()
        return self.given or self._from_environment() or of_profile or self._from_keyring()

    def _from_keyring(self) -> FoundCredentials | None:
        token = keyring_store.read(self.login_name)
        return FoundCredentials("token", keyring_store.source(self.login_name), token=token) if token else None

    def _from_environment(self) -> FoundCredentials | None:
        token, email, key = (
            Secret(self.environment.get(name) or None)
            for name in ("CLOUDFLARE_API_TOKEN", "CLOUDFLARE_EMAIL", "CLOUDFLARE_API_KEY")
        )
        if token.given():
            return FoundCredentials("token", "CLOUDFLARE_API_TOKEN", token=token)
        if email.given() and key.given():
            return FoundCredentials("email and key", "CLOUDFLARE_EMAIL and CLOUDFLARE_API_KEY", email=email, key=key)
        if not email.given() and not key.given():
            return None
        given, missing = ("EMAIL", "API_KEY") if email.given() else ("API_KEY", "EMAIL")
        raise CommandError(
            ExitCode.CREDENTIALS,
            f"CLOUDFLARE_{given} is set and CLOUDFLARE_{missing} is not.",
            "Set both, or better CLOUDFLARE_API_TOKEN alone.",
        )


def find_configuration(
    *, profile: str | None, account: str | None, environment: Mapping[str, str] | None = None
) -> Configuration:
    """Read the configuration file and the environment, for the profile and account that the command line names.

    Raises:
        CommandError: When the file cannot be used, or has no such profile.
    """
    environment = os.environ if environment is None else environment
    file = read_config_file(environment)
    chosen = file.profile(profile or environment.get("AIG_BILLING_PROFILE") or None)
    named = profile is not None

    def setting(variable: str, of_profile: str | None) -> Setting | None:
        there = environment.get(variable)
        of_file = Setting(of_profile, f"profile {chosen.name!r} of {file.name}") if of_profile and chosen else None
        of_environment = Setting(there, variable) if there else None
        return (of_file or of_environment) if named else (of_environment or of_file)

    own_account = Setting(account, "--account") if account else None
    return Configuration(
        file=file,
        profile=chosen,
        named=named,
        account=own_account or setting("CLOUDFLARE_ACCOUNT_ID", chosen and chosen.account_id),
        base_url=setting("CLOUDFLARE_BASE_URL", chosen and chosen.base_url),
        journal=setting("AIG_BILLING_JOURNAL", chosen and chosen.journal),
        environment=environment,
    )


def _run_token_command(found: FoundCredentials) -> Secret:
    """Run the command without a shell; its first line is the token. It may ask on the terminal, as `pass` and `gpg` do."""
    import subprocess

    next_step = "Run it by hand; its first line must be the token."
    try:
        ended = subprocess.run(found.command, stdout=subprocess.PIPE, check=False, timeout=TOKEN_COMMAND_SECONDS)
    except OSError as error:
        failure = f"cannot be started: {error.strerror}"
        next_step = "It is run without a shell: name a program and its arguments, without pipes or variables."
    except subprocess.TimeoutExpired:
        failure = f"did not end within {TOKEN_COMMAND_SECONDS} s"
    else:
        first = ended.stdout.decode(errors="replace").partition("\n")[0].strip()
        if first and not ended.returncode:
            return Secret(first)
        failure = f"ended with {ended.returncode}" if ended.returncode else "printed nothing"
    # Its arguments stay unsaid: they may be secrets themselves.
    sentence = f"The {found.source} ({found.command[0]} ...) {failure}."
    raise CommandError(ExitCode.CREDENTIALS, sentence, next_step) from None
