"""What `doctor` looks at, one function a thing. None of them changes anything or can charge a card."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from aig_billing import APIError, APIStatusError, JournalError, Money, PermissionDeniedError, RateLimitError

from .auto_topup_state import AutoTopup
from .clock import THIS_SECOND, date_of
from .configuration import Configuration, Credentials
from .exit_codes import ExitCode
from .failure import explain
from .finding import Finding, note, ok, problem
from .forecast import Window, forecast, total_cents
from .output import shown
from .problem import Problem

if TYPE_CHECKING:
    from aig_billing import Response
    from aig_billing.models import BillingCreditBalanceResponse
    from aig_billing.resources import AiGatewayBillingResource

CLOUDFLARE = "https://api.cloudflare.com/client/v4"
_ACCOUNT_ID = re.compile(r"[0-9a-f]{32}")
_CREDITS = "the dashboard under AI > AI Gateway > Credits"
_SKEW = dt.timedelta(seconds=30)
_NO_SUCH_PAYMENT = "in_aig_billing_doctor"
_USAGE_DAYS = 7
_SOON_DAYS = 3


def configuration_file(found: Configuration) -> Finding:
    """Which configuration file and profile there are."""
    file = found.file
    if not file.exists:
        return note("configuration", f"There is no {file.path}, which is fine.")
    used = f", profile {found.profile.name!r}" if found.profile else ", no profile in use"
    secrets = any(profile.holds_secrets for profile in (file.profiles or {}).values())
    if secrets and file.readable_by_others:
        return problem(
            "configuration",
            f"{file.path} holds a token or key and can be read by others.",
            f"Run: chmod 600 {file.path}  (or name a token_command instead)",
        )
    return ok("configuration", f"{file.path}{used}")


def credentials(found: Configuration) -> tuple[Finding, Credentials | None]:
    """Which credentials were found, and where."""
    try:
        who = found.credentials()
    except Problem as missing:
        return problem("credentials", missing.sentence, missing.next_step, missing.code), None
    shadowed = [
        name
        for name in ("CLOUDFLARE_API_TOKEN", "CLOUDFLARE_API_KEY")
        if found.environment.get(name) and name not in who.source
    ]
    also = f" ({', '.join(shadowed)} is set too, and not used)" if shadowed else ""
    sentence = f"{who.kind} from {who.source}{also}"
    if who.kind == "token":
        return ok("credentials", sentence), who
    return note(
        "credentials", sentence, "A token that can do only this is safer: My Profile > API Tokens in the dashboard."
    ), who


def account(found: Configuration) -> Finding:
    """Which account is meant."""
    try:
        account_id = found.require_account()
    except Problem as missing:
        return problem("account", missing.sentence, missing.next_step, missing.code)
    where = found.account.source if found.account else ""
    sentence = f"{shown.safe(account_id)} from {where}"
    if not _ACCOUNT_ID.fullmatch(account_id):
        return note(
            "account", f"{sentence}, which does not look like an account's id", "It is 32 characters, of 0-9 and a-f."
        )
    return ok("account", sentence)


def address(found: Configuration) -> Finding | None:
    """Where requests go, when that is not Cloudflare."""
    given = found.base_url
    if given is None or found.given is not None or given.value.rstrip("/") == CLOUDFLARE:
        return None
    return note("address", f"Requests go to {shown.safe(given.value)}, from {given.source}.")


def service_failed(error: APIError, sent: str) -> Finding:
    """Why the balance could not be read."""
    told = explain(error, credentials=sent)
    return problem("service", told.sentence, told.next_step, told.code)


def service(took: dt.timedelta) -> Finding:
    """That the token can read."""
    return ok("service", f"The API answered in {took // dt.timedelta(milliseconds=1)} ms; the balance can be read.")


def permission(billing: AiGatewayBillingResource) -> Finding:
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


def payment_method(answer: BillingCreditBalanceResponse) -> Finding:
    """Whether there is a card to charge."""
    if not answer.has_default_payment_method:
        return problem(
            "payment", "There is no payment method, so nothing can be topped up.", f"Add a card in {_CREDITS}."
        )
    card = answer.payment_method
    return ok("payment", shown.card(card.brand, card.last4).capitalize() if card else "There is a payment method.")


def auto_topup(auto: AutoTopup) -> Finding:
    """Whether auto top-up is on, and working."""
    if auto.state in {"failing", "stopped"}:
        return problem(
            "auto-topup",
            f"Auto top-up is {auto.sentence()}.",
            f"Check the card in {_CREDITS}; then `aig-billing auto-topup set` starts it anew, or `auto-topup off` ends it.",
        )
    if not auto.is_set:
        return note("auto-topup", "Auto top-up is off.", "`aig-billing watch --below 10` can warn you instead.")
    return ok("auto-topup", f"Auto top-up {auto.sentence()}.")


def balance(
    billing: AiGatewayBillingResource,
    answer: BillingCreditBalanceResponse,
    auto: AutoTopup,
    low: Money,
    now: dt.datetime,
) -> Finding:
    """Whether the balance is low, or will not last."""
    left = answer.balance_money
    topup = "Top up: `aig-billing topup 20`."
    if left.amount <= 0:
        return problem(
            "balance", f"The balance is {left}: gateways refuse calls with 402 until it is topped up.", topup
        )
    if left.amount < low.amount and auto.state != "on":
        return problem("balance", f"The balance is low: {left}.", topup)
    start = now - dt.timedelta(days=_USAGE_DAYS)
    try:
        history = billing.usage_history(
            value_grouping_window="hour", start_time=start, end_time=now + THIS_SECOND
        ).history
    except APIError:
        return ok("balance", f"The balance is {left}.")
    used = total_cents(
        Window(one.start_time_datetime, one.end_time_datetime, Decimal(str(one.aggregated_value))) for one in history
    )
    ahead = forecast(left.amount * 100, used, now - start, now)
    if ahead.days_left is None or ahead.runs_out_at is None:
        return ok("balance", f"The balance is {left}; nothing was used in the last {_USAGE_DAYS} days.")
    lasts = f"at the mean of the last {_USAGE_DAYS} days it lasts until {shown.moment(ahead.runs_out_at).strip()}"
    if ahead.days_left < _SOON_DAYS and auto.state != "on":
        return problem("balance", f"The balance is {left}, and {lasts}.", topup)
    return ok("balance", f"The balance is {left}; {lasts}.")


def clock(answer: Response[BillingCreditBalanceResponse], received: dt.datetime) -> Finding:
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
        "Set it (timedatectl set-ntp true): times and the journal of charges go by it.",
    )


def rate_limit(answer: Response[BillingCreditBalanceResponse]) -> Finding | None:
    """Whether requests are running out."""
    limit = answer.ratelimit
    if limit is None or limit.remaining > 10:
        return None
    return problem(
        "rate-limit",
        f"Only {limit.remaining} requests are left for the next {limit.reset_seconds} s; past that all are refused for up to 5 minutes.",
        "What else uses this token? 1,200 requests in 5 minutes are allowed.",
    )


def spending_limit(billing: AiGatewayBillingResource) -> Iterator[Finding]:
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
            f"A spending limit of {shown.safe(limit)} is on; such limits are deprecated.",
            "Set a spend limit on each gateway, then `aig-billing limit remove`.",
        )


def charges(found: Configuration) -> Iterator[Finding]:
    """Whether the outcome of a charge is open."""
    from .journal import Charges

    try:
        records = Charges(found).all()
    except JournalError as error:
        yield problem("charges", error.message, "AIG_BILLING_JOURNAL names another place for it.", ExitCode.USAGE)
        return
    unknown = [record.key for record in records if record.state in {"sending", "unknown"}]
    if unknown:
        yield problem(
            "charges",
            f"Nobody knows whether the card was charged for: {', '.join(unknown)}.",
            "Settle it before you pay again: `aig-billing charges reconcile`",
            ExitCode.CHARGE_UNKNOWN,
        )
    elif records:
        waiting = sum(record.state == "sent" for record in records)
        pending = f"; {waiting} not paid yet" if waiting else ""
        yield ok("charges", f"The outcome of every charge in the journal is known{pending}.")


def _about(length: dt.timedelta) -> str:
    for unit, name in (
        (dt.timedelta(days=1), "days"),
        (dt.timedelta(hours=1), "hours"),
        (dt.timedelta(minutes=1), "minutes"),
    ):
        if length >= 2 * unit:
            return f"{length // unit} {name}"
    return f"{length // dt.timedelta(seconds=1)} seconds"


def worst(findings: list[Finding]) -> ExitCode:
    """Give the exit code: that of the problem which keeps most from working."""
    codes = {finding.code for finding in findings if finding.level == "problem"}
    order = (ExitCode.CREDENTIALS, ExitCode.NETWORK, ExitCode.USAGE, ExitCode.CHARGE_UNKNOWN, ExitCode.REFUSED)
    return next((code for code in order if code in codes), ExitCode.FINE)
