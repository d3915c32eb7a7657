"""Changing the rules of one gateway: read it, change only `spend_limits`, write everything back, and read it again.

The API replaces a gateway as a whole and has no version to compare (npm cloudflare 7.3.0, PyPI 5.9.0: `ai_gateway.update`). So two who
change one gateway at once can overwrite each other; the second reading, a moment later, finds that out and says so.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeAlias

from aig_billing.api.ai_gateway import get, update
from attrs import evolve

from aig_billing_runtime.arguments import encode_body, number
from aig_billing_runtime.caller import Caller
from aig_billing_runtime.errors import APIConnectionError, APIStatusError, SettingChanged
from aig_billing_runtime.flow import call_flow
from aig_billing_runtime.operation import Call
from aig_billing_runtime.response import Response
from aig_billing_runtime.retries import DEFINITE_REFUSALS
from aig_billing_runtime.schema import Json
from aig_billing_runtime.steps import Flow, Sleep

from .rules import MAX_RULES, SpendLimits, SpendRule, read_rule

if TYPE_CHECKING:
    from aig_billing import AsyncClient, Client

_READ_ONLY = frozenset({"id", "created_at", "modified_at", "is_default"})
"""What reading a gateway gives and replacing it does not take."""
_REQUIRED = ("cache_invalidate_on_update", "cache_ttl", "collect_logs", "rate_limiting_interval", "rate_limiting_limit")
_CHANGES_BY_ITSELF = frozenset({"spend_limits", "modified_at"})

Object: TypeAlias = dict[str, Any]
"""A JSON object."""
Rules: TypeAlias = tuple[SpendRule, ...]
Edit: TypeAlias = Callable[[SpendLimits], SpendLimits]
"""Gives the limits that a gateway should have, from those that it has."""


def adding(rule: SpendRule) -> Edit:
    """Add a rule; the first one switches the limits on."""
    return lambda limits: evolve(limits, rules=(*limits.rules, rule), enabled=limits.enabled or not limits.rules)


def replacing(rules: Sequence[SpendRule]) -> Edit:
    """Replace all rules; the first ones switch the limits on."""
    chosen = tuple(rules)
    if any(type(rule) is not SpendRule for rule in chosen):
        raise TypeError("rules must be a list of rules, each from spend_limits.get() or spend_rule()")
    return lambda limits: evolve(limits, rules=chosen, enabled=limits.enabled or not limits.rules)


def removing(rule: str | SpendRule) -> Edit:
    """Remove a rule."""
    return _replacing_one(rule, lambda _: ())


def switching(rule: str | SpendRule | None, *, on: bool) -> Edit:
    """Switch one rule on or off, or the limits as a whole."""
    if rule is None:
        return lambda limits: evolve(limits, enabled=on)
    return _replacing_one(rule, lambda found: (evolve(found, enabled=on, json={**found.json, "enabled": on}),))


def _replacing_one(rule: str | SpendRule, by: Callable[[SpendRule], Rules]) -> Edit:
    """Replace the rule that has this id, or, for one without an id, that says the same."""
    if type(rule) not in {str, SpendRule}:
        raise TypeError(f"rule must be the id of a rule, or a rule, not {rule!r}")
    wanted = rule if isinstance(rule, str) else rule.id

    def edit(limits: SpendLimits) -> SpendLimits:
        for index, one in enumerate(limits.rules):
            if (one.id == wanted) if wanted is not None else one == rule:
                return evolve(limits, rules=(*limits.rules[:index], *by(one), *limits.rules[index + 1 :]))
        known = ", ".join(one.id for one in limits.rules if one.id) or "none"
        raise ValueError(
            f"the gateway {limits.gateway!r} has no rule {wanted or rule}; its rules are: {known}. Nothing was sent"
        )

    return edit


def read(client: Client | AsyncClient, gateway: str, account_id: str | None) -> Flow[SpendLimits]:
    """Read the rules of a gateway."""
    limits, _ = yield from _get(client.caller, gateway, account_id)
    return limits


def change(  # noqa: PLR0917 - what every method passes on, in one order
    client: Client | AsyncClient,
    edit: Edit,
    gateway: str,
    account_id: str | None,
    dry_run: bool,  # noqa: FBT001 - the methods take it by name
    unchanged_since: SpendLimits | None,
    confirm_after: float,
) -> Flow[SpendLimits]:
    """Change the rules of a gateway, and make sure that nothing else changed with them.

    Raises:
        SettingChanged: When somebody else changed the gateway, or when it is not afterwards as it should be.
        ValueError: When the changed rules are more than a gateway may have; nothing was written.
    """
    seconds = number("confirm_after", confirm_after, minimum=0)
    limits, before = yield from _get(client.caller, gateway, account_id)
    if unchanged_since is not None and unchanged_since.modified_at != limits.modified_at:
        raise SettingChanged(
            f"The gateway {gateway!r} was changed at {limits.modified_at}, after it was read: nothing was written. Look at it again with "
            "spend_limits.get().",
            applied=False,
        )
    wanted = edit(limits)
    if len(wanted.rules) > MAX_RULES:
        raise ValueError(
            f"the gateway {gateway!r} would have {len(wanted.rules)} rules, and it may have {MAX_RULES}; nothing was written"
        )
    wanted = evolve(wanted, diff=_diff(limits, wanted))
    if dry_run or not wanted.diff:
        return wanted
    body = _body(before, wanted)
    written = False
    try:
        yield from call_flow(Call(update.OPERATION, (account_id, gateway), body=encode_body(body)), client.caller)
        written = True
        yield Sleep(seconds)
        limits_after, after = yield from _get(client.caller, gateway, account_id)
    except BaseException as error:
        if not isinstance(error, GeneratorExit) and (written or not _is_refusal(error)):
            error.add_note(
                f"The gateway {gateway!r} may have been changed: look at it with spend_limits.get(gateway={gateway!r})."
            )
        raise
    removed = {rule.id for rule in limits.rules} - {rule.id for rule in wanted.rules} - {None}
    _confirm(gateway, before, body, after, removed)
    return evolve(limits_after, diff=wanted.diff)


def _is_refusal(error: BaseException) -> bool:
    """Whether the error of a write proves that nothing was written."""
    if isinstance(error, APIConnectionError):
        return error.never_left
    return isinstance(error, APIStatusError) and error.status_code in DEFINITE_REFUSALS and bool(error.errors)


def _get(caller: Caller, gateway: str, account_id: str | None) -> Flow[tuple[SpendLimits, Object]]:
    """Read a gateway: its rules, by the generated model, and the whole of it as the JSON that came."""
    done = yield from call_flow(get.call(account_id, gateway), caller)
    content = Response(done, caller.options.body_limit).content
    found: Object = json.loads(content, parse_float=_exact_float)["result"]
    typed = done.value.spend_limits
    rules: Rules = ()
    if typed is not None and typed.rules:
        rules = tuple(map(read_rule, typed.rules, found["spend_limits"]["rules"]))
    enabled = bool(rules) if typed is None or typed.enabled is None else typed.enabled
    return SpendLimits(gateway=gateway, enabled=enabled, rules=rules, modified_at=done.value.modified_at), found


def _exact_float(text: str) -> float:
    number = float(text)
    if Decimal(repr(number)) != Decimal(text):
        raise SettingChanged(
            f"The gateway holds the number {text[:60]}, which cannot be sent back exactly: nothing was written. Change it in the "
            "dashboard.",
            applied=False,
        )
    return number


def _body(before: Object, wanted: SpendLimits) -> dict[str, Any]:
    """Write the whole gateway as it was, with other rules."""
    body = dict.fromkeys(_REQUIRED) | {name: value for name, value in before.items() if name not in _READ_ONLY}
    body["spend_limits"] = {
        **(before.get("spend_limits") or {}),
        "enabled": wanted.enabled,
        "rules": [rule.to_json() for rule in wanted.rules],
    }
    return body


def _confirm(gateway: str, before: Object, sent: Object, after: Object, removed: set[str | None]) -> None:
    """Compare the gateway with what it was and with what was sent."""
    others = sorted(
        name
        for name in (before.keys() | after.keys()) - _CHANGES_BY_ITSELF
        if not _same(before.get(name), after.get(name))
    )
    found: Object = after.get("spend_limits") or {}
    left: list[Object] = list(found.get("rules") or ())
    missing: list[Object] = []
    for rule in sent["spend_limits"]["rules"]:
        match = next((index for index, one in enumerate(left) if _holds(one, rule)), None)
        if match is None:
            missing.append(rule)
        else:
            del left[match]
    applied = (
        not missing
        and not any(rule.get("id") in removed for rule in left)
        and found.get("enabled") == sent["spend_limits"]["enabled"]
    )
    if applied and not others:
        return
    what = [f"other settings differ from before ({', '.join(others)})"] if others else []
    if not applied:
        what.append("its rules are not those that were sent")
    raise SettingChanged(
        f"The gateway {gateway!r} was written, and read again {' and '.join(what)}: somebody else has changed it at the same time, or the "
        "service did not keep what was sent. "
        + ("Your change is in place. " if applied else "Your change is not in place. ")
        + "Look at the gateway in the dashboard before you change it again.",
        applied=applied,
        settings=tuple(others),
    )


def _holds(found: Json, sent: Json) -> bool:
    """Whether what was sent is there: the service may add an id and defaults."""
    if isinstance(sent, dict) and isinstance(found, dict):
        return all(_holds(found.get(name), value) for name, value in sent.items())
    return _same(found, sent)


def _same(one: Json, other: Json) -> bool:
    """Whether two JSON values are equal; true is not 1, and what is absent is null."""
    if isinstance(one, dict) and isinstance(other, dict):
        return all(_same(one.get(name), other.get(name)) for name in one.keys() | other.keys())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same, one, other))
    return isinstance(one, bool) == isinstance(other, bool) and one == other


def _diff(before: SpendLimits, after: SpendLimits) -> str:
    old, new = (
        [
            f"limits are {'on' if one.enabled else 'off'}",
            *(f"{rule}{f'  ({rule.id})' if rule.id else ''}" for rule in one.rules),
        ]
        for one in (before, after)
    )
    lines = difflib.unified_diff(
        old, new, f"{before.gateway} (now)", f"{before.gateway} (changed)", lineterm="", n=MAX_RULES
    )
    return "\n".join(line for line in lines if not line.startswith("@@"))
