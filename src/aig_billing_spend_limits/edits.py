"""What can be done to the rules of a gateway, as functions from the limits that it has to those that it should have."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from attrs import evolve

from aig_billing_runtime.money import Money

from .rules import Metadata, SpendLimits, SpendRule, Technique, Values, Window, spend_rule

Edit: TypeAlias = Callable[[SpendLimits], SpendLimits]


def adding(
    *,
    limit: int | Money,
    window: Window,
    technique: Technique | None,
    model: Values | None,
    provider: Values | None,
    metadata: Metadata | None,
) -> Edit:
    """Add a rule; the first one switches the limits on."""
    rule = spend_rule(
        limit=limit, window=window, technique=technique, model=model, provider=provider, metadata=metadata
    )
    return lambda limits: evolve(limits, rules=(*limits.rules, rule), enabled=limits.enabled or not limits.rules)


def removing(rule: str | SpendRule) -> Edit:
    """Remove a rule."""

    def edit(limits: SpendLimits) -> SpendLimits:
        index = _index(limits, rule)
        return evolve(limits, rules=limits.rules[:index] + limits.rules[index + 1 :])

    return edit


def replacing(rules: Sequence[SpendRule]) -> Edit:
    """Replace all rules; the first ones switch the limits on."""
    chosen = tuple(rules)
    if any(type(rule) is not SpendRule for rule in chosen):
        raise TypeError("rules must be a list of rules, each from spend_limits.get() or spend_rule()")
    return lambda limits: evolve(limits, rules=chosen, enabled=limits.enabled or not limits.rules)


def switching(rule: str | SpendRule | None, *, on: bool) -> Edit:
    """Switch one rule on or off, or the limits as a whole."""

    def edit(limits: SpendLimits) -> SpendLimits:
        if rule is None:
            return evolve(limits, enabled=on)
        index = _index(limits, rule)
        switched = limits.rules[index].switched(on=on)
        return evolve(limits, rules=(*limits.rules[:index], switched, *limits.rules[index + 1 :]))

    return edit


def _index(limits: SpendLimits, rule: str | SpendRule) -> int:
    """Find a rule by its id, or one without an id by what it says."""
    if type(rule) not in {str, SpendRule}:
        raise TypeError(f"rule must be the id of a rule, or a rule, not {rule!r}")
    wanted = rule if isinstance(rule, str) else rule.id
    for index, one in enumerate(limits.rules):
        if (one.id == wanted) if wanted is not None else one == rule:
            return index
    known = ", ".join(one.id for one in limits.rules if one.id) or "none"
    raise ValueError(
        f"the gateway {limits.gateway!r} has no rule {wanted or rule}; its rules are: {known}. Nothing was sent"
    )
