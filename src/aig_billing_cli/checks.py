"""What `doctor` checks, one function for each thing. None of them changes anything or can charge a card."""

from __future__ import annotations

import datetime as dt
import re
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from aig_billing import APIError, APIStatusError, JournalError, Money, PermissionDeniedError, RateLimitError

from aig_billing_monitor.forecast import forecast, forecast_range
from aig_billing_monitor.service_clock import date_of
from aig_billing_monitor.usage import read_windows

from .auto_topup_state import AutoTopup
from .config_file import Profile
from .configuration import Configuration, FoundCredentials
from .diagnosis import Diagnosis, from_error, note, ok, problem
from .error_messages import describe
from .errors import CommandError
from .exit_codes import ExitCode
from .output import formatting

if TYPE_CHECKING:
    from aig_billing import Client, Response
    from aig_billing.models import BillingCreditBalanceResponse
    from aig_billing.resources import AiGatewayBillingResource

    from .session import Session

_ACCOUNT_ID = re.compile(r"[0-9a-f]{32}")
_CREDITS = "the dashboard under AI > AI Gateway > Credits"
_SKEW = dt.timedelta(seconds=30)
_NO_SUCH_PAYMENT = "in_aig_billing_doctor"
_SOON_DAYS = 3


def check_all(session: Session, low: Money) -> Iterator[Diagnosis]:
    """Check one thing after the other, as far as what was found allows.

    Args:
        session: The session of the command.
        low: Balances below this are low.
    """
    found = session.configuration
    yield from _charges(found, only_unknown=True)
    yield _configuration_file(found)
    diagnosis, credentials = _credentials(found)
    yield diagnosis
    yield _account(found)
    yield from _address(found)
    if credentials is None or found.account is None:
        return
    session.credentials = credentials
    billing = session.billing
    started = time.monotonic()
    try:
        answer = billing.with_raw_response.credit_balance()
    except APIError as error:
        yield from_error("service", describe(error, credentials=f"{credentials.kind} from {credentials.source}"))
        return
    seconds = time.monotonic() - started
    received = dt.datetime.now(dt.UTC)
    auto = AutoTopup.of(answer.parsed.topup_config)
    yield ok("service", f"The API answered in {seconds:.1f} s; the balance can be read.")
    yield _permission(billing)
    yield _payment_method(answer.parsed)
    yield _balance(billing, answer.parsed.balance_money, auto, low, session.now(answer.headers))
    yield _auto_topup(auto)
    yield from _spending_limit(billing)
    yield from _spend_limits(session.client)
    yield from _charges(found, only_unknown=False)
    yield _clock(answer, received)
    yield from _rate_limit(answer)


def _configuration_file(found: Configuration) -> Diagnosis:
    file = found.file
    if not file.exists:
        return note("configuration", f"There is no {file.name}, which is fine.")
    used = f", profile {found.profile.name!r}" if found.profile else ", no profile in use"
    profiles = [profile for profile in file.profiles.values() if isinstance(profile, Profile)]
    if file.writable_by_others is not None:
        return problem(
            "configuration",
            f"Other users can change {file.writable_by_others}: no token_command of {file.name} is run.",
            f"Run: chmod go-w {file.writable_by_others}  (and own it yourself)",
        )
    if file.readable_by_others and any(profile.holds_secrets for profile in profiles):
        return problem(
            "configuration",
            f"{file.name} holds a token or key and can be read by others.",
            f"Run: chmod 600 {file.name}  (or name a token_command instead)",
        )
    broken = [error.sentence for error in file.profiles.values() if isinstance(error, CommandError)]
    if broken:
        return note("configuration", f"{file.name}{used}; a profile that is not in use cannot be read.", broken[0])
    return ok("configuration", f"{file.name}{used}")


def _credentials(found: Configuration) -> tuple[Diagnosis, FoundCredentials | None]:
    try:
        credentials = found.credentials()
    except CommandError as missing:
        return from_error("credentials", missing), None
    unused = [
        name
        for name in ("CLOUDFLARE_API_TOKEN", "CLOUDFLARE_API_KEY")
        if found.environment.get(name) and name not in credentials.source
    ]
    also = f" ({', '.join(unused)} is set too, and not used)" if unused else ""
    sentence = f"{credentials.kind} from {credentials.source}{also}"
    if credentials.kind == "token":
        return ok("credentials", sentence), credentials
    advice = "A token that can do only this is safer: My Profile > API Tokens in the dashboard."
    return note("credentials", sentence, advice), credentials


def _account(found: Configuration) -> Diagnosis:
    try:
        account_id = found.require_account()
    except CommandError as missing:
        return from_error("account", missing)
    sentence = f"{formatting.safe(account_id)} from {found.account.source if found.account else ''}"
    if not _ACCOUNT_ID.fullmatch(account_id):
        return note(
            "account", f"{sentence}, which does not look like an account id", "It is 32 characters, of 0-9 and a-f."
        )
    return ok("account", sentence)


def _address(found: Configuration) -> Iterator[Diagnosis]:
    from aig_billing import Client

    given = found.base_url
    if given is not None and found.given is None and given.value.rstrip("/") != Client.default_base_url:
        yield note("address", f"Requests go to {formatting.safe(given.value)}, from {given.source}.")


def _permission(billing: AiGatewayBillingResource) -> Diagnosis:
    """Whether the token may write: asking for a payment's status takes AI Gateway Write, and changes nothing."""
    try:
        billing.topup.status(payment_intent_id=_NO_SUCH_PAYMENT)
    except PermissionDeniedError:
        return note(
            "permission",
            "May read, and not write: topping up and settings will be refused.",
            "That is enough to watch. For more, give the token AI Gateway Write.",
        )
    except RateLimitError as error:
        return note("permission", f"Not known: {error.message}")
    except APIStatusError as error:
        if error.status_code >= 500:
            return note(
                "permission", f"Not known: the API failed ({error.status_code}).", "Run doctor again in a minute."
            )
    except APIError as error:
        return note("permission", f"Not known: {error.message}")
    return ok("permission", "May read and write.")


def _payment_method(answer: BillingCreditBalanceResponse) -> Diagnosis:
    if not answer.has_default_payment_method:
        return problem(
            "payment", "There is no payment method, so nothing can be topped up.", f"Add a card in {_CREDITS}."
        )
    card = answer.payment_method
    return ok("payment", formatting.card(card.brand, card.last4).capitalize() if card else "There is a payment method.")


def _auto_topup(auto: AutoTopup) -> Diagnosis:
    if auto.state in {"failing", "stopped"}:
        return problem(
            "auto-topup",
            f"Auto top-up is {auto.sentence()}.",
            f"Check the card in {_CREDITS}; switching auto top-up on again or off is possible there only.",
        )
    if not auto.is_set:
        return note("auto-topup", "Auto top-up is off.", "`aig-billing watch --below 10` can warn you instead.")
    return ok("auto-topup", f"Auto top-up {auto.sentence()}.")


def _balance(
    billing: AiGatewayBillingResource, left: Money, auto: AutoTopup, low: Money, now: dt.datetime
) -> Diagnosis:
    """Whether the balance is low, or will not last."""
    topup = "Top up: `aig-billing topup 20`."
    if left.amount <= 0:
        return problem(
            "balance", f"The balance is {left}: gateways refuse calls with 402 until it is topped up.", topup
        )
    if left.amount < low.amount and auto.state != "on":
        return problem("balance", f"The balance is low: {left}.", topup)
    start, end = forecast_range(now)
    try:
        history = billing.usage_history(value_grouping_window="hour", start_time=start, end_time=end)
    except APIError:
        return ok("balance", f"The balance is {left}.")
    ahead = forecast(left.amount * 100, read_windows(history), now)
    if ahead.days_left is None or ahead.runs_out_at is None:
        return ok("balance", f"The balance is {left}; nothing was used in the last 7 days.")
    lasts = f"at the rate of the last 7 days it lasts until {formatting.text(ahead.runs_out_at)}"
    if ahead.days_left < _SOON_DAYS and auto.state != "on":
        return problem("balance", f"The balance is {left}, and {lasts}.", topup)
    return ok("balance", f"The balance is {left}; {lasts}.")


def _clock(answer: Response[BillingCreditBalanceResponse], received: dt.datetime) -> Diagnosis:
    """Whether this machine's clock agrees with the service's."""
    date = date_of(answer.headers)
    if date is None:
        return note("clock", "The service does not say what time it is.")
    off = received - date
    if abs(off) <= _SKEW:
        return ok("clock", "This machine's clock agrees with the service's.")
    direction = "ahead of" if off > dt.timedelta(0) else "behind"
    return problem(
        "clock",
        f"This machine's clock is {_about(abs(off))} {direction} the service's.",
        "Set it (timedatectl set-ntp true): times and the journal of charges depend on it.",
    )


def _rate_limit(answer: Response[BillingCreditBalanceResponse]) -> Iterator[Diagnosis]:
    limit = answer.ratelimit
    if limit is not None and limit.remaining <= 10:
        yield problem(
            "rate-limit",
            f"Only {limit.remaining} requests are left for the next {limit.reset_seconds} s; then all are refused for up to 5 minutes.",
            "What else uses this token? 1,200 requests in 5 minutes are allowed.",
        )


def _spending_limit(billing: AiGatewayBillingResource) -> Iterator[Diagnosis]:
    """Whether the deprecated spending limit is still on."""
    try:
        found = billing.spending_limit.get()
    except APIError:
        return
    if found.enabled:
        config = found.config
        limit = f"{config.amount_money} {config.duration or ''} ({config.strategy or 'unknown strategy'})"
        yield note(
            "spending-limit",
            f"A spending limit of {formatting.safe(limit)} is on; such limits are deprecated.",
            "Set a limit on each gateway (`aig-billing spend-limits add`), then `aig-billing limit remove`.",
        )


def _spend_limits(client: Client) -> Iterator[Diagnosis]:
    """Whether a limit of a gateway stands: the first page of gateways is what doctor looks at."""
    try:
        gateways = client.ai_gateway.list(per_page=50)
    except APIError:
        return
    limited = [
        gateway.id
        for gateway in gateways
        if gateway.spend_limits is not None
        and gateway.spend_limits.enabled is not False
        and any(rule.enabled is not False for rule in gateway.spend_limits.rules or ())
    ]
    if limited:
        yield ok("spend-limits", f"Spend limits are set on: {formatting.safe(', '.join(limited))}.")
    else:
        yield note(
            "spend-limits",
            "No gateway has a spend limit: calls are answered as long as there is credit.",
            'Cap them: `aig-billing spend-limits add 100 --window "30 days"`.',
        )


def _charges(found: Configuration, *, only_unknown: bool) -> Iterator[Diagnosis]:
    """Whether the outcome of a charge is open, which comes first, or anything else about the journal."""
    if found.account is None:
        return
    from .journal import AccountCharges

    try:
        records = AccountCharges(found).all()
    except JournalError as error:
        if only_unknown:
            return
        yield problem("charges", error.message, "AIG_BILLING_JOURNAL names another place for it.", ExitCode.USAGE)
        return
    unknown = [record.key for record in records if record.state in {"sending", "unknown"}]
    if only_unknown:
        if not unknown:
            return
        yield problem(
            "charges",
            f"Nobody knows whether the card was charged for: {', '.join(unknown)}.",
            "Settle it before you pay again: `aig-billing charges reconcile`",
            ExitCode.CHARGE_UNKNOWN,
        )
    elif records and not unknown:
        waiting = sum(record.state == "sent" for record in records)
        pending = f"; {waiting} not paid yet" if waiting else ""
        yield ok("charges", f"The outcome of every charge in the journal is known{pending}.")


def _about(length: dt.timedelta) -> str:
    for unit in ("days", "hours", "minutes"):
        if length >= 2 * dt.timedelta(**{unit: 1}):
            return f"{length // dt.timedelta(**{unit: 1})} {unit}"
    return f"{length // dt.timedelta(seconds=1)} seconds"
