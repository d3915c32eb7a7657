"""What `doctor` checks: one function for each thing. None of them changes anything or can charge a card."""

from __future__ import annotations

import datetime as dt
import functools
import re
import time
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Literal, TypeVar

from aig_billing import APIError, APIStatusError, JournalError, Money, PermissionDeniedError
from attrs import evolve, frozen

from aig_billing_monitor.service_clock import date_of, service_time

from .account_state import AutoTopup, read_forecast
from .config_file import Profile
from .errors import CommandError, ExitCode
from .output import formatting

if TYPE_CHECKING:
    from aig_billing import Response
    from aig_billing.models import BillingCreditBalanceResponse

    from .session import Session

_T = TypeVar("_T")
_ACCOUNT_ID = re.compile(r"[0-9a-f]{32}")
_CREDITS = "the dashboard under AI > AI Gateway > Credits"
_SKEW = dt.timedelta(seconds=30)
_NO_SUCH_PAYMENT = "in_aig_billing_doctor"
_SOON_DAYS = 3
_TOP_UP = "Top up: `aig-billing topup 20`."
_WORST_FIRST = (ExitCode.CREDENTIALS, ExitCode.NETWORK, ExitCode.USAGE, ExitCode.CHARGE_UNKNOWN, ExitCode.REFUSED)


@frozen
class Diagnosis:
    """The result of one check."""

    level: Literal["ok", "note", "problem"]
    """All is well, worth knowing, or something has to be done."""
    sentence: str
    next_step: str = ""
    code: ExitCode = ExitCode.REFUSED
    """The exit code of doctor because of it, if it is a problem."""
    check: str = ""
    """What was checked: a word that scripts may rely on."""


_ok = functools.partial(Diagnosis, "ok")
_note = functools.partial(Diagnosis, "note")
_problem = functools.partial(Diagnosis, "problem")


def _from_error(error: CommandError) -> Diagnosis:
    return _problem(error.sentence, error.next_step, error.code)


@frozen
class _Account:
    """What the service said of the account, and when."""

    session: Session
    low: Money
    answer: Response[BillingCreditBalanceResponse]
    received: dt.datetime
    credit: BillingCreditBalanceResponse

    @property
    def auto(self) -> AutoTopup:
        return AutoTopup.of(self.credit.topup_config)


def check_all(session: Session, low: Money) -> Iterator[Diagnosis]:
    """Check one thing after the other, as far as what was found allows; balances below `low` are low."""
    charges = next(_run(session, session, _charges), None)
    is_open = charges is not None and charges.level == "problem"
    if charges is not None and is_open:
        yield charges
    setup = list(_run(session, session, _configuration, _credentials, _account, _address))
    yield from setup
    if any(one.check in {"credentials", "account"} and one.level == "problem" for one in setup):
        return
    started = time.monotonic()
    try:
        answer = session.billing.with_raw_response.credit_balance()
        seconds = time.monotonic() - started
        account = _Account(session, low, answer, dt.datetime.now(dt.UTC), answer.parse())
    except APIError as error:
        yield evolve(_from_error(session.describe(error)), check="service")
        return
    yield _ok(f"The API answered in {seconds:.1f} s; the balance can be read.", check="service")
    yield from _run(session, account, _permission, _payment, _balance, _auto_topup, _spending_limit, _spend_limits)
    if charges is not None and not is_open:
        yield charges
    yield from _run(session, account, _clock, _rate_limit)


def exit_code(diagnoses: Iterable[Diagnosis]) -> ExitCode:
    """Return the exit code: that of the problem which prevents most."""
    codes = {one.code for one in diagnoses if one.level == "problem"}
    return next((code for code in _WORST_FIRST if code in codes), ExitCode.OK)


def _run(session: Session, subject: _T, *checks: Callable[[_T], Diagnosis | None]) -> Iterator[Diagnosis]:
    """Run checks, and name what each found by its function."""
    for look in checks:
        try:
            found = look(subject)
        except APIError:
            # What cannot be read is left out, unless its check says more of it.
            continue
        except (CommandError, JournalError) as error:
            found = _from_error(session.describe(error))
        if found is not None:
            yield evolve(found, check=look.__name__.strip("_").replace("_", "-"))


def _charges(session: Session) -> Diagnosis | None:
    """Whether the outcome of every charge in the journal is known."""
    records = session.charges.all() if session.configuration.account else ()
    unknown = ", ".join(record.key for record in records if record.state in {"sending", "unknown"})
    if unknown:
        return _problem(
            f"Nobody knows whether the card was charged for: {unknown}.",
            "Settle it before you pay again: `aig-billing charges reconcile`",
            ExitCode.CHARGE_UNKNOWN,
        )
    waiting = sum(record.state == "sent" for record in records)
    pending = f"; {waiting} not paid yet" if waiting else ""
    return _ok(f"The outcome of every charge in the journal is known{pending}.") if records else None


def _configuration(session: Session) -> Diagnosis:
    found = session.configuration
    file = found.file
    if not file.exists:
        return _note(f"There is no {file.name}, which is fine.")
    used = f", profile {found.profile.name!r}" if found.profile else ", no profile in use"
    kept = [profile.credentials for profile in file.profiles.values() if isinstance(profile, Profile)]
    if file.writable_by_others is not None:
        return _problem(
            f"Other users can change {file.writable_by_others}: no token_command of {file.name} is run.",
            f"Run: chmod go-w {file.writable_by_others}  (and own it yourself)",
        )
    if file.readable_by_others and any(one is not None and not one.command for one in kept):
        return _problem(
            f"{file.name} holds a token or key and can be read by others.",
            f"Run: chmod 600 {file.name}  (or name a token_command instead)",
        )
    broken = [error.sentence for error in file.profiles.values() if isinstance(error, CommandError)]
    if broken:
        return _note(f"{file.name}{used}; a profile that is not in use cannot be read.", broken[0])
    return _ok(f"{file.name}{used}")


def _credentials(session: Session) -> Diagnosis:
    found = session.credentials
    environment = session.configuration.environment
    names = ("CLOUDFLARE_API_TOKEN", "CLOUDFLARE_API_KEY")
    unused = [name for name in names if environment.get(name) and name not in found.source]
    also = f" ({', '.join(unused)} is set too, and not used)" if unused else ""
    sentence = f"{found.kind} from {found.source}{also}"
    if found.kind == "token":
        return _ok(sentence)
    return _note(sentence, "A token that can do only this is safer: My Profile > API Tokens in the dashboard.")


def _account(session: Session) -> Diagnosis:
    found = session.configuration
    account_id = found.require_account()
    sentence = f"{formatting.safe(account_id)} from {found.account.source if found.account else ''}"
    if not _ACCOUNT_ID.fullmatch(account_id):
        return _note(f"{sentence}, which does not look like an account id", "It is 32 characters, of 0-9 and a-f.")
    return _ok(sentence)


def _address(session: Session) -> Diagnosis | None:
    from aig_billing import Client

    found = session.configuration
    given = found.base_url
    if given is None or found.given is not None or given.value.rstrip("/") == Client.default_base_url:
        return None
    return _note(f"Requests go to {formatting.safe(given.value)}, from {given.source}.")


def _permission(account: _Account) -> Diagnosis:
    """Whether the token may write: asking for a payment's status takes AI Gateway Write, and changes nothing."""
    try:
        account.session.billing.topup.status(payment_intent_id=_NO_SUCH_PAYMENT)
    except PermissionDeniedError:
        return _note(
            "May read, and not write: topping up and settings will be refused.",
            "That is enough to watch. For more, give the token AI Gateway Write.",
        )
    except APIError as error:
        # Any other refusal is of the payment, which does not exist.
        if not isinstance(error, APIStatusError) or error.status_code == 429 or error.status_code >= 500:
            return _note(f"Not known: {error.message}", "Run doctor again in a minute.")
    return _ok("May read and write.")


def _payment(account: _Account) -> Diagnosis:
    if not account.credit.has_default_payment_method:
        return _problem("There is no payment method, so nothing can be topped up.", f"Add a card in {_CREDITS}.")
    card = account.credit.payment_method
    return _ok(formatting.card(card.brand, card.last4).capitalize() if card else "There is a payment method.")


def _auto_topup(account: _Account) -> Diagnosis:
    auto = account.auto
    if auto.state in {"failing", "stopped"}:
        return _problem(
            f"Auto top-up is {auto.sentence()}.",
            f"Check the card in {_CREDITS}; switching auto top-up on again or off is possible there only.",
        )
    if auto.state == "off":
        return _note("Auto top-up is off.", "`aig-billing watch --below 10` can warn you instead.")
    return _ok(f"Auto top-up {auto.sentence()}.")


def _balance(account: _Account) -> Diagnosis:
    left, is_refilled = account.credit.balance_money, account.auto.state == "on"
    if left.amount <= 0:
        return _problem(f"The balance is {left}: gateways refuse calls with 402 until it is topped up.", _TOP_UP)
    if left.amount < account.low.amount and not is_refilled:
        return _problem(f"The balance is low: {left}.", _TOP_UP)
    now = service_time(account.answer.headers)
    try:
        ahead = read_forecast(account.session.billing, left, now)
    except APIError:
        return _ok(f"The balance is {left}.")
    if ahead.days_left is None or ahead.runs_out_at is None:
        return _ok(f"The balance is {left}; nothing was used in the last 7 days.")
    lasts = f"at the rate of the last 7 days it lasts until {formatting.text(ahead.runs_out_at)}"
    if ahead.days_left < _SOON_DAYS and not is_refilled:
        return _problem(f"The balance is {left}, and {lasts}.", _TOP_UP)
    return _ok(f"The balance is {left}; {lasts}.")


def _clock(account: _Account) -> Diagnosis:
    date = date_of(account.answer.headers)
    if date is None:
        return _note("The service does not say what time it is.")
    off = account.received - date
    if abs(off) <= _SKEW:
        return _ok("This machine's clock agrees with the service's.")
    units = (("days", 86_400), ("hours", 3_600), ("minutes", 60), ("seconds", 1))
    unit, length = next((unit, length) for unit, length in units if abs(off).total_seconds() >= 2 * length)
    direction = "behind" if account.received < date else "ahead of"
    return _problem(
        f"This machine's clock is {abs(off) // dt.timedelta(seconds=length)} {unit} {direction} the service's.",
        "Set it (timedatectl set-ntp true): times and the journal of charges depend on it.",
    )


def _rate_limit(account: _Account) -> Diagnosis | None:
    limit = account.answer.ratelimit
    if limit is None or limit.remaining > 10:
        return None
    return _problem(
        f"Only {limit.remaining} requests are left for the next {limit.reset_seconds} s; then all are refused for up to 5 minutes.",
        "What else uses this token? 1,200 requests in 5 minutes are allowed.",
    )


def _spending_limit(account: _Account) -> Diagnosis | None:
    found = account.session.billing.spending_limit.get()
    if not found.enabled:
        return None
    config = found.config
    limit = f"{config.amount_money} {config.duration or ''} ({config.strategy or 'unknown strategy'})"
    return _note(
        f"A spending limit of {formatting.safe(limit)} is on; such limits are deprecated.",
        "Set a limit on each gateway (`aig-billing spend-limits add`), then `aig-billing limit remove`.",
    )


def _spend_limits(account: _Account) -> Diagnosis | None:
    """Whether a limit of a gateway stands: the first page of gateways is what doctor looks at."""
    limited = [
        gateway.id
        for gateway in account.session.client.ai_gateway.list(per_page=50)
        if (limits := gateway.spend_limits) is not None
        and limits.enabled is not False
        and any(rule.enabled is not False for rule in limits.rules or ())
    ]
    if limited:
        return _ok(f"Spend limits are set on: {formatting.safe(', '.join(limited))}.")
    return _note(
        "No gateway has a spend limit: calls are answered as long as there is credit.",
        'Cap them: `aig-billing spend-limits add 100 --window "30 days"`.',
    )
