"""What an error means to a person: a sentence, the next step, and the exit code."""

from __future__ import annotations

from aig_billing import Money, errors

from .errors import CommandError, ExitCode

_EXTRAS = {
    "sqlalchemy": "cli",
    **dict.fromkeys(("starlette", "uvicorn", "jsonschema", "jinja2"), "sandbox"),
    **dict.fromkeys(("prometheus_client", "apprise"), "monitor"),
    **dict.fromkeys(("procrastinate", "psycopg", "psycopg_pool"), "fleet"),
}
_TOKENS = "My Profile > API Tokens in the dashboard, or Manage Account > Account API Tokens"
_TOKEN_CODES = {
    6103: "it is not in the form of a key; was a token given where the key belongs?",
    6003: "it is not in the form of a token",
    9109: "it is unknown, expired, or used from an address that it may not be used from",
}
"""What these codes say of a token or key that is not accepted."""


def describe(error: BaseException, *, credentials: str) -> CommandError:
    """Describe an error; `credentials` says what was sent, as in `token from CLOUDFLARE_API_TOKEN`."""
    code, hint = ExitCode.REFUSED, ""
    match error:
        case CommandError():
            return error
        case errors.ChargeError():
            code, sentence, hint = _charge(error)
        case errors.CredentialsError():
            code, sentence = ExitCode.CREDENTIALS, error.message
        case errors.APIStatusError():
            code, sentence, hint = _refusal(error, credentials)
        case errors.APIResponseValidationError():
            found = f"{error.place} is {error.found}, not {error.expected}{_ray(error)}"
            sentence = f"The API's answer is not as documented: {found}."
            hint = "Is a proxy or a login page in between? Else a newer version of aig-billing may know this answer."
        case errors.APITimeoutError():
            code, sentence = ExitCode.NETWORK, f"No answer came in time: {_short(error)}."
            hint = "Try again; -v shows each request."
        case errors.APIConnectionError():
            code, sentence = ExitCode.NETWORK, f"The API could not be reached: {_short(error)}."
            hint = "Check the network, a proxy (HTTPS_PROXY), and CLOUDFLARE_BASE_URL if that is set."
        case ModuleNotFoundError() if error.name in _EXTRAS:
            code, sentence = ExitCode.USAGE, f"This command needs {error.name}, which is not installed."
            hint = f'Run: pip install "aig-billing[{_EXTRAS[error.name]}]"'
        case _:
            sentence = f"Unexpected: {type(error).__name__}: {error}"
            hint = "This is a bug in aig-billing. Please report it, with what --debug prints."
    return CommandError(code, sentence, hint, cause=error)


def _refusal(error: errors.APIStatusError, credentials: str) -> tuple[ExitCode, str, str]:
    chain = getattr(error, "error_chain", ())
    said = "; ".join(f"{one.message.rstrip('.')} (code {one.code:g})" for one in (*error.errors, *chain))
    said = said or ("no reason given" if error.attempts else error.message)
    reason = f"{said} [HTTP {error.status_code}{_ray(error)}]."
    code, hint = ExitCode.REFUSED, ""
    match error:
        case _ if not error.attempts:
            what = "The charge of this key was refused before, and nothing was charged"
            hint = "The key is spent. To charge after all, run topup again with a new --key."
        case _ if error.credentials_rejected:
            codes = {one.code for one in (*error.errors, *chain)}
            known = [words for number, words in _TOKEN_CODES.items() if number in codes]
            why = known[0] if known else "it is unknown, expired or not active"
            code, what = ExitCode.CREDENTIALS, f"The API does not accept the {credentials}: {why}. It said"
            hint = f"Make another, or check this one, in {_TOKENS}."
        case errors.PermissionDeniedError():
            what, hint = "The API does not allow this", _permission(error, credentials)
        case errors.NotFoundError():
            what, hint = "The API does not find this", "Is the account's id right, and the id that you typed?"
        case errors.RateLimitError():
            wait = f"{error.retry_after:g} s" if error.retry_after else "a few minutes"
            what, hint = "Too many requests", f"Wait {wait} and try again."
        case errors.InternalServerError():
            what = "The API failed"
            hint = "Try again in a minute; www.cloudflarestatus.com says whether others see it too."
        case _:
            what, hint = "The API refused", _business(error)
    return code, f"{what}: {reason}", hint


def _permission(error: errors.APIStatusError, credentials: str) -> str:
    if "spending-limit" in error.path and error.method == "POST":
        return "Spending limits are deprecated: set a limit on each gateway instead (`aig-billing spend-limits add`)."
    if error.path.endswith("/topup/config") and error.method != "GET":
        return "Only the dashboard can do this: AI > AI Gateway > Credits."
    # POST /topup/status only reads, and needs the same permission as other POSTs.
    needed = "AI Gateway Read" if error.method == "GET" else "AI Gateway Write (the dashboard calls it Edit)"
    return f"The {credentials} needs the permission {needed} for this account; edit it in {_TOKENS}."


def _business(error: errors.APIStatusError) -> str:
    messages = " ".join(message for _, message in error.errors)
    if "NO_MANUAL_TOPUP" in messages:
        return "Top up once by hand first: `aig-billing topup 10`."
    if "PAYMENT_METHOD" in messages:
        return "Add a card in the dashboard: AI > AI Gateway > Credits."
    if error.operation.endswith("topup.create"):
        return "Nothing was charged. Another card may do: --card, or the dashboard under AI > AI Gateway > Credits."
    return ""


def _charge(error: errors.ChargeError) -> tuple[ExitCode, str, str]:
    match error:
        case errors.JournalError():
            return ExitCode.USAGE, error.message, "AIG_BILLING_JOURNAL names another place for it."
        case errors.ChargeKeyReused():
            return ExitCode.USAGE, error.message, ""
        case errors.PaymentConfirmationRequired():
            sentence = (
                f"The payment {error.payment_id} is not paid yet: the service asks the card holder to confirm it."
            )
            return ExitCode.PAYMENT_PENDING, sentence, pending_hint(error.payment_id)
        case errors.ChargeInProgress():
            return ExitCode.CHARGE_UNKNOWN, error.message, ""
        case errors.ChargeOutcomeUnknown():
            amount = "the amount" if error.amount is None else Money.from_cents(error.amount)
            cause = error.cause
            why = happened(cause) if isinstance(cause, errors.APIError) else "the evidence does not decide yet"
            look = f"charges reconcile {error.key}" if error.key else "invoices --type manual"
            sentence = f"The card may or may not have been charged {amount}: {why}."
            return (
                ExitCode.CHARGE_UNKNOWN,
                sentence,
                f"Do not pay again before you know. Settle it: `aig-billing {look}`",
            )
        case _:
            return ExitCode.REFUSED, error.message, ""


def pending_hint(payment_id: str | None) -> str:
    """Say what may hold a payment up, and where to look; why the service says `pending` is published nowhere."""
    return (
        "It may still be settling, or the bank may want the card holder to confirm it (3-D Secure): look for a message of the bank, and "
        "in the dashboard under AI > AI Gateway > Credits. Do not pay again meanwhile; "
        f"`aig-billing topup status {payment_id} --wait` waits for it."
    )


def happened(error: errors.APIError) -> str:
    """Describe in a few words an answer that cannot be used."""
    match error:
        case errors.RateLimitError():
            return "too many requests (429)"
        case errors.APIStatusError():
            return f"the API answered {error.status_code}{_ray(error)}"
        case errors.APIConnectionError():
            return _short(error)
        case _:
            return f"the answer could not be read{_ray(error)}"


def _short(error: errors.APIError) -> str:
    """Return the runtime's message without the request line, which people did not type."""
    return error.message.rstrip(".").removeprefix(f"{error.method} {error.path}: ")


def _ray(error: errors.APIError) -> str:
    return f", cf-ray {error.request_id}" if error.request_id else ""
