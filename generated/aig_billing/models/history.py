# Made by `make gen`: do not edit. CONTRIBUTING.md says where a change belongs.
"""History: Usage within one window, added up."""

from __future__ import annotations

from aig_billing_runtime.model import Model, datetime_of, money_of, prop


class History(Model):
    """Usage within one window, added up."""

    id: str = prop()
    """Id of this record."""
    aggregated_value: float = prop(unit="cents")
    """The usage of the window, summed, in cents (unconfirmed)."""
    aggregated_value_money = money_of(aggregated_value)
    """`aggregated_value`, exactly, as money."""
    end_time: float = prop(unit="unix-auto")
    """When the window ends, in Unix seconds or milliseconds (which of them is unconfirmed)."""
    end_time_datetime = datetime_of(end_time)
    """`end_time`, as an aware datetime in UTC."""
    start_time: float = prop(unit="unix-auto")
    """When the window starts, in Unix seconds or milliseconds (which of them is unconfirmed)."""
    start_time_datetime = datetime_of(start_time)
    """`start_time`, as an aware datetime in UTC."""
