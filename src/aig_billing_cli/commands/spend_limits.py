"""`aig-billing spend-limits list`, `add` and `remove`: what calls through a gateway may cost."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Literal

from ..command import command
from ..errors import UsageError, usage_errors
from ..options import YES, argument, option
from ..options import amount as dollars
from ..output.formatting import safe
from ..output.rows import Field, Row
from ..session import Session

if TYPE_CHECKING:
    from aig_billing import SpendLimits  # with all models, which --help needs not wait for

FIELDS: tuple[Field[Row], ...] = (
    Field("gateway", "id of the gateway", title="Gateway"),
    Field("id", "id of the rule", title="Rule"),
    Field("rule", "the rule in words", title="Limit", shrink=True),
    Field("limit", "the most that may be spent in one window", money=True),
    Field("window_seconds", "length of a window, in seconds"),
    Field("technique", "sliding or fixed windows"),
    Field("enabled", "whether it is enforced", title="On"),
)
GATEWAY = option("--gateway ID", "The gateway.", default="default")
DRY_RUN = option("--dry-run", "Show what would change, and change nothing.")
_AFTER = (
    "Past a limit, the gateway answers calls with 429 until the window has room again. Usage is counted after each call, so a limit can "
    "be exceeded. Windows are not calendar months."
)


@command("spend-limits list", fields=FIELDS)
def list_(
    session: Session,
    *,
    gateway: str | None = option("--gateway ID", "Only this gateway.", show_default="all gateways"),
) -> None:
    """List the spend limits of gateways."""
    with session.waiting("Asking for spend limits"):
        names = [gateway] if gateway is not None else _gateways(session)
        found = [session.client.ai_gateway.spend_limits.get(gateway=name) for name in names]
    rows = [row for limits in found for row in _rows(limits)]
    session.report_list(rows, empty=f"No spend limit is set on {', '.join(map(safe, names)) or 'any gateway'}.")


@command("spend-limits add", fields=FIELDS, more=_AFTER)
def add(
    session: Session,
    *,
    limit: int = argument("AMOUNT", "The most that may be spent in one window, in dollars.", parser=dollars),
    window: str = option("--window LENGTH", 'Length of a window: day, week, "30 days", "12 hours".'),
    gateway: str = GATEWAY,
    technique: Literal["fixed", "sliding"] | None = option(
        "--technique", "One window after the other, or any such stretch of time."
    ),
    model: list[str] | None = option("--model NAME", "Count only this model; may be repeated."),
    provider: list[str] | None = option("--provider NAME", "Count only this provider; may be repeated."),
    per: list[str] | None = option("--per KEY", "Count each value of this metadata key separately; may be repeated."),
    where: list[str] | None = option("--where KEY=VALUE", "Count only requests with this metadata; may be repeated."),
    dry_run: bool = DRY_RUN,
    yes: bool = YES,
) -> None:
    """Add a spend limit to a gateway."""
    rule: dict[str, Any] = {
        "limit": limit,
        "window": _window(window),
        "technique": technique,
        "model": model or None,
        "provider": provider or None,
        "metadata": _metadata(per or [], where or []),
    }
    _change(session, "add", gateway, rule, dry_run=dry_run, yes=yes)


@command("spend-limits remove", fields=FIELDS)
def remove(
    session: Session,
    *,
    rule: str = argument("RULE", "Id of the rule, as `list` shows it."),
    gateway: str = GATEWAY,
    dry_run: bool = DRY_RUN,
    yes: bool = YES,
) -> None:
    """Remove a spend limit from a gateway."""
    _change(session, "remove", gateway, {"rule": rule}, dry_run=dry_run, yes=yes)


def _change(
    session: Session,
    method: Literal["add", "remove"],
    gateway: str,
    arguments: dict[str, Any],
    *,
    dry_run: bool,
    yes: bool,
) -> None:
    """Show the difference, ask, and change the gateway if it is still as it was shown."""
    if not dry_run:
        session.require_answer(yes=yes)
    limits = session.client.ai_gateway.spend_limits
    call = limits.add if method == "add" else limits.remove
    with session.waiting("Asking for the gateway"), usage_errors(ValueError):
        seen = limits.get(gateway=gateway)
        proposal = call(gateway=gateway, dry_run=True, unchanged_since=seen, **arguments)
    for line in proposal.diff.splitlines():
        session.terminal.info(safe(line))
    if dry_run:
        session.report(_rows(proposal), lambda: ["Nothing was changed."])
        return
    session.confirm(f"Change the gateway {safe(gateway)!r} like this?", yes=yes)
    with session.waiting("Changing the gateway, and reading it again"):
        done = call(gateway=gateway, unchanged_since=seen, **arguments)
    if done.rules and not done.enabled:
        session.terminal.info("The gateway's spend limits are switched off as a whole: none of them is enforced.")
    session.report_list(_rows(done), empty=f"No spend limit is set on {safe(gateway)} now.")


def _window(words: str) -> dt.timedelta:
    from aig_billing_spend_limits.rules import parse_window

    try:
        return parse_window(words)
    except ValueError as error:
        raise UsageError(f"{str(error).replace('window=', '--window ', 1).rstrip('.')}.") from None


def _gateways(session: Session) -> list[str]:
    names: list[str] = []
    while True:
        page = session.client.ai_gateway.list(page=len(names) // 50 + 1, per_page=50)
        names += [gateway.id for gateway in page]
        if len(page) < 50:
            return names


def _rows(limits: SpendLimits) -> list[Row]:
    return [
        {
            "gateway": limits.gateway,
            "id": rule.id,
            "rule": str(rule),
            "limit": rule.limit,
            "window_seconds": round(rule.window.total_seconds()),
            "technique": rule.technique,
            "enabled": limits.enabled and rule.enabled,
        }
        for rule in limits.rules
    ]


def _metadata(per: list[str], where: list[str]) -> dict[str, list[str] | None]:
    """Read `--per KEY` and `--where KEY=VALUE`."""
    found: dict[str, list[str] | None] = dict.fromkeys(per)
    for pair in where:
        key, equals, value = pair.partition("=")
        if not equals or not key or not value:
            raise UsageError(f"--where {pair!r} is not KEY=VALUE.")
        values = found.setdefault(key, [])
        if values is None:
            raise UsageError(f"--per {key} and --where {key}= contradict each other.")
        values.append(value)
    return found
