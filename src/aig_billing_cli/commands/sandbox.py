"""`aig-billing sandbox`: the billing API on this machine, and `sandbox charge` and others, which control one that runs."""

from __future__ import annotations

import datetime as dt
import importlib.util
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from aig_billing import Money

from ..command import command, group
from ..errors import UsageError
from ..output.rows import Field, Format
from ..parsers import amount, span
from ..session import Session

if TYPE_CHECKING:
    from aig_billing_sandbox.control.remote import RemoteControl

app = group()
FIELDS = (
    Field("time", "what its clock shows"),
    Field("balance", "the account's balance", money=True),
)
_NEEDED = ("starlette", "uvicorn", "yaml", "jsonschema", "jinja2")
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
    open_controls: Annotated[
        bool, typer.Option("--open-controls", help="Let other machines use the controls, too.")
    ] = False,
    db: Annotated[
        Path | None,
        typer.Option(
            "--db", metavar="FILE", help="Keep accounts and ledger in this SQLite file. By default in memory."
        ),
    ] = None,
    mode: Annotated[
        Literal["live", "documented"],
        typer.Option(
            "--mode",
            metavar="<live|documented>",
            help="Answer as the service is known to, or as its documents say.",
            show_default="live",
        ),
    ] = "live",
    seed: Annotated[
        Literal["demo"] | None,
        typer.Option("--seed", metavar="<demo>", help="Fill an empty database with forty days of usage and invoices."),
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
        raise UsageError("The sandbox is an extra that is not installed.", 'Run: pip install "aig-billing[sandbox]"')
    from aig_billing_sandbox.process import serve

    session: Session = context.obj
    try:
        serve(
            host=host,
            port=port,
            open_to_the_network=open_to_the_network,
            open_controls=open_controls,
            db=db,
            mode=mode,
            seed=seed,
            rate_limit=rate_limit,
            settles_after=settles_after or dt.timedelta(seconds=2),
            as_json=session.format is not Format.TABLE,
        )
    except (ValueError, OSError) as error:
        raise UsageError(f"The sandbox cannot start: {error}.") from None


@command(app, "charge", fields=FIELDS)
def charge(
    context: typer.Context,
    *,
    cost: Annotated[int, typer.Argument(parser=amount, metavar="AMOUNT", help="What the call costs, in dollars.")],
    model: Annotated[
        str, typer.Option("--model", metavar="NAME", help="The model that is called.", show_default="openai/gpt-5-mini")
    ] = "openai/gpt-5-mini",
) -> None:
    """Charge the account of a running sandbox for a call through the gateway."""

    def act(control: RemoteControl) -> str:
        blocked = control.act("use", cents=cost, model=model)["blocked"]
        return (
            f"The gateway blocked the call: {blocked}." if blocked else f"Charged {Money.from_cents(cost)} for {model}."
        )

    _control(context.obj, act)


@command(app, "decline", fields=FIELDS)
def decline(
    context: typer.Context,
    *,
    card: Annotated[
        Literal["declines", "declines_later", "needs_confirmation", "good"],
        typer.Argument(
            metavar="[BEHAVIOUR]",
            help="declines, declines_later (after it was accepted), needs_confirmation, or good.",
            show_default="declines",
        ),
    ] = "declines",
) -> None:
    """Give the account of a running sandbox a card that declines."""

    def act(control: RemoteControl) -> str:
        return f"The default card is now {control.act('put_card', behaviour=card)}: {card}."

    _control(context.obj, act)


@command(app, "advance", fields=FIELDS)
def advance(
    context: typer.Context,
    *,
    time: Annotated[dt.timedelta, typer.Argument(parser=span, metavar="TIME", help="How far, such as 30s or 2d.")],
) -> None:
    """Move the clock of a running sandbox on; payments that are due settle."""

    def act(control: RemoteControl) -> str:
        control.act("advance", seconds=time.total_seconds())
        return f"The clock was moved on by {time}."

    _control(context.obj, act)


@command(app, "fault", fields=FIELDS, more="Faults for one operation take effect one after the other.")
def fault(
    context: typer.Context,
    *,
    operation: Annotated[
        str, typer.Argument(metavar="[OPERATION]", help="Such as topup.create; by default any.", show_default="*")
    ] = "*",
    status: Annotated[
        int | None, typer.Option("--status", metavar="CODE", help="Answer with this status instead.")
    ] = None,
    drop: Annotated[
        Literal["before", "after"] | None,
        typer.Option("--drop", metavar="<before|after>", help="Close the connection, before or after doing the work."),
    ] = None,
    delay: Annotated[
        dt.timedelta | None, typer.Option("--delay", parser=span, metavar="TIME", help="Wait before doing the work.")
    ] = None,
    times: Annotated[
        int, typer.Option("--times", metavar="COUNT", help="How many calls it strikes.", show_default="1")
    ] = 1,
    clear: Annotated[bool, typer.Option("--clear", help="Remove the faults that have not struck yet.")] = False,
) -> None:
    """Make something go wrong with the next calls of a running sandbox."""
    if (status, drop, delay) == (None, None, None) and not clear:
        raise UsageError("Nothing would go wrong.", "Say --status, --drop or --delay, or --clear.")

    def act(control: RemoteControl) -> str:
        if clear:
            control.act("clear_faults")
            return "There are no faults."
        seconds = delay.total_seconds() if delay else 0
        control.act("fault", operation=operation, status=status, drop=drop, delay_before=seconds, times=times)
        return f"The next {times} calls of {operation} fail." if times > 1 else f"The next call of {operation} fails."

    _control(context.obj, act)


def _control(session: Session, act: Callable[[RemoteControl], str]) -> None:
    """Call a control of the sandbox that runs on this machine, and report its state after that."""
    from ..running_sandbox import running_sandbox, sandbox_errors

    control = running_sandbox(os.environ)
    with sandbox_errors():
        session.terminal.info(act(control))
        time, balance = dt.datetime.fromisoformat(control.read("now")), Money.from_cents(control.read("balance"))
    pairs = {"Time": f"{time:%Y-%m-%d %H:%M:%S} UTC", "Balance": str(balance)}
    session.report_record(FIELDS, {"time": time, "balance": balance}, lambda: pairs)
