"""`aig-billing config path` and `config show`: the configuration file, and the settings in effect."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from ..command import command, group
from ..errors import UsageError
from ..output.formatting import text
from ..output.rows import Field, Report, Row, Words
from ..session import Session

if TYPE_CHECKING:
    from ..configuration import Configuration, Setting
    from ..output.tables import Part

app = group()
PATH_FIELDS: tuple[Field[Row], ...] = (
    Field("path", "the configuration file"),
    Field("exists", "whether it exists"),
)
FIELDS: tuple[Field[Row], ...] = (
    Field("setting", "credentials, account, base_url, journal, profile or profiles"),
    Field("value", "its value; null where nothing is set, *** for secrets"),
    Field("source", "where it comes from"),
)


@command(app, "path", fields=PATH_FIELDS)
def path(session: Session) -> None:
    """Print where the configuration file is."""
    from ..config_file import read_config_file

    file = read_config_file(os.environ)
    if file.path is None:
        raise UsageError(f"There is no place for a configuration file but {file.name}.")
    place = str(file.path)
    session.report(Report(PATH_FIELDS, [{"path": place, "exists": file.exists}], single=True), lambda: [place])


@command(app, "show", fields=FIELDS, more="Nothing is sent, and no token_command is run.")
def show(session: Session) -> None:
    """Show the settings in effect, and where they come from."""
    from ..config_file import Profile
    from ..configuration import Setting

    found = session.configuration
    broken = [name for name, profile in found.file.profiles.items() if not isinstance(profile, Profile)]
    rows = [
        _row("credentials", _credentials(found)),
        _row("account", found.account),
        _row("base_url", found.base_url),
        _row("journal", found.journal),
        _row("profile", Setting(found.profile.name, found.file.name) if found.profile else None),
        _row("profiles", Setting(", ".join(found.file.profiles), found.file.name) if found.file.profiles else None),
    ]

    def layout() -> list[Part]:
        from ..output.tables import Hanging

        def value_and_source(row: Row) -> Words:
            if row["value"] is None:
                return text(row["source"]), "dim"
            return [text(row["value"]), (f"\nfrom {text(row['source'])}", "dim")]

        return [Hanging([[(text(row["setting"]), "bold"), value_and_source(row)] for row in rows])]

    session.report(Report(FIELDS, rows), layout)
    for name in broken:
        session.terminal.info(f"The profile {name!r} cannot be used: {found.file.profiles[name]}")


def _row(name: str, setting: Setting | None) -> Row:
    return {
        "setting": name,
        "value": setting.value if setting else None,
        "source": setting.source if setting else "not set",
    }


def _credentials(found: Configuration) -> Setting | None:
    """Say where the credentials come from, without running anything to get them."""
    from ..configuration import Setting

    profile, environment = found.profile, found.environment
    if found.given is not None:
        return Setting("***", found.given.source)
    named = next((name for name in ("CLOUDFLARE_API_TOKEN", "CLOUDFLARE_API_KEY") if environment.get(name)), None)
    if named and not found.named:
        return Setting("***", named)
    if profile is not None and profile.token_command:
        return Setting(f"{profile.token_command[0]} ...", f"token_command of profile {profile.name!r}")
    if profile is not None and profile.holds_secrets:
        return Setting("***", f"profile {profile.name!r}")
    stored = found.stored()
    if stored is not None:
        return Setting("***", stored.source)
    return Setting("***", named) if named else None
