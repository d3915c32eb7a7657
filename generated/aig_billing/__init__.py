# Made by `make gen`: do not edit. CONTRIBUTING.md says where a change belongs.
"""Cloudflare AI Gateway billing: `from aig_billing import Client, AsyncClient, usd`. Everything is loaded when it is first asked for."""

from typing import TYPE_CHECKING

from aig_billing_runtime.lazy import on_first_use as _on_first_use
from aig_billing_runtime.version import __version__ as __version__

if TYPE_CHECKING:
    from aig_billing_charges.ensure import EnsureOutcome
    from aig_billing_charges.journal import Journal
    from aig_billing_charges.record import ChargeRecord, TopupOutcome
    from aig_billing_runtime.caller import RetryEvent
    from aig_billing_runtime.money import Money, usd
    from aig_billing_runtime.ratelimit import RateLimit
    from aig_billing_runtime.response import Response
    from aig_billing_spend_limits.rules import SpendLimits, SpendRule, spend_rule

    from . import errors, models
    from .client import AsyncClient, Client
    from .errors import *

__all__ = (
    "__version__",
    "AsyncClient",
    "ChargeRecord",
    "Client",
    "EnsureOutcome",
    "errors",
    "Journal",
    "models",
    "Money",
    "RateLimit",
    "Response",
    "RetryEvent",
    "spend_rule",
    "SpendLimits",
    "SpendRule",
    "TopupOutcome",
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
    "ChargeError",
    "ChargeOutcomeUnknown",
    "ChargeInProgress",
    "ChargeKeyReused",
    "ChargeNotFound",
    "PaymentConfirmationRequired",
    "JournalError",
    "SettingChanged",
)

_HOMES = {
    "EnsureOutcome": "aig_billing_charges.ensure",
    "Journal": "aig_billing_charges.journal",
    "ChargeRecord": "aig_billing_charges.record",
    "TopupOutcome": "aig_billing_charges.record",
    "RetryEvent": "aig_billing_runtime.caller",
    "Money": "aig_billing_runtime.money",
    "usd": "aig_billing_runtime.money",
    "RateLimit": "aig_billing_runtime.ratelimit",
    "Response": "aig_billing_runtime.response",
    "SpendLimits": "aig_billing_spend_limits.rules",
    "SpendRule": "aig_billing_spend_limits.rules",
    "spend_rule": "aig_billing_spend_limits.rules",
    "AsyncClient": ".client",
    "Client": ".client",
    "errors": ".errors",
    "models": ".models",
}
__getattr__, __dir__ = _on_first_use(__name__, {name: _HOMES.get(name, ".errors") for name in __all__})
