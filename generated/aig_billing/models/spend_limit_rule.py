# Made by `make gen`: do not edit. CONTRIBUTING.md says where a change belongs.
"""SpendLimitRule: One limit of a gateway."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from aig_billing_runtime.model import Model, prop

if TYPE_CHECKING:
    from .spend_limit_filter import SpendLimitFilter
    from .spend_limit_metadata import SpendLimitMetadata


class SpendLimitRule(Model):
    """One limit of a gateway."""

    limit: float = prop()
    """What may be spent in one window, in dollars (not cents)."""
    limit_type: Literal["cost"] | str = prop(name="limitType")
    """What is limited."""
    window: int = prop()
    """Length of the window, in seconds. Windows are not calendar months."""
    id: str | None = prop(default=None, nullable=True)
    """Id of the rule."""
    enabled: bool | None = prop(default=None, nullable=True)
    """Whether the rule is applied."""
    technique: Literal["fixed", "sliding"] | str | None = prop(default=None, nullable=True)
    """Whether one window follows another, or the window ends at each call."""
    model: SpendLimitFilter | None = prop(default=None, nullable=True)
    """The models that the rule is for; all when left out."""
    provider: SpendLimitFilter | None = prop(default=None, nullable=True)
    """The providers that the rule is for; all when left out."""
    metadata: dict[str, SpendLimitMetadata] | None = prop(default=None, nullable=True)
    """What the rule does with the metadata of a call, by the name of the entry."""
