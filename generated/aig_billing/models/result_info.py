# Made by `make gen`: do not edit. CONTRIBUTING.md says where a change belongs.
"""ResultInfo: Which page of a longer result this is."""

from __future__ import annotations

from aig_billing_runtime.model import Model, prop


class ResultInfo(Model):
    """Which page of a longer result this is."""

    has_more: bool = prop()
    """Whether another page follows."""
    page: float = prop()
    """Number of this page."""
    per_page: float = prop()
    """How many entries a page holds."""
    total_count: float = prop()
    """How many entries there are on all pages."""
