# Made by `make gen`: do not edit. CONTRIBUTING.md says where a change belongs.
"""GatewaysPage: Which page of the gateways this is."""

from __future__ import annotations

from aig_billing_runtime.model import Model, prop


class GatewaysPage(Model):
    """Which page of the gateways this is."""

    count: float | None = prop(default=None)
    """How many gateways are on this page."""
    page: float | None = prop(default=None)
    """Number of this page."""
    per_page: float | None = prop(default=None)
    """How many gateways a page has at most."""
    total_count: float | None = prop(default=None)
    """How many gateways there are."""
