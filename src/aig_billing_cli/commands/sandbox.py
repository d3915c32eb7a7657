"""`aig-billing sandbox`: the billing API on this machine."""

from __future__ import annotations

import datetime as dt
import importlib.util
from pathlib import Path
from typing import Annotated, Literal

import typer

from ..command import command, group
from ..errors import CommandError
from ..exit_codes import ExitCode
from ..output.rows import Format
from ..parsers import span
from ..session import Session

app = group()
_NEEDED = ("starlette", "uvicorn", "yaml", "jsonschema")
_MORE = "With -o json it prints one line of JSON once it listens. Other commands find it with --sandbox."


@command(app, "sandbox", more=_MORE)
def sandbox(
    context: typer.Context,
    *,
    port: Annotated[
        int,
        typer.Option(
            "--port",
            metavar="PORT",
            help="Port to listen on; 0 takes any free one.",
            min=0,
            max=65_535,
            show_default="8787",
        ),
    ] = 8787,
    host: Annotated[
        str, typer.Option("--host", metavar="ADDRESS", help="Address to listen on.", show_default="127.0.0.1")
    ] = "127.0.0.1",
    open_to_the_network: Annotated[
        bool, typer.Option("--open-to-the-network", help="Allow a --host that other machines can reach.")
    ] = False,
    db: Annotated[
        Path | None,
        typer.Option("--db", metavar="FILE", help="Keep the books in this SQLite file. By default in memory."),
    ] = None,
    mode: Annotated[
        Literal["documented", "live"],
        typer.Option(
            "--mode",
            metavar="<documented|live>",
            help="What the documents say, or what the service does since mid-2026.",
            show_default="documented",
        ),
    ] = "documented",
    seed: Annotated[
        Literal["demo"] | None,
        typer.Option("--seed", metavar="<demo>", help="Fill empty books with a month of usage and invoices."),
    ] = None,
    rate_limit: Annotated[
        str | None,
        typer.Option(
            "--rate-limit", metavar="QUOTA/SECONDS", help="Refuse requests beyond this with 429, such as 100/60."
        ),
    ] = None,
    settles_after: Annotated[
        dt.timedelta | None,
        typer.Option(
            "--settles-after", parser=span, metavar="TIME", help="Until a payment settles.", show_default="2s"
        ),
    ] = None,
) -> None:
    """Run the billing API here, to try things without a card.

    Ctrl-C ends it.
    """
    if any(importlib.util.find_spec(name) is None for name in _NEEDED):
        raise CommandError(
            ExitCode.USAGE, "The sandbox is an extra that is not installed.", 'Run: pip install "aig-billing[sandbox]"'
        )
    from aig_billing_sandbox.process import ServeOptions, serve

    session: Session = context.obj
    try:
        serve(
            ServeOptions(
                host=host,
                port=port,
                open_to_the_network=open_to_the_network,
                db=db,
                mode=mode,
                seed=seed,
                rate_limit=rate_limit,
                settles_after=settles_after or dt.timedelta(seconds=2),
                as_json=session.format is not Format.TABLE,
            )
        )
    except (ValueError, OSError) as error:
        raise CommandError(ExitCode.USAGE, f"The sandbox cannot start: {error}.") from None
