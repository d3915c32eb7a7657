# Made by `make gen`: do not edit. CONTRIBUTING.md says where a change belongs.
"""SpendLimitFilter: The values that a rule is for."""

from __future__ import annotations

from typing import Literal

from aig_billing_runtime.model import Model, prop


class SpendLimitFilter(Model):
    """The values that a rule is for."""

    mode: Literal["filter"] | str = prop()
    """How the values are used."""
    values: list[str] = prop()
    """The values."""
