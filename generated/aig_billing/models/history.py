# Made by `make gen`: do not edit. CONTRIBUTING.md says where a change belongs.
# Spec and overlays: sha256 0ea70d7a57f84a636a6be801a4e70763ade6df35b6e7ad7d2779dd4bab2015f8; generator: openapi-python-client 0.29.1.
"""History: Usage within one window, added up."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from attrs import define, field

from aig_billing_runtime.decoding import (
    ABSENT,
    MISMATCH,
    Field,
    Json,
    Mismatched,
    Record,
    Shape,
    allocate,
    mismatch_error,
    new_dict,
    take_others,
)
from aig_billing_runtime.money import Money
from aig_billing_runtime.times import from_unix_auto


@define
class History:
    """Usage within one window, added up.

    Attributes:
        id: Id of this record.
        aggregated_value: The usage of the window, summed, in cents (unconfirmed).
        end_time: When the window ends, in Unix seconds or milliseconds (which of them is unconfirmed).
        start_time: When the window starts, in Unix seconds or milliseconds (which of them is unconfirmed).
        additional_properties: What the API sent beyond the documents, as it was sent.
    """

    id: str
    aggregated_value: float
    end_time: float
    start_time: float
    additional_properties: dict[str, object] = field(factory=new_dict, kw_only=True)

    @property
    def aggregated_value_money(self) -> Money:
        """`aggregated_value`, exactly, as money."""
        return Money.from_cents(self.aggregated_value)

    @property
    def end_time_datetime(self) -> datetime:
        """`end_time`, as an aware datetime in UTC."""
        return from_unix_auto(self.end_time)

    @property
    def start_time_datetime(self) -> datetime:
        """`start_time`, as an aware datetime in UTC."""
        return from_unix_auto(self.start_time)

    @staticmethod
    def json_fields() -> Record:
        """Give the properties as the document has them."""
        return Record(
            (
                Field("id", Shape("string")),
                Field("aggregated_value", Shape("number")),
                Field("end_time", Shape("number")),
                Field("start_time", Shape("number")),
            )
        )

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, object]) -> History:
        """Make one from its JSON form.

        Raises:
            ValueError: When that is not what the document says; names the place.
        """
        decoded = decode_history(dict(src_dict))
        if decoded is MISMATCH:
            raise mismatch_error("History", dict(src_dict), Shape(record=cls.json_fields))
        return decoded

    def to_dict(self) -> dict[str, object]:
        """Give its JSON form; what is optional and None is left out."""
        field_dict: dict[str, object] = {
            **self.additional_properties,
            "id": self.id,
            "aggregated_value": self.aggregated_value,
            "end_time": self.end_time,
            "start_time": self.start_time,
        }
        return field_dict


def decode_history(value: Json) -> History | Mismatched:
    """Decode the JSON form; MISMATCH for anything else. Straight through when every field is there."""
    if type(value) is not dict:
        return MISMATCH
    src_dict = value
    size = len(src_dict)
    if size < 4:
        return _decode_irregular(src_dict)
    try:
        id_ = src_dict["id"]
        aggregated_value = src_dict["aggregated_value"]
        end_time = src_dict["end_time"]
        start_time = src_dict["start_time"]
    except KeyError:
        return _decode_irregular(src_dict)
    if not (
        type(id_) is str
        and (
            type(aggregated_value) is int
            or (type(aggregated_value) is float and aggregated_value - aggregated_value == 0.0)
        )
        and (type(end_time) is int or (type(end_time) is float and end_time - end_time == 0.0))
        and (type(start_time) is int or (type(start_time) is float and start_time - start_time == 0.0))
    ):
        return _decode_irregular(src_dict)
    # Assigned here rather than in __init__: a fifth less time for a model of 14 fields.
    made = allocate(History)
    made.id = id_
    made.aggregated_value = aggregated_value
    made.end_time = end_time
    made.start_time = start_time
    made.additional_properties = {}
    if size > 4 and not take_others(made.additional_properties, src_dict, _BLANK, size - 4):
        return MISMATCH
    return made


_BLANK: dict[str, Any] = {"id": ABSENT, "aggregated_value": ABSENT, "end_time": ABSENT, "start_time": ABSENT}


def _decode_irregular(src_dict: dict[str, Any]) -> History | Mismatched:
    """Decode the JSON form where optional fields are missing, others are there, or a whole number is written as 1.0."""
    # Laid over a blank form it can be read straight through as well: a fifth less time than asking for each field.
    whole = _BLANK | src_dict
    id_ = whole["id"]
    aggregated_value = whole["aggregated_value"]
    end_time = whole["end_time"]
    start_time = whole["start_time"]
    if not (
        type(id_) is str
        and (
            type(aggregated_value) is int
            or (type(aggregated_value) is float and aggregated_value - aggregated_value == 0.0)
        )
        and (type(end_time) is int or (type(end_time) is float and end_time - end_time == 0.0))
        and (type(start_time) is int or (type(start_time) is float and start_time - start_time == 0.0))
    ):
        return MISMATCH
    extra_fields: dict[str, object] = {}
    size = len(whole)
    if size > 4 and not take_others(extra_fields, src_dict, _BLANK, size - 4):
        return MISMATCH
    made = allocate(History)
    made.id = id_
    made.aggregated_value = aggregated_value
    made.end_time = end_time
    made.start_time = start_time
    made.additional_properties = extra_fields
    return made
