"""The configuration file: named profiles in TOML, each key known and checked."""

from __future__ import annotations

import difflib
import os
import shlex
import stat
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn, cast

from attrs import frozen

from aig_billing_runtime.credentials import Secret

from .errors import CommandError
from .exit_codes import ExitCode

_DEFAULT = "default"
_NOTHING = Secret(None)
_TOP_KEYS = ("default_profile", "profiles")
_KEYS = ("account_id", "token_command", "api_token", "api_email", "api_key", "base_url", "journal")
_WAYS_IN = ("token_command", "api_token", "api_key")


@frozen
class Profile:
    """One named profile."""

    name: str
    account_id: str | None = None
    token_command: tuple[str, ...] = ()
    api_token: Secret = _NOTHING
    api_email: Secret = _NOTHING
    api_key: Secret = _NOTHING
    base_url: str | None = None
    journal: str | None = None

    @property
    def holds_secrets(self) -> bool:
        """Whether a token or key stands in the file itself."""
        return self.api_token.given() or self.api_key.given()


@frozen
class ConfigFile:
    """The configuration file, or its absence."""

    path: Path
    exists: bool = False
    profiles: Mapping[str, Profile] | None = None
    default: str | None = None
    readable_by_others: bool = False

    def profile(self, name: str | None) -> Profile | None:
        """Give the profile of this name; without a name, the default one, if there is one.

        Raises:
            CommandError: When there is no profile of this name.
        """
        profiles = self.profiles or {}
        if name is None:
            name = self.default
            if name is None:
                return profiles.get(_DEFAULT)
        if name not in profiles:
            known = ", ".join(sorted(profiles)) or "none"
            raise CommandError(
                ExitCode.USAGE,
                f"There is no profile {name!r} in {self.path}.",
                f"Profiles there: {known}. Add it as [profiles.{name}].",
            )
        return profiles[name]


def read_config_file(environment: Mapping[str, str]) -> ConfigFile:
    """Read the file that AIG_BILLING_CONFIG names, or the one in the usual place; a usual one may be missing.

    Raises:
        CommandError: When it cannot be read or says something that is not understood.
    """
    path = _path(environment)
    try:
        with path.open("rb") as file:
            content = file.read()
            others = bool(os.fstat(file.fileno()).st_mode & (stat.S_IRGRP | stat.S_IROTH)) and os.name == "posix"
    except FileNotFoundError:
        if environment.get("AIG_BILLING_CONFIG"):
            raise CommandError(ExitCode.USAGE, f"AIG_BILLING_CONFIG names {path}, which is not there.") from None
        return ConfigFile(path)
    except OSError as error:
        raise CommandError(ExitCode.USAGE, f"{path} cannot be read: {error.strerror}.") from None
    try:
        table = tomllib.loads(content.decode())
    except UnicodeDecodeError:
        raise CommandError(ExitCode.USAGE, f"{path} is not written in UTF-8.") from None
    except tomllib.TOMLDecodeError as error:
        raise CommandError(
            ExitCode.USAGE, f"{path} is not TOML: {error}.", 'Text stands in quotes, as in account_id = "..."'
        ) from None
    return _Reader(path).file(table, readable_by_others=others)


def _path(environment: Mapping[str, str]) -> Path:
    named = environment.get("AIG_BILLING_CONFIG")
    if named:
        return Path(named).expanduser()
    home = environment.get("XDG_CONFIG_HOME")
    # The XDG specification says to ignore a path that is not absolute.
    base = Path(home) if home and Path(home).is_absolute() else Path("~/.config").expanduser()
    return base / "aig-billing" / "config.toml"


class _Reader:
    """Turns TOML into profiles, naming the place of whatever is wrong."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def file(self, table: Mapping[str, object], *, readable_by_others: bool) -> ConfigFile:
        self._check_keys(table, _TOP_KEYS, "")
        profiles = table.get("profiles", {})
        if not isinstance(profiles, dict):
            self._refuse("profiles", "must be tables such as [profiles.default]")
        default = table.get("default_profile")
        if default is not None and not isinstance(default, str):
            self._refuse("default_profile", "must be a profile's name in quotes")
        named = cast("dict[str, object]", profiles)
        read = {name: self._profile(name, entry) for name, entry in named.items()}
        return ConfigFile(
            self._path, exists=True, profiles=read, default=default, readable_by_others=readable_by_others
        )

    def _profile(self, name: str, entry: object) -> Profile:
        place = f"profiles.{name}"
        if not isinstance(entry, dict):
            self._refuse(place, f"must be a table: [{place}]")
        table = cast("dict[str, object]", entry)
        self._check_keys(table, _KEYS, f"{place}.")
        ways = [key for key in _WAYS_IN if key in table]
        if len(ways) > 1:
            self._refuse(place, f"has {' and '.join(ways)}: one of them is enough")
        if ("api_email" in table) != ("api_key" in table):
            self._refuse(place, "has one of api_email and api_key: they work only together")
        return Profile(
            name,
            account_id=self._text(table, place, "account_id"),
            token_command=self._command(table, place),
            api_token=Secret(self._text(table, place, "api_token")),
            api_email=Secret(self._text(table, place, "api_email")),
            api_key=Secret(self._text(table, place, "api_key")),
            base_url=self._text(table, place, "base_url"),
            journal=self._text(table, place, "journal"),
        )

    def _text(self, table: Mapping[str, object], place: str, key: str) -> str | None:
        value = table.get(key)
        if value is None or (isinstance(value, str) and value):
            return value
        return self._refuse(f"{place}.{key}", "must be text in quotes, and not empty")

    def _command(self, table: Mapping[str, object], place: str) -> tuple[str, ...]:
        value = table.get("token_command")
        if value is None:
            return ()
        words: list[object] = []
        if isinstance(value, str):
            try:
                words = [*shlex.split(value)]
            except ValueError as error:
                self._refuse(f"{place}.token_command", f"cannot be split into words: {error}")
        elif isinstance(value, list):
            words = cast("list[object]", value)
        texts = tuple(word for word in words if isinstance(word, str))
        if not texts or len(texts) != len(words):
            self._refuse(f"{place}.token_command", 'must be a command such as "pass cf/token", or a list of its words')
        return texts

    def _check_keys(self, table: Mapping[str, object], known: tuple[str, ...], prefix: str) -> None:
        for key in table:
            if key not in known:
                near = difflib.get_close_matches(key, known, 1)
                meant = f"did you mean {near[0]}?" if near else f"known are {', '.join(known)}"
                self._refuse(prefix + key, f"is no key of this file: {meant}")

    def _refuse(self, place: str, what: str) -> NoReturn:
        raise CommandError(ExitCode.USAGE, f"{self._path}: {place} {what}.")
