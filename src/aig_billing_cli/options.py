"""The options that every command takes, before or after its name."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Annotated, Any

import typer

from .output.rows import Format

OutputOption = Annotated[
    Format | None,
    typer.Option("--output", "-o", help="How to print: table (for people), json, jsonl or csv.", show_default=False),
]
ProfileOption = Annotated[
    str | None,
    typer.Option(
        "--profile", "-p", metavar="NAME", help="Profile of the configuration file; comes before the environment."
    ),
]
AccountOption = Annotated[str | None, typer.Option("--account", metavar="ID", help="Account to ask about.")]
SandboxOption = Annotated[
    bool | None, typer.Option("--sandbox", help="Talk to the sandbox that runs on this machine.", show_default=False)
]
NoInputOption = Annotated[bool | None, typer.Option("--no-input", help="Never ask anything.", show_default=False)]
QuietOption = Annotated[
    bool | None, typer.Option("--quiet", "-q", help="Print answers and errors alone.", show_default=False)
]
VerboseOption = Annotated[
    bool | None, typer.Option("--verbose", "-v", help="Print a line for each request (no secrets).", show_default=False)
]
DebugOption = Annotated[bool | None, typer.Option("--debug", help="Print tracebacks.", show_default=False)]


@dataclass(frozen=True)
class Options:
    """What was given of them; None is not given."""

    output: OutputOption = None
    profile: ProfileOption = None
    account: AccountOption = None
    sandbox: SandboxOption = None
    no_input: NoInputOption = None
    quiet: QuietOption = None
    verbose: VerboseOption = None
    debug: DebugOption = None

    @property
    def format(self) -> Format:
        """How to print."""
        return self.output or Format.TABLE

    def over(self, earlier: Options | None) -> Options:
        """Lay these over those given before the command's name."""
        if earlier is None:
            return self
        given: dict[str, Any] = {
            field.name: value for field in fields(self) if (value := getattr(self, field.name)) is not None
        }
        return Options(**{**vars(earlier), **given})


NAMES = tuple(field.name for field in fields(Options))
