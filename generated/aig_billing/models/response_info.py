# Made by `make gen`: do not edit. CONTRIBUTING.md says where a change belongs.
# Spec and overlays: sha256 0ea70d7a57f84a636a6be801a4e70763ade6df35b6e7ad7d2779dd4bab2015f8; generator: openapi-python-client 0.29.1.
"""ResponseInfo: One error or remark."""

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
    mismatch_error,
    new_dict,
    take_others,
)


@define
class ResponseInfo:
    """One error or remark.

    Attributes:
        code: Number of this kind of error or remark.
        message: What it says, for people.
        additional_properties: What the API sent beyond the documents, as it was sent.
    """

    code: float
    message: str
    additional_properties: dict[str, object] = field(factory=new_dict, kw_only=True)

    @staticmethod
    def json_fields() -> Record:
        """Give the properties as the document has them."""
        return Record((Field("code", Shape("number")), Field("message", Shape("string"))))

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, object]) -> ResponseInfo:
        """Make one from its JSON form.

        Raises:
            ValueError: When that is not what the document says; names the place.
        """
        decoded = decode_response_info(dict(src_dict))
        if decoded is MISMATCH:
            raise mismatch_error("ResponseInfo", dict(src_dict), Shape(record=cls.json_fields))
        return decoded

    def to_dict(self) -> dict[str, object]:
        """Give its JSON form; what is optional and None is left out."""
        field_dict: dict[str, object] = {**self.additional_properties, "code": self.code, "message": self.message}
        return field_dict


def decode_response_info(value: Json) -> ResponseInfo | Mismatched:
    """Decode the JSON form; MISMATCH for anything else. Straight through when every field is there."""
    if type(value) is not dict:
        return MISMATCH
    src_dict = value
    size = len(src_dict)
    if size < 2:
        return _decode_irregular(src_dict)
    try:
        code = src_dict["code"]
        message = src_dict["message"]
    except KeyError:
        return _decode_irregular(src_dict)
    if not ((type(code) is int or (type(code) is float and code - code == 0.0)) and type(message) is str):
        return _decode_irregular(src_dict)
    # Assigned here rather than in __init__: a fifth less time for a model of 14 fields.
    made = allocate(ResponseInfo)
    made.code = code
    made.message = message
    made.additional_properties = {}
    if size > 2 and not take_others(made.additional_properties, src_dict, _BLANK, size - 2):
        return MISMATCH
    return made


_BLANK: dict[str, Any] = {"code": ABSENT, "message": ABSENT}


def _decode_irregular(src_dict: dict[str, Any]) -> ResponseInfo | Mismatched:
    """Decode the JSON form where optional fields are missing, others are there, or a whole number is written as 1.0."""
    # Laid over a blank form it can be read straight through as well: a fifth less time than asking for each field.
    whole = _BLANK | src_dict
    code = whole["code"]
    message = whole["message"]
    if not ((type(code) is int or (type(code) is float and code - code == 0.0)) and type(message) is str):
        return MISMATCH
    extra_fields: dict[str, object] = {}
    size = len(whole)
    if size > 2 and not take_others(extra_fields, src_dict, _BLANK, size - 2):
        return MISMATCH
    made = allocate(ResponseInfo)
    made.code = code
    made.message = message
    made.additional_properties = extra_fields
    return made
