# Made by `make gen`: do not edit. CONTRIBUTING.md says where a change belongs.
"""SpendLimitMetadata: What a rule does with one entry of a call's metadata."""

from __future__ import annotations

from typing import Literal

from aig_billing_runtime.model import Model, prop


class SpendLimitMetadata(Model):
    """What a rule does with one entry of a call's metadata."""

    mode: Literal["partition", "filter"] | str = prop()
    """`partition`: each value has its own limit; `filter`: the rule is for the values that are listed."""
    values: list[str] | None = prop(default=None)
    """The values of a `filter`."""
