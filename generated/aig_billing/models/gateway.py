# Made by `make gen`: do not edit. CONTRIBUTING.md says where a change belongs.
"""Gateway: A gateway and its settings; those that are not listed here are in `additional_properties`."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from aig_billing_runtime.model import Model, prop

if TYPE_CHECKING:
    from .spend_limits import SpendLimits


class Gateway(Model):
    """A gateway and its settings; those that are not listed here are in `additional_properties`."""

    id: str = prop()
    """Name of the gateway, which is its id."""
    cache_invalidate_on_update: bool = prop()
    """Whether a change of the gateway empties its cache."""
    collect_logs: bool = prop()
    """Whether calls are logged."""
    created_at: dt.datetime = prop()
    """When the gateway was made."""
    modified_at: dt.datetime = prop()
    """When the gateway was last changed."""
    cache_ttl: int | None = prop(default=None, nullable=True)
    """How long answers are cached, in seconds."""
    rate_limiting_interval: int | None = prop(default=None, nullable=True)
    """Length of the window of the rate limit, in seconds."""
    rate_limiting_limit: int | None = prop(default=None, nullable=True)
    """How many calls one window allows."""
    spend_limits: SpendLimits | None = prop(default=None, nullable=True)
    """What calls may cost."""
