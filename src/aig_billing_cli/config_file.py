"""The configuration file: named profiles in TOML, each key known and checked."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Literal, NamedTuple, NoReturn, TypedDict, cast

from aig_billing_runtime.credentials import Secret

from .errors import UsageError

_DEFAULT = "default"
_NO_SECRET = Secret(None)
_TEXTS = ("account_id", "api_token", "api_email", "api_key", "base_url", "journal")
_OTHERS_MAY_READ = stat.S_IRGRP | stat.S_IROTH
_OTHERS_MAY_WRITE = stat.S_IWGRP | stat.S_IWOTH


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


class Profile(NamedTuple):
    """One named profile."""

    name: str
    account_id: str | None
    base_url: str | None
    journal: str | None
    credentials: FoundCredentials | None


class ConfigFile(NamedTuple):
    """The configuration file, or its absence."""

    path: Path | None
    """None where there is no home directory to look in."""
    exists: bool = False
    profiles: Mapping[str, Profile | UsageError] = MappingProxyType({})
    """The profiles by name; the error of one that cannot be used stands in its place."""
    default: str | None = None
    readable_by_others: bool = False
    writable_by_others: Path | None = None
    """The file or its folder, where users other than its owner and root may write it."""

    @property
    def name(self) -> str:
        """The path, or what to do without one."""
        return str(self.path) if self.path else "a file that AIG_BILLING_CONFIG names (there is no home directory)"

    def profile(self, name: str | None) -> Profile | None:
        """Return the profile of this name, or else the default one, if any; raise a UsageError where it is missing or unusable."""
        if name is None:
            name = self.default or (_DEFAULT if _DEFAULT in self.profiles else None)
            if name is None:
                return None
        found = self.profiles.get(name)
        if isinstance(found, UsageError):
            raise found
        if found is None:
            known = ", ".join(sorted(self.profiles)) or "none"
            raise UsageError(
                f"There is no profile {name!r} in {self.name}.",
                f"Profiles there: {known}. Add it as [profiles.{name}].",
            )
        return found


def read_config_file(environment: Mapping[str, str]) -> ConfigFile:
    """Read the file that AIG_BILLING_CONFIG names, or the one in the usual place, which may be missing; or raise a UsageError."""
    path = _path(environment)
    if path is None:
        return ConfigFile(None)
    try:
        with path.open("rb") as file:
            content, status = file.read(), os.fstat(file.fileno())
    except FileNotFoundError:
        if environment.get("AIG_BILLING_CONFIG"):
            raise UsageError(f"AIG_BILLING_CONFIG names {path}, which does not exist.") from None
        return ConfigFile(path)
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.") from None
    import tomllib

    try:
        table = tomllib.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise UsageError(f"{path} is not written in UTF-8.") from None
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{path} is not TOML: {error}.", 'Text stands in quotes, as in account_id = "..."') from None
    profiles, default = _read_table(path, table)
    found = ConfigFile(path, exists=True, profiles=profiles, default=default)
    if os.name != "posix":
        return found
    readable = bool(status.st_mode & _OTHERS_MAY_READ)
    return found._replace(readable_by_others=readable, writable_by_others=_writable_by_others(path, status))


def _path(environment: Mapping[str, str]) -> Path | None:
    try:
        named = environment.get("AIG_BILLING_CONFIG")
        if named:
            return Path(named).expanduser()
        home = environment.get("XDG_CONFIG_HOME")
        # The XDG specification says to ignore a path that is not absolute.
        base = Path(home) if home and Path(home).is_absolute() else Path("~/.config").expanduser()
    except RuntimeError:
        # A user without a home directory, as in many containers.
        return None
    return base / "aig-billing" / "config.toml"


def _writable_by_others(path: Path, status: os.stat_result) -> Path | None:
    """Return what others may write: the file, or a folder on the way to it, where they could put another in its place."""
    # Of a link, both the folder of the link and that of the file.
    near = (path.absolute().parent, path.resolve().parent)
    folders = (*near, *(above for folder in near for above in folder.parents))
    for place, found in ((path, status), *((folder, folder.stat()) for folder in folders)):
        mine = place is path or place in near
        sticky = stat.S_ISDIR(found.st_mode) and found.st_mode & stat.S_ISVTX
        writers = _OTHERS_MAY_WRITE if mine else stat.S_IWOTH
        if (found.st_mode & writers and not sticky) or (mine and found.st_uid not in {0, os.geteuid()}):
            return place
    return None


def _read_table(path: Path, table: Mapping[str, object]) -> tuple[dict[str, Profile | UsageError], str | None]:
    _check_keys(path, table, ("default_profile", "profiles"), "")
    profiles, default = table.get("profiles", {}), table.get("default_profile")
    if not isinstance(profiles, dict):
        _refuse(path, "profiles", "must be tables such as [profiles.default]")
    if default is not None and not isinstance(default, str):
        _refuse(path, "default_profile", "must be a profile's name in quotes")
    read: dict[str, Profile | UsageError] = {}
    for name, entry in cast("dict[str, object]", profiles).items():
        try:
            read[name] = _read_profile(path, name, entry)
        except UsageError as error:
            read[name] = error
    return read, default


def _read_profile(path: Path, name: str, entry: object) -> Profile:
    place = f"profiles.{name}"
    if not isinstance(entry, dict):
        _refuse(path, place, f"must be a table: [{place}]")
    table = cast("dict[str, object]", entry)
    _check_keys(path, table, (*_TEXTS, "token_command"), f"{place}.")
    given = [key for key in ("token_command", "api_token", "api_key") if key in table]
    if len(given) > 1:
        _refuse(path, place, f"has {' and '.join(given)}: one of them is enough")
    if ("api_email" in table) != ("api_key" in table):
        _refuse(path, place, "has one of api_email and api_key: they work only together")

    def text(key: str) -> str | None:
        value = table.get(key)
        if value is not None and not (isinstance(value, str) and value):
            _refuse(path, f"{place}.{key}", "must be text in quotes, and not empty")
        return value

    account_id, token, email, key, base_url, journal = map(text, _TEXTS)
    source = f"profile {name!r} of {path}"
    credentials = None
    if "token_command" in table:
        command = _read_command(path, place, table["token_command"])
        credentials = FoundCredentials("token", f"token_command in {source}", command=command)
    elif token is not None:
        credentials = FoundCredentials("token", source, token=Secret(token))
    elif key is not None:
        credentials = FoundCredentials("email and key", source, email=Secret(email), key=Secret(key))
    return Profile(name, account_id, base_url, journal, credentials)


def _read_command(path: Path, place: str, value: object) -> tuple[str, ...]:
    words: list[object] = []
    if isinstance(value, str):
        import shlex

        try:
            words = [*shlex.split(value)]
        except ValueError as error:
            _refuse(path, f"{place}.token_command", f"cannot be split into words: {error}")
    elif isinstance(value, list):
        words = cast("list[object]", value)
    texts = tuple(word for word in words if isinstance(word, str))
    if not texts or len(texts) != len(words):
        _refuse(path, f"{place}.token_command", 'must be a command such as "pass cf/token", or a list of its words')
    return texts


def _check_keys(path: Path, table: Mapping[str, object], known: tuple[str, ...], prefix: str) -> None:
    for key in table:
        if key not in known:
            import difflib

            near = difflib.get_close_matches(key, known, 1)
            meant = f"did you mean {near[0]}?" if near else f"known are {', '.join(known)}"
            _refuse(path, prefix + key, f"is not a key of this file: {meant}")


def _refuse(path: Path, place: str, what: str) -> NoReturn:
    raise UsageError(f"{path}: {place} {what}.")
