# Made by `make gen`: do not edit. CONTRIBUTING.md says where a change belongs.
"""GatewayUpdateBody: All settings of a gateway. Those that are not listed here go into
`additional_properties`; a setting that is left out may be reset."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aig_billing_runtime.model import Model, prop

if TYPE_CHECKING:
    from .spend_limits import SpendLimits


class GatewayUpdateBody(Model):
    """All settings of a gateway. Those that are not listed here go into `additional_properties`; a setting
    that is left out may be reset."""

    cache_invalidate_on_update: bool = prop()
    """Whether a change of the gateway empties its cache."""
    cache_ttl: int | None = prop()
    """How long answers are cached, in seconds."""
    collect_logs: bool = prop()
    """Whether calls are logged."""
    rate_limiting_interval: int | None = prop()
    """Length of the window of the rate limit, in seconds."""
    rate_limiting_limit: int | None = prop()
    """How many calls one window allows."""
    spend_limits: SpendLimits | None = prop(default=None, nullable=True)
    """What calls may cost."""
