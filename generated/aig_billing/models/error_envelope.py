# Made by `make gen`: do not edit. CONTRIBUTING.md says where a change belongs.
# Spec and overlays: sha256 0ea70d7a57f84a636a6be801a4e70763ade6df35b6e7ad7d2779dd4bab2015f8; generator: openapi-python-client 0.29.1.
"""ErrorEnvelope: The envelope of an answer that reports an error."""

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
    decode_anything,
    list_of,
    map_of,
    mismatch_error,
    new_dict,
    take_others,
    to_json,
)

from .error_info import ErrorInfo, decode_error_info
from .response_info import ResponseInfo, decode_response_info


@define
class ErrorEnvelope:
    """The envelope of an answer that reports an error.

    Attributes:
        errors: What went wrong.
        result: Null, or an object that carries no result.
        success: Always false.
        messages: Remarks that are not errors.
        additional_properties: What the API sent beyond the documents, as it was sent.
    """

    errors: list[ErrorInfo]
    result: dict[str, object] | None
    success: bool
    messages: list[ResponseInfo] | None = None
    additional_properties: dict[str, object] = field(factory=new_dict, kw_only=True)

    @staticmethod
    def json_fields() -> Record:
        """Give the properties as the document has them."""
        return Record(
            (
                Field("errors", Shape(items=Shape(record=ErrorInfo.json_fields))),
                Field("messages", Shape(items=Shape(record=ResponseInfo.json_fields)), required=False),
                Field("result", Shape(values=Shape("anything"), nullable=True)),
                Field("success", Shape("boolean")),
            )
        )

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, object]) -> ErrorEnvelope:
        """Make one from its JSON form.

        Raises:
            ValueError: When that is not what the document says; names the place.
        """
        decoded = decode_error_envelope(dict(src_dict))
        if decoded is MISMATCH:
            raise mismatch_error("ErrorEnvelope", dict(src_dict), Shape(record=cls.json_fields))
        return decoded

    def to_dict(self) -> dict[str, object]:
        """Give its JSON form; what is optional and None is left out."""
        field_dict: dict[str, object] = {
            **self.additional_properties,
            "errors": to_json(self.errors),
            "result": to_json(self.result),
            "success": self.success,
        }
        if self.messages is not None:
            field_dict["messages"] = to_json(self.messages)
        return field_dict


def decode_error_envelope(value: Json) -> ErrorEnvelope | Mismatched:
    """Decode the JSON form; MISMATCH for anything else. Straight through when every field is there."""
    if type(value) is not dict:
        return MISMATCH
    src_dict = value
    size = len(src_dict)
    if size < 4:
        return _decode_irregular(src_dict)
    try:
        errors = src_dict["errors"]
        messages = src_dict["messages"]
        result = src_dict["result"]
        success = src_dict["success"]
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
    _result = None if result is None else _decode_result(result)
    if _result is MISMATCH:
        return MISMATCH
    # Assigned here rather than in __init__: a fifth less time for a model of 14 fields.
    made = allocate(ErrorEnvelope)
    made.errors = _errors
    made.result = _result
    made.success = success
    made.messages = _messages
    made.additional_properties = {}
    if size > 4 and not take_others(made.additional_properties, src_dict, _BLANK, size - 4):
        return MISMATCH
    return made


_BLANK: dict[str, Any] = {"errors": ABSENT, "messages": None, "result": ABSENT, "success": ABSENT}


def _decode_irregular(src_dict: dict[str, Any]) -> ErrorEnvelope | Mismatched:
    """Decode the JSON form where optional fields are missing, others are there, or a whole number is written as 1.0."""
    # Laid over a blank form it can be read straight through as well: a fifth less time than asking for each field.
    whole = _BLANK | src_dict
    errors = whole["errors"]
    messages = whole["messages"]
    result = whole["result"]
    success = whole["success"]
    if type(success) is not bool:
        return MISMATCH
    _errors = _decode_errors(errors)
    if _errors is MISMATCH:
        return MISMATCH
    _messages = None if (messages is None and "messages" not in src_dict) else _decode_messages(messages)
    if _messages is MISMATCH:
        return MISMATCH
    _result = None if result is None else _decode_result(result)
    if _result is MISMATCH:
        return MISMATCH
    extra_fields: dict[str, object] = {}
    size = len(whole)
    if size > 4 and not take_others(extra_fields, src_dict, _BLANK, size - 4):
        return MISMATCH
    made = allocate(ErrorEnvelope)
    made.errors = _errors
    made.result = _result
    made.success = success
    made.messages = _messages
    made.additional_properties = extra_fields
    return made


_decode_errors = list_of(decode_error_info)

_decode_messages = list_of(decode_response_info)

_decode_result = map_of(decode_anything)
