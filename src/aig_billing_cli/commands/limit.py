"""`aig-billing limit show`, `set` and `remove`: the account's spending limit, which is on its way out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from ..exit_codes import ExitCode
from ..output.rows import Field, Report, Row
from ..problem import Problem
from ..registry import command
from ..session import Session
from ..typed import amount

if TYPE_CHECKING:
    from rich.console import RenderableType

FIELDS = (
    Field("enabled", "whether the limit is on"),
    Field("limit", "how much may be spent in one period", money=True),
    Field("duration", "length of a period: daily, weekly or monthly"),
    Field("strategy", "how periods are counted: fixed or sliding"),
)
DEPRECATED = (
    "Account-wide spending limits are deprecated: since mid-2026 the service refuses to set or change them, and only removes them. "
    "A spend limit on each gateway replaces them (dashboard: AI > AI Gateway)."
)
LEAST_CENTS = 100
_WAY_BACK = "A removed limit cannot be set again: the service refuses to set any."


@command("limit show", fields=FIELDS)
def show(session: Session) -> None:
    """Show the spending limit."""
    with session.waiting("Asking for the spending limit"):
        answer = session.billing.spending_limit.get()
    config = answer.config
    row: Row = {
        "enabled": answer.enabled,
        "limit": config.amount_money,
        "duration": config.duration,
        "strategy": config.strategy,
    }

    def layout() -> list[RenderableType]:
        from ..output.shown import safe
        from ..output.tables import record_table

        if not answer.enabled:
            return [record_table({"Spending limit": "none"})]
        return [
            record_table(
                {
                    "Spending limit": safe(
                        f"{config.amount_money} {config.duration or ''} ({config.strategy or 'unknown strategy'})"
                    )
                }
            )
        ]

    session.report(Report(FIELDS, [row], single=True), layout)
    if answer.enabled:
        session.terminal.say(DEPRECATED)


@command("limit set", fields=FIELDS, more=DEPRECATED)
def set_(
    session: Session,
    *,
    limit: Annotated[int, typer.Argument(parser=amount, metavar="AMOUNT", help="How much may be spent in one period.")],
    duration: Annotated[
        Literal["daily", "weekly", "monthly"], typer.Option("--duration", help="Length of a period.")
    ] = "monthly",
    strategy: Annotated[
        Literal["fixed", "sliding"], typer.Option("--strategy", help="Calendar periods, or a window that moves along.")
    ] = "fixed",
) -> None:
    """Set the spending limit (deprecated, and refused)."""
    import warnings

    from aig_billing import Money

    if limit < LEAST_CENTS:
        raise Problem(ExitCode.USAGE, f"A spending limit is at least {Money.from_cents(LEAST_CENTS)}.")
    session.terminal.say(DEPRECATED)
    with session.waiting("Setting the spending limit"), warnings.catch_warnings():
        # The person has just been told.
        warnings.simplefilter("ignore", DeprecationWarning)
        session.billing.spending_limit.create(amount=limit, duration=duration, strategy=strategy)  # pyright: ignore[reportDeprecated]  # see above
    row: Row = {"enabled": True, "limit": Money.from_cents(limit), "duration": duration, "strategy": strategy}
    sentence = f"The spending limit is {Money.from_cents(limit)} {duration} ({strategy})."
    session.report(Report(FIELDS, [row], single=True), lambda: [sentence])


@command("limit remove", fields=FIELDS)
def remove(
    session: Session,
    *,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Remove the spending limit."""
    session.confirm(f"Remove the spending limit? {_WAY_BACK}", yes=yes)
    with session.waiting("Removing the spending limit"):
        session.billing.spending_limit.delete()
    session.report(Report(FIELDS, [{"enabled": False}], single=True), lambda: ["There is no spending limit now."])
