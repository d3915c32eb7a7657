"""The rules of a gateway's spend limits as people say them: money, lengths of time, sentences.

The API counts dollars and seconds (Cloudflare's SDKs, `ai_gateway` types; LIVE facts in `overlays/spec/25-gateways.yaml`). Each rule keeps
the JSON that it was read from, so that what is not changed is sent back exactly as it came.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Literal, TypeAlias, cast

from aig_billing.models import SpendLimitRule
from attrs import field, frozen

from aig_billing_runtime.arguments import integer
from aig_billing_runtime.money import Money

MAX_RULES = 20
"""Rules that a gateway may have (Cloudflare's documentation of spend limits)."""

Window: TypeAlias = dt.timedelta | str
"""A length of time: a timedelta, or words such as "day", "week", "30 days", "12 hours"."""
Technique: TypeAlias = Literal["fixed", "sliding"]
Values: TypeAlias = str | Sequence[str]
Metadata: TypeAlias = Mapping[str, Values | None]
"""A key and the values that the rule is about; None counts each value of the key for itself."""

_SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400, "week": 604_800}
_WORDS = re.compile(r"(?:([1-9][0-9]{0,11}) ?)?(second|minute|hour|day|week)s?")


@frozen(kw_only=True)
class SpendRule:
    """One rule: at most `limit` in any `window`."""

    limit: Money
    """The most that may be spent in one window, in US dollars."""
    window: dt.timedelta
    """How long a window is. Windows are not calendar months: a month of 30 days is `timedelta(days=30)`."""
    technique: str | None = None
    """`sliding` (any such stretch of time) or `fixed` (one window after the other); None leaves it to the service."""
    models: tuple[str, ...] = ()
    """The models that it counts; empty for all of them."""
    providers: tuple[str, ...] = ()
    """The providers that it counts; empty for all of them."""
    metadata: Mapping[str, tuple[str, ...] | None] = field(factory=dict[str, "tuple[str, ...] | None"])
    """The metadata of requests that it counts; None for a key whose values are each counted for themselves."""
    enabled: bool = True
    """Whether it is enforced."""
    id: str | None = None
    """The id that `remove` takes; None before the service has given one."""
    json: Mapping[str, Any] = field(repr=False, eq=False)
    """The rule as the API has it: as it came if it was read, with dollars and seconds if it is new."""

    def __str__(self) -> str:
        """Say the rule as a sentence: `$100.00 in any 30 days, per user_id`."""
        stretch = "any" if self.technique != "fixed" else "every"
        parts = [f"{self.limit} in {stretch} {window_in_words(self.window)}"]
        parts += [
            f"{what} {', '.join(values)}"
            for what, values in (("model", self.models), ("provider", self.providers))
            if values
        ]
        for key, values in self.metadata.items():
            parts.append(f"per {key}" if values is None else f"{key} {', '.join(values)}")
        return ", ".join(parts if self.enabled else [*parts, "switched off"])

    def to_json(self) -> dict[str, Any]:
        """Write it as the API takes it."""
        return dict(self.json)


@frozen(kw_only=True)
class SpendLimits:
    """The spend limits of one gateway."""

    gateway: str
    """The gateway's id."""
    enabled: bool
    """Whether any of the rules is enforced."""
    rules: tuple[SpendRule, ...]
    """The rules, in the service's order."""
    modified_at: dt.datetime | None = None
    """When the gateway was last changed (aware, UTC)."""
    diff: str = ""
    """With `dry_run=True`: what would be changed, as a unified diff; empty when nothing would."""


def spend_rule(
    *,
    limit: int | Money,
    window: Window,
    technique: Technique | None = None,
    model: Values | None = None,
    provider: Values | None = None,
    metadata: Metadata | None = None,
    enabled: bool = True,
) -> SpendRule:
    """Check what a rule is made of, before anything is sent.

    Raises:
        ValueError, TypeError: When a part of it is invalid.
    """
    if technique not in {None, "fixed", "sliding"}:
        raise ValueError(f"technique={technique!r} is neither 'fixed' nor 'sliding'")
    json: dict[str, Any] = {
        "limit": _dollars(limit),
        "limitType": "cost",
        "window": round(parse_window(window).total_seconds()),
        "enabled": enabled,
        "technique": technique,
        "model": None if model is None else _filter("model", model),
        "provider": None if provider is None else _filter("provider", provider),
        "metadata": {
            _text("metadata", key): {"mode": "partition"} if given is None else _filter(f"metadata[{key!r}]", given)
            for key, given in (metadata or {}).items()
        },
    }
    sent = {name: value for name, value in json.items() if value not in (None, {})}
    return read_rule(SpendLimitRule.from_dict(sent), sent)


def read_rule(rule: SpendLimitRule, given: dict[str, Any]) -> SpendRule:
    """Read a rule from the generated model, and keep the JSON that it was made from."""
    return SpendRule(
        limit=Money.from_number(rule.limit),
        window=dt.timedelta(seconds=rule.window),
        technique=rule.technique,
        models=tuple(rule.model.values) if rule.model else (),
        providers=tuple(rule.provider.values) if rule.provider else (),
        metadata={key: tuple(how.values) if how.values else None for key, how in (rule.metadata or {}).items()},
        enabled=rule.enabled is not False,
        id=rule.id,
        json=given,
    )


def parse_window(window: object) -> dt.timedelta:
    """Turn a timedelta, or words such as "day" or "30 days", into whole seconds.

    Raises:
        ValueError, TypeError: When it is not a positive length of time in whole seconds.
    """
    if isinstance(window, dt.timedelta):
        if window <= dt.timedelta(0) or window.microseconds:
            raise ValueError(f"window={window!r} is not a positive number of whole seconds")
        return window
    if not isinstance(window, str):
        raise TypeError(f'window must be a timedelta or words such as "30 days", not {window!r}')
    words = _WORDS.fullmatch(window.strip().lower())
    if words is None:
        month = " (windows are not calendar months: say 30 days)" if "month" in window.lower() else ""
        raise ValueError(
            f'window={window!r} is not a length of time such as "day", "week", "30 days" or "12 hours"{month}'
        )
    try:
        return dt.timedelta(seconds=int(words[1] or 1) * _SECONDS[words[2]])
    except OverflowError:
        raise ValueError(f"window={window!r} is too long") from None


def window_in_words(window: dt.timedelta) -> str:
    """Say a length of time in its largest whole unit: `30 days`, `12 hours`; a single unit without its number: `day`."""
    seconds = round(window.total_seconds())
    name, length = next(
        ((name, length) for name, length in reversed(_SECONDS.items()) if name != "week" and seconds % length == 0),
        ("second", 1),
    )
    number = seconds // length
    return name if number == 1 else f"{number:,} {name}s"


def _dollars(limit: object) -> int | float:
    money = limit if isinstance(limit, Money) else Money.from_cents(integer("limit", limit, unit="cents"))
    if money.currency != "USD":
        raise ValueError(f"limit={limit}: spend limits are in US dollars")
    if money.amount < 0:
        raise ValueError(f"limit={money} is negative")
    dollars = float(money.amount)
    if Decimal(str(dollars)) != money.amount:
        raise ValueError(f"limit={money.amount} has more digits than a JSON number carries")
    return int(dollars) if dollars.is_integer() else dollars


def _filter(name: str, given: object) -> dict[str, Any]:
    if not isinstance(given, (str, list, tuple)):
        raise TypeError(f"{name} must be a string or a list of strings, not {given!r}")
    values = [given] if isinstance(given, str) else cast("Sequence[object]", given)
    if not values:
        raise ValueError(f"{name} is an empty list: it would count nothing")
    return {"mode": "filter", "values": [_text(name, value) for value in values]}


def _text(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{name} must hold strings, not {value!r}")
    if not value.strip():
        raise ValueError(f"{name} holds an empty string")
    return value
