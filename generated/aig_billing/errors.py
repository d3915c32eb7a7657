# Made by `make gen`: do not edit. CONTRIBUTING.md says where a change belongs.
"""The errors: see `aig_billing_runtime.errors` for the tree."""

from aig_billing_runtime.errors import *

__all__ = (
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
