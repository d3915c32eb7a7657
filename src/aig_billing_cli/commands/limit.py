"""`aig-billing limit show`, `set` and `remove`: the account's spending limit, which is deprecated."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Literal

from aig_billing import Money

from ..command import command
from ..errors import UsageError
from ..options import YES, amount, argument, option
from ..output.rows import Field, Row
from ..session import Session

if TYPE_CHECKING:
    from aig_billing.models import SpendingLimitGetResponse

FIELDS: tuple[Field[SpendingLimitGetResponse], ...] = (
    Field("enabled", "whether the limit is on"),
    Field("limit", "how much may be spent in one period", lambda it: it.config.amount_money, money=True),
    Field("duration", "length of a period: daily, weekly or monthly", lambda it: it.config.duration),
    Field("strategy", "how periods are counted: fixed or sliding", lambda it: it.config.strategy),
)
DEPRECATED = (
    "Account-wide spending limits are deprecated: since mid-2026 the service refuses to set or change them, and only removes them. "
    "Spend limits of gateways replace them: `aig-billing spend-limits add`."
)
REPLACED = "Limits are set for gateways now: `aig-billing spend-limits list`."
LEAST = Money.from_cents(100)


@command("limit show", fields=FIELDS)
def show(session: Session) -> None:
    """Show the spending limit."""
    answer = session.ask("Asking for the spending limit", session.billing.spending_limit.get)
    config = answer.config
    limit = f"{config.amount_money} {config.duration or ''} ({config.strategy or 'unknown strategy'})"
    session.report_record(answer, {"Spending limit": limit if answer.enabled else "none"})
    session.terminal.info(DEPRECATED if answer.enabled else REPLACED)


@command("limit set", fields=FIELDS, more=DEPRECATED)
def set_(
    session: Session,
    *,
    limit: int = argument("AMOUNT", "How much may be spent in one period.", parser=amount),
    duration: Literal["daily", "weekly", "monthly"] = option("--duration", "Length of a period.", default="monthly"),
    strategy: Literal["fixed", "sliding"] = option(
        "--strategy", "Calendar periods, or a window that moves along.", default="fixed"
    ),
) -> None:
    """Set the spending limit (deprecated, and refused)."""
    money = Money.from_cents(limit)
    if money.amount < LEAST.amount:
        raise UsageError(f"A spending limit is at least {LEAST}.")
    session.terminal.info(DEPRECATED)
    with session.waiting("Setting the spending limit"), warnings.catch_warnings(action="ignore"):
        # The message above says it already.
        session.billing.spending_limit.create(amount=limit, duration=duration, strategy=strategy)  # pyright: ignore[reportDeprecated]  # see above
    row: Row = {"enabled": True, "limit": money, "duration": duration, "strategy": strategy}
    session.report_record(row, f"The spending limit is {money} {duration} ({strategy}).")


@command("limit remove", fields=FIELDS)
def remove(session: Session, *, yes: bool = YES) -> None:
    """Remove the spending limit."""
    session.confirm(
        "Remove the spending limit? A removed limit cannot be set again: the service refuses to set any.", yes=yes
    )
    session.ask("Removing the spending limit", session.billing.spending_limit.delete)
    session.report_record({"enabled": False}, "There is no spending limit now.")
