# Made by `make gen`: do not edit. CONTRIBUTING.md says where a change belongs.
# Spec and overlays: sha256 794f7ba78c58554c16b8c089ead5c56d0d3c4da9f5d56fa7ad1d7972cda3e60e; generator: openapi-python-client 0.29.1.
"""The errors: see `aig_billing_runtime.errors` for the tree."""

from aig_billing_runtime.errors import (
    APIConnectionError as APIConnectionError,
)
from aig_billing_runtime.errors import (
    APIError as APIError,
)
from aig_billing_runtime.errors import (
    APIResponseValidationError as APIResponseValidationError,
)
from aig_billing_runtime.errors import (
    APIStatusError as APIStatusError,
)
from aig_billing_runtime.errors import (
    APITimeoutError as APITimeoutError,
)
from aig_billing_runtime.errors import (
    AuthenticationError as AuthenticationError,
)
from aig_billing_runtime.errors import (
    BadRequestError as BadRequestError,
)
from aig_billing_runtime.errors import (
    ChargeError as ChargeError,
)
from aig_billing_runtime.errors import (
    ChargeInProgress as ChargeInProgress,
)
from aig_billing_runtime.errors import (
    ChargeKeyReused as ChargeKeyReused,
)
from aig_billing_runtime.errors import (
    ChargeNotFound as ChargeNotFound,
)
from aig_billing_runtime.errors import (
    ChargeOutcomeUnknown as ChargeOutcomeUnknown,
)
from aig_billing_runtime.errors import (
    CloudflareError as CloudflareError,
)
from aig_billing_runtime.errors import (
    ConflictError as ConflictError,
)
from aig_billing_runtime.errors import (
    CredentialsError as CredentialsError,
)
from aig_billing_runtime.errors import (
    InternalServerError as InternalServerError,
)
from aig_billing_runtime.errors import (
    JournalError as JournalError,
)
from aig_billing_runtime.errors import (
    NotFoundError as NotFoundError,
)
from aig_billing_runtime.errors import (
    PaymentConfirmationRequired as PaymentConfirmationRequired,
)
from aig_billing_runtime.errors import (
    PermissionDeniedError as PermissionDeniedError,
)
from aig_billing_runtime.errors import (
    RateLimitError as RateLimitError,
)
from aig_billing_runtime.errors import (
    UnprocessableEntityError as UnprocessableEntityError,
)

__all__ = (
    "CloudflareError",
    "CredentialsError",
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
)
