"""The options that every command takes, before or after its name."""

from __future__ import annotations

from typing import Annotated

import typer
from attrs import asdict, converters, field, fields_dict, frozen

from . import completion
from .output.rows import Format

Output = Annotated[
    Format | None,
    typer.Option(
        "--output",
        "-o",
        metavar="<table|json|jsonl|csv>",
        help="How to print: table (for people), json, jsonl or csv.",
    ),
]
JsonFields = Annotated[
    str | None,
    typer.Option("--json", metavar="FIELDS", help="Print JSON with these fields only, separated by commas."),
]
Jq = Annotated[
    str | None, typer.Option("--jq", metavar="EXPR", help="Filter the JSON with a jq expression (needs the extra jq).")
]
Profile = Annotated[
    str | None,
    typer.Option(
        "--profile",
        "-p",
        metavar="NAME",
        autocompletion=completion.profiles,
        help="Profile of the configuration file; overrides the environment.",
    ),
]
Account = Annotated[
    str | None, typer.Option("--account", metavar="ID", autocompletion=completion.accounts, help="Account to use.")
]
Sandbox = Annotated[bool | None, typer.Option("--sandbox", help="Talk to the sandbox that runs on this machine.")]
PlainHttp = Annotated[
    str | None,
    typer.Option(
        "--allow-plain-http", metavar="HOST", help="Talk to this host without TLS, such as another container."
    ),
]
NoInput = Annotated[bool | None, typer.Option("--no-input", help="Never ask anything.")]
Quiet = Annotated[bool | None, typer.Option("--quiet", "-q", help="Print answers and errors only.")]
Verbose = Annotated[bool | None, typer.Option("--verbose", "-v", help="Print a line for each request (no secrets).")]
Debug = Annotated[bool | None, typer.Option("--debug", help="Print tracebacks.")]


@frozen
class Options:
    """The values given; None where an option was not given."""

    # Some versions of Typer leave the text itself among a command's parameters.
    output: Format | None = field(default=None, converter=converters.optional(Format))
    json: str | None = None
    jq: str | None = None
    profile: str | None = None
    account: str | None = None
    sandbox: bool | None = None
    allow_plain_http: str | None = None
    no_input: bool | None = None
    quiet: bool | None = None
    verbose: bool | None = None
    debug: bool | None = None

    @property
    def format(self) -> Format:
        """How to print."""
        return self.output or (Format.TABLE if self.json is None and self.jq is None else Format.JSON)

    @property
    def fields(self) -> tuple[str, ...] | None:
        """The fields that --json names; None for all."""
        return None if self.json is None else tuple(name.strip() for name in self.json.split(","))

    def over(self, earlier: Options) -> Options:
        """Return `earlier` with the values that are given here laid over it."""
        given = {name: value for name, value in asdict(self).items() if value is not None}
        return Options(**{**asdict(earlier), **given})


NAMES = tuple(fields_dict(Options))
