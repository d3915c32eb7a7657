"""What an error means to a person: a sentence, the next step, and the exit code."""

from __future__ import annotations

from aig_billing import Money, errors

from .errors import CommandError
from .exit_codes import ExitCode

_EXTRAS = {"prometheus_client": "monitor", "apprise": "monitor"} | dict.fromkeys(
    ("procrastinate", "psycopg", "psycopg_pool"), "fleet"
)


def describe(error: BaseException, *, credentials: str) -> CommandError:
    """Describe an error.

    Args:
        error: What was raised.
        credentials: What was sent, in words, as in `token from CLOUDFLARE_API_TOKEN`.
    """
    match error:
        case CommandError():
            return error
        case errors.ChargeError():
            return _charge(error)
        case errors.CredentialsError():
            return CommandError(ExitCode.CREDENTIALS, error.message)
        case errors.APIStatusError():
            return _refusal(error, credentials)
        case errors.APIResponseValidationError():
            return CommandError(
                ExitCode.REFUSED,
                f"The API's answer is not as documented: {error.place} is {error.found}, not "
                f"{error.expected}{_ray(error)}.",
                "Is a proxy or a login page in between? Else a newer version of aig-billing may know this answer.",
            )
        case errors.APITimeoutError():
            return CommandError(
                ExitCode.NETWORK, f"No answer came in time: {_short(error)}.", "Try again; -v shows each request."
            )
        case errors.APIConnectionError():
            return CommandError(
                ExitCode.NETWORK,
                f"The API could not be reached: {_short(error)}.",
                "Check the network, a proxy (HTTPS_PROXY), and CLOUDFLARE_BASE_URL if that is set.",
            )
        case ModuleNotFoundError() if error.name in {"sqlalchemy", "platformdirs"}:
            return CommandError(
                ExitCode.USAGE,
                "Charges need the journal, which is not installed.",
                'Run: pip install "aig-billing[cli]"',
            )
        case ModuleNotFoundError() if error.name in _EXTRAS:
            return CommandError(
                ExitCode.USAGE,
                f"This command needs {error.name}, which is not installed.",
                f'Run: pip install "aig-billing[{_EXTRAS[error.name]}]"',
            )
        case _:
            return CommandError(
                ExitCode.REFUSED,
                f"Unexpected: {type(error).__name__}: {error}",
                "This is a bug in aig-billing. Please report it, with what --debug prints.",
            )


def _refusal(error: errors.APIStatusError, credentials: str) -> CommandError:
    said = "; ".join(f"{message.rstrip('.')} (code {code:g})" for code, message in error.errors)
    about = f"HTTP {error.status_code}{_ray(error)}"
    if not error.attempts:
        return CommandError(
            ExitCode.REFUSED,
            f"The charge of this key was refused before, and nothing was charged: {said or error.message} [{about}].",
            "The key is spent. To charge after all, run topup again with a new --key.",
        )
    match error:
        case errors.AuthenticationError():
            return CommandError(
                ExitCode.CREDENTIALS,
                f"The API does not know the {credentials}: {said or 'no reason given'} [{about}].",
                "Is it complete, active and not expired? The dashboard shows it under My Profile > API Tokens.",
            )
        case errors.PermissionDeniedError():
            return CommandError(
                ExitCode.REFUSED,
                f"The API does not allow this: {said or 'no reason given'} [{about}].",
                _permission(error, credentials),
            )
        case errors.NotFoundError():
            return CommandError(
                ExitCode.REFUSED,
                f"The API does not find this: {said or 'no reason given'} [{about}].",
                "Is the account's id right, and the id that you typed?",
            )
        case errors.RateLimitError():
            wait = (
                f"Wait {error.retry_after:g} s and try again."
                if error.retry_after
                else "Wait a few minutes and try again."
            )
            return CommandError(
                ExitCode.REFUSED, f"Too many requests: {said or 'the rate limit is used up'} [{about}].", wait
            )
        case errors.InternalServerError():
            return CommandError(
                ExitCode.REFUSED,
                f"The API failed: {said or 'it gave no reason'} [{about}].",
                "Try again in a minute; www.cloudflarestatus.com says whether others see it too.",
            )
        case _:
            return CommandError(
                ExitCode.REFUSED, f"The API refused: {said or 'no reason given'} [{about}].", _business(error)
            )


def _permission(error: errors.APIStatusError, credentials: str) -> str:
    if "spending-limit" in error.path and error.method == "POST":
        return "Spending limits are deprecated: set a spend limit on each gateway instead, in the dashboard under AI > AI Gateway."
    needed = "AI Gateway Read" if error.method == "GET" else "AI Gateway Write"
    return f"The {credentials} needs the permission {needed} for this account; edit it under My Profile > API Tokens."


def _business(error: errors.APIStatusError) -> str:
    messages = " ".join(message for _, message in error.errors)
    if "NO_MANUAL_TOPUP" in messages:
        return "Top up once by hand first: `aig-billing topup 10`."
    if "PAYMENT_METHOD" in messages:
        return "Add a card in the dashboard: AI > AI Gateway > Credits."
    if error.operation.endswith("topup.create"):
        return "Nothing was charged. Another card may do: the dashboard changes it under AI > AI Gateway > Credits."
    return ""


def _charge(error: errors.ChargeError) -> CommandError:
    match error:
        case errors.JournalError():
            return CommandError(ExitCode.USAGE, error.message, "AIG_BILLING_JOURNAL names another place for it.")
        case errors.ChargeKeyReused():
            return CommandError(ExitCode.USAGE, error.message)
        case errors.PaymentConfirmationRequired():
            return CommandError(
                ExitCode.REFUSED,
                f"The payment {error.payment_id} waits for the card holder: the bank asks for a confirmation (3-D Secure).",
                f"Once that is done: `aig-billing topup status {error.payment_id}`",
            )
        case errors.ChargeInProgress():
            return CommandError(ExitCode.CHARGE_UNKNOWN, error.message)
        case errors.ChargeOutcomeUnknown():
            amount = "the amount" if error.amount is None else Money.from_cents(error.amount)
            look = (
                f"`aig-billing charges reconcile {error.key}`" if error.key else "`aig-billing invoices --type manual`"
            )
            return CommandError(
                ExitCode.CHARGE_UNKNOWN,
                f"The card may or may not have been charged {amount}: {_reason(error.cause)}.",
                f"Do not pay again before you know. Settle it: {look}",
            )
        case _:
            return CommandError(ExitCode.REFUSED, error.message)


def _reason(cause: BaseException | None) -> str:
    """Say in a few words why an outcome is not known."""
    match cause:
        case errors.APIConnectionError():
            return _short(cause)
        case errors.APIStatusError():
            return f"the API answered {cause.status_code}{_ray(cause)}"
        case errors.APIResponseValidationError():
            return f"the answer could not be read{_ray(cause)}"
        case _:
            return "no evidence decides yet"


def _short(error: errors.APIConnectionError) -> str:
    """Return the runtime's message without the request line, which people did not type."""
    message = error.message.rstrip(".")
    return message.removeprefix(f"{error.method} {error.path}: ")


def _ray(error: errors.APIStatusError | errors.APIResponseValidationError) -> str:
    return f", cf-ray {error.request_id}" if error.request_id else ""
