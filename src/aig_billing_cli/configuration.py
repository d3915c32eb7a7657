"""Which credentials, account and address apply: from the environment first, then from a profile of the configuration file.

A profile that was named on the command line comes before the environment, since it says more exactly which account is meant.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import Literal, NamedTuple, TypedDict

from aig_billing_runtime.credentials import Secret

from . import keyring_store
from .config_file import ConfigFile, Profile, read_config_file
from .errors import CommandError, ExitCode

TOKEN_COMMAND_SECONDS = 120
_NO_SECRET = Secret(None)
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


class SecretArguments(TypedDict):
    """The secrets themselves, as a client takes them."""

    api_token: str | None
    api_email: str | None
    api_key: str | None


class FoundCredentials(NamedTuple):
    """What a request is sent with; shows none of it."""

    kind: Literal["token", "email and key"]
    source: str
    token: Secret = _NO_SECRET
    email: Secret = _NO_SECRET
    key: Secret = _NO_SECRET
    command: tuple[str, ...] = ()
    """A program whose first line is the token, where it was not run yet."""

    def arguments(self) -> SecretArguments:
        """Return the arguments of a client."""
        token, email, key = (one.reveal() if one.given() else None for one in (self.token, self.email, self.key))
        return {"api_token": token, "api_email": email, "api_key": key}


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
        """Return the account's id; raise a CommandError when none was named."""
        if self.account is None:
            raise CommandError(
                ExitCode.CREDENTIALS, "Which account? None was named.", _NO_ACCOUNT.format(file=self.file.name)
            )
        return self.account.value

    def journal_place(self) -> str | None:
        """Say which journal of charges was named; None for the usual one."""
        return self.journal.value if self.journal else None

    @property
    def login_name(self) -> str:
        """The name under which `auth login` keeps a token: the profile's."""
        return self.profile.name if self.profile else "default"

    def find_credentials(self) -> FoundCredentials | None:
        """Find where the credentials are, without running anything to get them; raise a CommandError at half a pair."""
        return next(self._found(), None)

    def _found(self) -> Iterator[FoundCredentials]:
        """Search in the order that counts, no further than is asked for."""
        if self.given is not None:
            yield self.given
        if not self.named:
            yield from self._from_environment()
        if self.profile is not None:
            yield from _from_profile(self.profile, f"profile {self.profile.name!r} of {self.file.name}")
        token = keyring_store.read(self.login_name)
        if token is not None:
            yield FoundCredentials("token", keyring_store.source(self.login_name), token=token)
        if self.named:
            yield from self._from_environment()

    def _from_environment(self) -> Iterator[FoundCredentials]:
        token = self.environment.get("CLOUDFLARE_API_TOKEN")
        if token:
            yield FoundCredentials("token", "CLOUDFLARE_API_TOKEN", token=Secret(token))
        pair = {name: self.environment.get(name) for name in ("CLOUDFLARE_EMAIL", "CLOUDFLARE_API_KEY")}
        missing = [name for name, value in pair.items() if not value]
        if len(missing) == 1:
            [given] = pair.keys() - missing
            raise CommandError(
                ExitCode.CREDENTIALS,
                f"{given} is set and {missing[0]} is not.",
                "Set both, or better CLOUDFLARE_API_TOKEN alone.",
            )
        if not missing:
            email, key = (Secret(value) for value in pair.values())
            yield FoundCredentials("email and key", " and ".join(pair), email=email, key=key)


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


def _from_profile(profile: Profile, source: str) -> Iterator[FoundCredentials]:
    if profile.token_command:
        yield FoundCredentials("token", f"token_command in {source}", command=profile.token_command)
    if profile.api_token.given():
        yield FoundCredentials("token", source, token=profile.api_token)
    if profile.api_key.given():
        yield FoundCredentials("email and key", source, email=profile.api_email, key=profile.api_key)


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
