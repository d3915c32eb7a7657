"""`aig-billing config path` and `config show`: the configuration file, and the settings in effect."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from ..command import command
from ..errors import CommandError, UsageError
from ..output.formatting import text
from ..output.rows import Field, Row, Words
from ..session import Session

if TYPE_CHECKING:
    from ..configuration import Configuration
    from ..output.tables import Part

PATH_FIELDS: tuple[Field[Row], ...] = (Field("path", "the configuration file"), Field("exists", "whether it exists"))
FIELDS: tuple[Field[Row], ...] = (
    Field("setting", "credentials, account, base_url, journal, profile or profiles"),
    Field("value", "its value; null where nothing is set, *** for secrets"),
    Field("source", "where it comes from"),
)


@command("config path", fields=PATH_FIELDS)
def path(session: Session) -> None:
    """Print where the configuration file is."""
    from ..config_file import read_config_file

    file = read_config_file(os.environ)
    if file.path is None:
        raise UsageError(f"There is no place for a configuration file but {file.name}.")
    place = str(file.path)
    session.report_record({"path": place, "exists": file.exists}, place)


@command("config show", fields=FIELDS, more="Nothing is sent, and no token_command is run.")
def show(session: Session) -> None:
    """Show the settings in effect, and where they come from."""
    found = session.configuration
    file, profile = found.file, found.profile
    rows = [
        _credentials(found),
        _row("account", found.account),
        _row("base_url", found.base_url),
        _row("journal", found.journal),
        _row("profile", (profile.name, file.name) if profile else None),
        _row("profiles", (", ".join(file.profiles), file.name) if file.profiles else None),
    ]

    def layout() -> list[Part]:
        from ..output.tables import Hanging

        def value_and_source(row: Row) -> Words:
            if row["value"] is None:
                return text(row["source"]), "dim"
            return [text(row["value"]), (f"\nfrom {text(row['source'])}", "dim")]

        return [Hanging([[(text(row["setting"]), "bold"), value_and_source(row)] for row in rows])]

    session.report(rows, layout)
    for name, read in file.profiles.items():
        if isinstance(read, UsageError):
            session.terminal.info(f"The profile {name!r} cannot be used: {read}")


def _row(name: str, setting: tuple[str, str] | None) -> Row:
    value, source = setting or (None, "not set")
    return {"setting": name, "value": value, "source": source}


def _credentials(configuration: Configuration) -> Row:
    try:
        found = configuration.find_credentials()
    except CommandError as error:
        return {**_row("credentials", None), "source": error.sentence}
    value = f"{found.command[0]} ..." if found and found.command else "***"
    return _row("credentials", found and (value, found.source))
