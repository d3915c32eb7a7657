"""Which messages people get, and when: each condition is reported once when it begins, and once when it ends.

Pure decisions, without a clock, network or database: the state of an account and an outcome give the next state and the messages.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterator
from typing import Literal, TypeAlias

from aig_billing import Money
from attrs import evolve, frozen

from .readings import Account, FailedReading, Outcome, Reading

Severity: TypeAlias = Literal["failure", "warning", "success"]

FAILURES_BEFORE_ALERT = 2
"""Failed checks in a row before "cannot be read" is reported: a single one is mended by the next check more often than not."""
_TOPUP = "auto-topup"
_CHARGES = "charges"
_CREDENTIALS = "credentials"
_UNREADABLE = "unreadable"


@frozen
class Message:
    """One message to people."""

    severity: Severity
    title: str
    body: str


@frozen
class AlertState:
    """What has been reported of one account, and what a message may need to say."""

    active: frozenset[str] = frozenset()
    """The conditions that were reported and have not ended; a low balance as `below:` with the threshold in cents."""
    failures: int = 0
    """Failed checks in a row."""
    failing_since: dt.datetime | None = None
    last_balance: str = ""
    """The balance last seen, with its time, for messages about an account that cannot be read."""


def judge(state: AlertState, outcome: Outcome, thresholds: tuple[int, ...]) -> tuple[AlertState, tuple[Message, ...]]:
    """Give the next state of an account, and the messages that people get, also of a balance below a threshold (cents, in any order)."""
    if isinstance(outcome, FailedReading):
        return _after_failure(state, outcome)
    # Another monitor with other thresholds may share the history: what only it knows of is left to it.
    others = {f"below:{cents}" for cents in _thresholds(state.active) if cents not in thresholds}
    after = AlertState(_active(outcome, thresholds) | others, last_balance=f"{outcome.balance} at {_time(outcome.at)}")
    return after, tuple(_changes(state, after, outcome))


def _after_failure(state: AlertState, outcome: FailedReading) -> tuple[AlertState, tuple[Message, ...]]:
    since = state.failing_since or outcome.at
    after = evolve(state, failures=state.failures + 1, failing_since=since)
    reason = " ".join(outcome.reason.split())
    reason = reason if reason.endswith((".", "!", "?")) else f"{reason}."
    if outcome.kind == "credentials":
        condition, what = _CREDENTIALS, "the API token does not work"
        body = (
            f"{reason} Until it is replaced, nothing is known of the credit. "
            "Look at it in the dashboard under My Profile > API Tokens; it needs AI Gateway Read."
        )
    else:
        condition, what = _UNREADABLE, "cannot be read"
        seen = f" The balance last seen was {state.last_balance}." if state.last_balance else ""
        body = (
            f"{after.failures} checks in a row failed, since {_time(since)}. "
            f"The last: {reason}{seen} This says nothing about the credit that is left."
        )
        if _CREDENTIALS in state.active or after.failures < FAILURES_BEFORE_ALERT:
            return after, ()
    if condition in state.active:
        return after, ()
    active = (state.active - {_UNREADABLE}) | {condition}
    return evolve(after, active=active), (_message(outcome.account, "failure", what, body),)


def _active(reading: Reading, thresholds: tuple[int, ...]) -> frozenset[str]:
    found = {f"below:{cents}" for cents in thresholds if reading.balance.amount * 100 < cents}
    if reading.auto_topup in {"failing", "stopped"}:
        found.add(_TOPUP)
    if reading.charges_unknown:
        found.add(_CHARGES)
    return frozenset(found)


def _changes(before: AlertState, after: AlertState, reading: Reading) -> Iterator[Message]:
    begun, ended = after.active - before.active, before.active - after.active
    message = functools.partial(_message, reading.account)
    balance = f"The balance is {reading.balance}."
    if _CREDENTIALS in ended:
        yield message("success", "the API token works again", balance)
    if _UNREADABLE in ended:
        since = f" The account could not be read since {_time(before.failing_since)}." if before.failing_since else ""
        yield message("success", "can be read again", f"{balance}{since}")
    # One message, not several: the lowest threshold that was crossed downwards, or the highest one that was crossed upwards.
    if fallen := _thresholds(begun):
        what = f"credit is below {Money.from_cents(min(fallen))}"
        yield message("warning", what, f"{balance}{_outlook(reading)}")
    elif risen := _thresholds(ended):
        still = [cents for cents in _thresholds(after.active) if reading.balance.amount * 100 < cents]
        below = f" It is still below {Money.from_cents(min(still))}." if still else ""
        yield message("success", f"credit is not below {Money.from_cents(max(risen))} any more", f"{balance}{below}")
    if _TOPUP in begun:
        words = "has stopped" if reading.auto_topup == "stopped" else "is failing"
        reason = f"The service says: {reading.auto_topup_error}. " if reading.auto_topup_error else ""
        check = "Check the card in the dashboard under AI > AI Gateway > Credits."
        yield message("failure", f"auto top-up {words}", f"{reason}{balance} {check}")
    if _TOPUP in ended:
        stands = "is off" if reading.auto_topup == "off" else "works again"
        yield message("success", f"auto top-up {stands}", balance)
    if _CHARGES in begun:
        unknown = f"Charges without a known outcome: {reading.charges_unknown}."
        settle = "Settle it before paying again: aig-billing charges reconcile"
        yield message("failure", "the outcome of a charge is unknown", f"{unknown} {settle}")
    if _CHARGES in ended:
        yield message("success", "the outcome of every charge is known", "Nothing is left to settle.")


def _message(account: Account, severity: Severity, what: str, body: str) -> Message:
    title = f"AI Gateway {account.profile or account.account_id}: {what}"
    return Message(severity, title, f"{body}\nAccount: {account}")


def _outlook(reading: Reading) -> str:
    if reading.balance.amount <= 0:
        return " Gateways refuse calls (402) until it is topped up."
    ahead = reading.usage.forecast if reading.usage else None
    if ahead is None or ahead.runs_out_at is None:
        return ""
    return f" At {Money(ahead.cents_per_day / 100)} a day it lasts until {_time(ahead.runs_out_at)}."


def _thresholds(conditions: frozenset[str]) -> list[int]:
    return [int(name.removeprefix("below:")) for name in conditions if name.startswith("below:")]


def _time(moment: dt.datetime) -> str:
    return f"{moment.astimezone(dt.UTC):%Y-%m-%d %H:%M} UTC"
