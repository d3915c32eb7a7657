# Made by `make gen`: do not edit. CONTRIBUTING.md says where a change belongs.
"""GatewaysListResponse200ResultInfo: an object of the API."""

from __future__ import annotations

from aig_billing_runtime.model import Model, prop


class GatewaysListResponse200ResultInfo(Model):
    """GatewaysListResponse200ResultInfo"""

    count: float | None = prop(default=None)
    """`count`, of which the document says nothing."""
    page: float | None = prop(default=None)
    """`page`, of which the document says nothing."""
    per_page: float | None = prop(default=None)
    """`per_page`, of which the document says nothing."""
    total_count: float | None = prop(default=None)
    """`total_count`, of which the document says nothing."""
