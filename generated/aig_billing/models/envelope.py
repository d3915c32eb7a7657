# Made by `make gen`: do not edit. CONTRIBUTING.md says where a change belongs.
# Spec and overlays: sha256 0ea70d7a57f84a636a6be801a4e70763ade6df35b6e7ad7d2779dd4bab2015f8; generator: openapi-python-client 0.29.1.
"""Envelope: What every answer is wrapped in."""

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

from .response_info import ResponseInfo, decode_response_info
from .result_info import ResultInfo, decode_result_info


@define
class Envelope:
    """What every answer is wrapped in.

    Attributes:
        errors: What went wrong; empty when nothing did.
        messages: Remarks that are no errors.
        result: The answer proper; each operation says what it is.
        success: Whether the call did what was asked.
        result_info: Which page of a longer result this is.
        additional_properties: What the API sent beyond the documents, as it was sent.
    """

    errors: list[ResponseInfo]
    messages: list[ResponseInfo]
    result: object
    success: bool
    result_info: ResultInfo | None = None
    additional_properties: dict[str, object] = field(factory=new_dict, kw_only=True)

    @staticmethod
    def json_fields() -> Record:
        """Give the properties as the document has them."""
        return Record(
            (
                Field("errors", Shape(items=Shape(record=ResponseInfo.json_fields))),
                Field("messages", Shape(items=Shape(record=ResponseInfo.json_fields))),
                Field("result", Shape("anything")),
                Field("success", Shape("boolean")),
                Field("result_info", Shape(record=ResultInfo.json_fields), required=False),
            )
        )

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, object]) -> Envelope:
        """Make one from its JSON form.

        Raises:
            ValueError: When that is not what the document says; names the place.
        """
        decoded = decode_envelope(dict(src_dict))
        if decoded is MISMATCH:
            raise mismatch_error("Envelope", dict(src_dict), Shape(record=cls.json_fields))
        return decoded

    def to_dict(self) -> dict[str, object]:
        """Give its JSON form; what is optional and None is left out."""
        field_dict: dict[str, object] = {
            **self.additional_properties,
            "errors": to_json(self.errors),
            "messages": to_json(self.messages),
            "result": self.result,
            "success": self.success,
        }
        if self.result_info is not None:
            field_dict["result_info"] = to_json(self.result_info)
        return field_dict


def decode_envelope(value: Json) -> Envelope | Mismatched:
    """Decode the JSON form; MISMATCH for anything else. Straight through when every field is there."""
    if type(value) is not dict:
        return MISMATCH
    src_dict = value
    size = len(src_dict)
    if size < 5:
        return _decode_irregular(src_dict)
    try:
        errors = src_dict["errors"]
        messages = src_dict["messages"]
        result = src_dict["result"]
        success = src_dict["success"]
        result_info = src_dict["result_info"]
    except KeyError:
        return _decode_irregular(src_dict)
    if type(success) is not bool:
        return _decode_irregular(src_dict)
    _errors = _decode_errors(errors)
    if _errors is MISMATCH:
        return MISMATCH
    _messages = _decode_messages(messages)
    if _messages is MISMATCH:
        return MISMATCH
    _result_info = decode_result_info(result_info)
    if _result_info is MISMATCH:
        return MISMATCH
    # Assigned here rather than in __init__: a fifth less time for a model of 14 fields.
    made = allocate(Envelope)
    made.errors = _errors
    made.messages = _messages
    made.result = result
    made.success = success
    made.result_info = _result_info
    made.additional_properties = {}
    if size > 5 and not take_others(made.additional_properties, src_dict, _BLANK, size - 5):
        return MISMATCH
    return made


_BLANK: dict[str, Any] = {
    "errors": ABSENT,
    "messages": ABSENT,
    "result": ABSENT,
    "success": ABSENT,
    "result_info": None,
}


def _decode_irregular(src_dict: dict[str, Any]) -> Envelope | Mismatched:
    """Decode the JSON form where optional fields are missing, others are there, or a whole number is written as 1.0."""
    # Laid over a blank form it can be read straight through as well: a fifth less time than asking for each field.
    whole = _BLANK | src_dict
    errors = whole["errors"]
    messages = whole["messages"]
    result = whole["result"]
    success = whole["success"]
    result_info = whole["result_info"]
    if not (result is not ABSENT and type(success) is bool):
        return MISMATCH
    _errors = _decode_errors(errors)
    if _errors is MISMATCH:
        return MISMATCH
    _messages = _decode_messages(messages)
    if _messages is MISMATCH:
        return MISMATCH
    _result_info = None if (result_info is None and "result_info" not in src_dict) else decode_result_info(result_info)
    if _result_info is MISMATCH:
        return MISMATCH
    extra_fields: dict[str, object] = {}
    size = len(whole)
    if size > 5 and not take_others(extra_fields, src_dict, _BLANK, size - 5):
        return MISMATCH
    made = allocate(Envelope)
    made.errors = _errors
    made.messages = _messages
    made.result = result
    made.success = success
    made.result_info = _result_info
    made.additional_properties = extra_fields
    return made


_decode_errors = list_of(decode_response_info)

_decode_messages = list_of(decode_response_info)
