# Made by `make gen`: do not edit. CONTRIBUTING.md says where a change belongs.
"""InvoiceLinePeriod: The time that a line is for."""

from __future__ import annotations

from aig_billing_runtime.model import Model, datetime_of, prop


class InvoiceLinePeriod(Model):
    """The time that a line is for."""

    end: float = prop(unit="unix-s")
    """When the period ends, in Unix seconds."""
    end_datetime = datetime_of(end)
    """`end`, as an aware datetime in UTC."""
    start: float = prop(unit="unix-s")
    """When the period starts, in Unix seconds."""
    start_datetime = datetime_of(start)
    """`start`, as an aware datetime in UTC."""
