# Made by `make gen`: do not edit. CONTRIBUTING.md says where a change belongs.
"""Cloudflare AI Gateway billing: `from aig_billing import Client, AsyncClient, usd`. Everything is loaded when it is first asked for."""

from typing import TYPE_CHECKING

from aig_billing_runtime.version import __version__ as __version__

if TYPE_CHECKING:
    from aig_billing_charges.ensure import EnsureOutcome as EnsureOutcome
    from aig_billing_charges.journal import Journal as Journal
    from aig_billing_charges.record import ChargeRecord as ChargeRecord
    from aig_billing_charges.record import TopupOutcome as TopupOutcome
    from aig_billing_runtime.flow import RetryEvent as RetryEvent
    from aig_billing_runtime.money import Money as Money
    from aig_billing_runtime.money import usd as usd
    from aig_billing_runtime.ratelimit import RateLimit as RateLimit
    from aig_billing_runtime.response import Response as Response
    from aig_billing_spend_limits.rules import SpendLimits as SpendLimits
    from aig_billing_spend_limits.rules import SpendRule as SpendRule
    from aig_billing_spend_limits.rules import spend_rule as spend_rule

    from . import errors as errors
    from . import models as models
    from .client import AsyncClient as AsyncClient
    from .client import Client as Client
    from .errors import APIConnectionError as APIConnectionError
    from .errors import APIError as APIError
    from .errors import APIResponseValidationError as APIResponseValidationError
    from .errors import APIStatusError as APIStatusError
    from .errors import APITimeoutError as APITimeoutError
    from .errors import AuthenticationError as AuthenticationError
    from .errors import BadRequestError as BadRequestError
    from .errors import ChargeError as ChargeError
    from .errors import ChargeInProgress as ChargeInProgress
    from .errors import ChargeKeyReused as ChargeKeyReused
    from .errors import ChargeNotFound as ChargeNotFound
    from .errors import ChargeOutcomeUnknown as ChargeOutcomeUnknown
    from .errors import CloudflareError as CloudflareError
    from .errors import ConflictError as ConflictError
    from .errors import CredentialsError as CredentialsError
    from .errors import FieldValueError as FieldValueError
    from .errors import InternalServerError as InternalServerError
    from .errors import JournalError as JournalError
    from .errors import NotFoundError as NotFoundError
    from .errors import PaymentConfirmationRequired as PaymentConfirmationRequired
    from .errors import PermissionDeniedError as PermissionDeniedError
    from .errors import RateLimitError as RateLimitError
    from .errors import SettingChanged as SettingChanged
    from .errors import UnprocessableEntityError as UnprocessableEntityError

_HOMES = {
    "AsyncClient": ".client",
    "Client": ".client",
    "EnsureOutcome": "aig_billing_charges.ensure",
    "ChargeRecord": "aig_billing_charges.record",
    "Journal": "aig_billing_charges.journal",
    "Money": "aig_billing_runtime.money",
    "RateLimit": "aig_billing_runtime.ratelimit",
    "Response": "aig_billing_runtime.response",
    "RetryEvent": "aig_billing_runtime.flow",
    "SpendLimits": "aig_billing_spend_limits.rules",
    "SpendRule": "aig_billing_spend_limits.rules",
    "TopupOutcome": "aig_billing_charges.record",
    "errors": "",
    "models": "",
    "spend_rule": "aig_billing_spend_limits.rules",
    "usd": "aig_billing_runtime.money",
    "CloudflareError": "aig_billing_runtime.errors",
    "CredentialsError": "aig_billing_runtime.errors",
    "FieldValueError": "aig_billing_runtime.errors",
    "APIError": "aig_billing_runtime.errors",
    "APIConnectionError": "aig_billing_runtime.errors",
    "APITimeoutError": "aig_billing_runtime.errors",
    "APIResponseValidationError": "aig_billing_runtime.errors",
    "APIStatusError": "aig_billing_runtime.errors",
    "BadRequestError": "aig_billing_runtime.errors",
    "AuthenticationError": "aig_billing_runtime.errors",
    "PermissionDeniedError": "aig_billing_runtime.errors",
    "NotFoundError": "aig_billing_runtime.errors",
    "ConflictError": "aig_billing_runtime.errors",
    "UnprocessableEntityError": "aig_billing_runtime.errors",
    "RateLimitError": "aig_billing_runtime.errors",
    "InternalServerError": "aig_billing_runtime.errors",
    "SettingChanged": "aig_billing_runtime.errors",
    "ChargeError": "aig_billing_runtime.errors",
    "ChargeOutcomeUnknown": "aig_billing_runtime.errors",
    "ChargeInProgress": "aig_billing_runtime.errors",
    "ChargeKeyReused": "aig_billing_runtime.errors",
    "ChargeNotFound": "aig_billing_runtime.errors",
    "PaymentConfirmationRequired": "aig_billing_runtime.errors",
    "JournalError": "aig_billing_runtime.errors",
}

__all__ = (
    "AsyncClient",
    "ChargeRecord",
    "Client",
    "EnsureOutcome",
    "Journal",
    "Money",
    "RateLimit",
    "Response",
    "RetryEvent",
    "SpendLimits",
    "SpendRule",
    "TopupOutcome",
    "__version__",
    "errors",
    "models",
    "spend_rule",
    "usd",
    "CloudflareError",
    "CredentialsError",
    "FieldValueError",
    "APIError",
    "APIConnectionError",
    "APITimeoutError",
    "APIResponseValidationError",
    "APIStatusError",
    "BadRequestError",
    "AuthenticationError",
    "PermissionDeniedError",
    "NotFoundError",
    "ConflictError",
    "UnprocessableEntityError",
    "RateLimitError",
    "InternalServerError",
    "SettingChanged",
    "ChargeError",
    "ChargeOutcomeUnknown",
    "ChargeInProgress",
    "ChargeKeyReused",
    "ChargeNotFound",
    "PaymentConfirmationRequired",
    "JournalError",
)


def __getattr__(name: str) -> object:
    """Load what is asked for (PEP 562): importing this package costs next to nothing."""
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    found: object = getattr(import_module(home, __name__), name) if home else import_module(f".{name}", __name__)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    """List what there is without loading it."""
    return sorted(__all__)
