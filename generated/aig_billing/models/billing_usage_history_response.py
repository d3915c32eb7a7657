# Made by `make gen`: do not edit. CONTRIBUTING.md says where a change belongs.
# Spec and overlays: sha256 0ea70d7a57f84a636a6be801a4e70763ade6df35b6e7ad7d2779dd4bab2015f8; generator: openapi-python-client 0.29.1.
"""BillingUsageHistoryResponse: Usage over a range of time."""

from __future__ import annotations

from collections.abc import Mapping
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
    list_of,
    mismatch_error,
    new_dict,
    take_others,
    to_json,
)

from .history import History, decode_history


@define
class BillingUsageHistoryResponse:
    """Usage over a range of time.

    Attributes:
        history: One record for each window.
        additional_properties: What the API sent beyond the documents, as it was sent.
    """

    history: list[History]
    additional_properties: dict[str, object] = field(factory=new_dict, kw_only=True)

    @staticmethod
    def json_fields() -> Record:
        """Give the properties as the document has them."""
        return Record((Field("history", Shape(items=Shape(record=History.json_fields))),))

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, object]) -> BillingUsageHistoryResponse:
        """Make one from its JSON form.

        Raises:
            ValueError: When that is not what the document says; names the place.
        """
        decoded = decode_billing_usage_history_response(dict(src_dict))
        if decoded is MISMATCH:
            raise mismatch_error("BillingUsageHistoryResponse", dict(src_dict), Shape(record=cls.json_fields))
        return decoded

    def to_dict(self) -> dict[str, object]:
        """Give its JSON form; what is optional and None is left out."""
        field_dict: dict[str, object] = {**self.additional_properties, "history": to_json(self.history)}
        return field_dict


def decode_billing_usage_history_response(value: Json) -> BillingUsageHistoryResponse | Mismatched:
    """Decode the JSON form; MISMATCH for anything else. Straight through when every field is there."""
    if type(value) is not dict:
        return MISMATCH
    src_dict = value
    size = len(src_dict)
    if size < 1:
        return _decode_irregular(src_dict)
    try:
        history = src_dict["history"]
    except KeyError:
        return _decode_irregular(src_dict)
    _history = _decode_history(history)
    if _history is MISMATCH:
        return MISMATCH
    # Assigned here rather than in __init__: a fifth less time for a model of 14 fields.
    made = allocate(BillingUsageHistoryResponse)
    made.history = _history
    made.additional_properties = {}
    if size > 1 and not take_others(made.additional_properties, src_dict, _BLANK, size - 1):
        return MISMATCH
    return made


_BLANK: dict[str, Any] = {"history": ABSENT}


def _decode_irregular(src_dict: dict[str, Any]) -> BillingUsageHistoryResponse | Mismatched:
    """Decode the JSON form where optional fields are missing, others are there, or a whole number is written as 1.0."""
    # Laid over a blank form it can be read straight through as well: a fifth less time than asking for each field.
    whole = _BLANK | src_dict
    history = whole["history"]
    _history = _decode_history(history)
    if _history is MISMATCH:
        return MISMATCH
    extra_fields: dict[str, object] = {}
    size = len(whole)
    if size > 1 and not take_others(extra_fields, src_dict, _BLANK, size - 1):
        return MISMATCH
    made = allocate(BillingUsageHistoryResponse)
    made.history = _history
    made.additional_properties = extra_fields
    return made


_decode_history = list_of(decode_history)
