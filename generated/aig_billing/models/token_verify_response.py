# Made by `make gen`: do not edit. CONTRIBUTING.md says where a change belongs.
"""TokenVerifyResponse: The state of the token."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from aig_billing_runtime.model import Model, prop


class TokenVerifyResponse(Model):
    """The state of the token."""

    id: str = prop()
    """Id of the token, which is not secret."""
    status: Literal["active", "disabled", "expired"] | str = prop()
    """Whether the token is accepted."""
    not_before: dt.datetime | None = prop(default=None)
    """From when the token is accepted."""
    expires_on: dt.datetime | None = prop(default=None)
    """When the token expires."""
