"""`aig-billing sandbox`: the billing API on this machine, and `sandbox charge` and others, which control one that runs."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from aig_billing import Money

from ..command import command
from ..errors import UsageError
from ..options import amount, argument, option, span
from ..output.rows import Field, Format, Row, Words
from ..session import Session

if TYPE_CHECKING:
    from aig_billing_sandbox.control.remote import RemoteControl

FIELDS: tuple[Field[Row], ...] = (
    Field("time", "what its clock shows"),
    Field("balance", "the account's balance", money=True),
)
_MORE = "With -o json it prints one line of JSON once it listens. Other commands find it with --sandbox."


@command("sandbox", more=_MORE)
def sandbox(
    session: Session,
    *,
    port: int = option("--port PORT", "Port to listen on; 0 takes any free one.", min=0, max=65_535, default=8787),
    host: str = option("--host ADDRESS", "Address to listen on.", default="127.0.0.1"),
    open_to_the_network: bool = option("--open-to-the-network", "Allow a --host that other machines can reach."),
    open_controls: bool = option("--open-controls", "Let other machines use the controls, too."),
    db: Path | None = option("--db FILE", "Keep accounts and ledger in this SQLite file. By default in memory."),
    mode: Literal["live", "documented"] = option(
        "--mode", "Answer as the service is known to, or as its documents say.", default="live"
    ),
    seed: Literal["demo"] | None = option("--seed", "Fill an empty database with forty days of usage and invoices."),
    rate_limit: str | None = option(
        "--rate-limit QUOTA/SECONDS", "Refuse requests beyond this with 429, such as 100/60."
    ),
    settles_after: dt.timedelta = option("--settles-after TIME", "Until a payment settles.", parser=span, default="2s"),
) -> None:
    """Run the billing API here, to try things without a card.

    Ctrl-C ends it.
    """
    from aig_billing_sandbox.process import checked_host, serve
    from aig_billing_sandbox.sandbox import Sandbox

    try:
        here = Sandbox(
            db,
            mode=mode,
            seed=seed,
            settles_after=settles_after,
            rate_limit=rate_limit,
            host=checked_host(host, open_to_the_network=open_to_the_network),
            port=port,
            open_controls=open_controls,
        )
        serve(here, as_json=session.options.format is not Format.TABLE)
    except (ValueError, OSError) as error:
        raise UsageError(f"The sandbox cannot start: {error}.") from None


@command("sandbox charge", fields=FIELDS)
def charge(
    session: Session,
    *,
    cost: int = argument("AMOUNT", "What the call costs, in dollars.", parser=amount),
    model: str = option("--model NAME", "The model that is called.", default="openai/gpt-5-mini"),
) -> None:
    """Charge the account of a running sandbox for a call through the gateway."""
    with _control(session) as control:
        blocked = control.act("use", cents=cost, model=model)["blocked"]
        charged = f"Charged {Money.from_cents(cost)} for {model}."
        session.terminal.info(f"The gateway blocked the call: {blocked}." if blocked else charged)


@command("sandbox decline", fields=FIELDS)
def decline(
    session: Session,
    *,
    card: Literal["declines", "declines_later", "needs_confirmation", "good"] = argument(
        "[BEHAVIOUR]",
        "declines, declines_later (after it was accepted), needs_confirmation, or good.",
        default="declines",
    ),
) -> None:
    """Give the account of a running sandbox a card that declines."""
    with _control(session) as control:
        session.terminal.info(f"The default card is now {control.act('put_card', behaviour=card)}: {card}.")


@command("sandbox advance", fields=FIELDS)
def advance(
    session: Session,
    *,
    time: dt.timedelta = argument("TIME", "How far, such as 30s or 2d.", parser=span),
) -> None:
    """Move the clock of a running sandbox on; payments that are due settle."""
    with _control(session) as control:
        control.act("advance", seconds=time.total_seconds())
        session.terminal.info(f"The clock was moved on by {time}.")


@command("sandbox fault", fields=FIELDS, more="Faults for one operation take effect one after the other.")
def fault(
    session: Session,
    *,
    operation: str = argument("[OPERATION]", "Such as topup.create; by default any.", default="*"),
    status: int | None = option("--status CODE", "Answer with this status instead."),
    drop: Literal["before", "after"] | None = option("--drop", "Close the connection, before or after doing the work."),
    delay: dt.timedelta | None = option("--delay TIME", "Wait before doing the work.", parser=span),
    times: int = option("--times COUNT", "How many calls it strikes.", default=1),
    clear: bool = option("--clear", "Remove the faults that have not struck yet."),
) -> None:
    """Make something go wrong with the next calls of a running sandbox."""
    if (status, drop, delay) == (None, None, None) and not clear:
        raise UsageError("Nothing would go wrong.", "Say --status, --drop or --delay, or --clear.")
    with _control(session) as control:
        if clear:
            control.act("clear_faults")
            session.terminal.info("There are no faults.")
        else:
            seconds = delay.total_seconds() if delay else 0
            control.act("fault", operation=operation, status=status, drop=drop, delay_before=seconds, times=times)
            calls = f"{times} calls of {operation} fail" if times > 1 else f"call of {operation} fails"
            session.terminal.info(f"The next {calls}.")


@contextlib.contextmanager
def _control(session: Session) -> Generator[RemoteControl]:
    """Give the controls of the sandbox that runs on this machine, and report its state after the block."""
    from ..running_sandbox import running_sandbox, sandbox_errors

    control = running_sandbox()
    with sandbox_errors():
        yield control
        time, balance = dt.datetime.fromisoformat(control.read("now")), Money.from_cents(control.read("balance"))
    pairs: dict[str, Words] = {"Time": f"{time:%Y-%m-%d %H:%M:%S} UTC", "Balance": str(balance)}
    session.report_record({"time": time, "balance": balance}, pairs)
