# Made by `make gen`: do not edit. CONTRIBUTING.md says where a change belongs.
# Spec and overlays: sha256 0ea70d7a57f84a636a6be801a4e70763ade6df35b6e7ad7d2779dd4bab2015f8; generator: openapi-python-client 0.29.1.
"""SpendingLimitGetResponse: The account's spending limit, and whether it is on."""

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
    to_json,
)

from .spending_limit_config import SpendingLimitConfig, decode_spending_limit_config


@define
class SpendingLimitGetResponse:
    """The account's spending limit, and whether it is on.

    Attributes:
        config: What the spending limit says.
        enabled: Whether the limit is on.
        additional_properties: What the API sent beyond the documents, as it was sent.
    """

    config: SpendingLimitConfig
    enabled: bool
    additional_properties: dict[str, object] = field(factory=new_dict, kw_only=True)

    @staticmethod
    def json_fields() -> Record:
        """Give the properties as the document has them."""
        return Record(
            (Field("config", Shape(record=SpendingLimitConfig.json_fields)), Field("enabled", Shape("boolean")))
        )

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, object]) -> SpendingLimitGetResponse:
        """Make one from its JSON form.

        Raises:
            ValueError: When that is not what the document says; names the place.
        """
        decoded = decode_spending_limit_get_response(dict(src_dict))
        if decoded is MISMATCH:
            raise mismatch_error("SpendingLimitGetResponse", dict(src_dict), Shape(record=cls.json_fields))
        return decoded

    def to_dict(self) -> dict[str, object]:
        """Give its JSON form; what is optional and None is left out."""
        field_dict: dict[str, object] = {
            **self.additional_properties,
            "config": to_json(self.config),
            "enabled": self.enabled,
        }
        return field_dict


def decode_spending_limit_get_response(value: Json) -> SpendingLimitGetResponse | Mismatched:
    """Decode the JSON form; MISMATCH for anything else. Straight through when every field is there."""
    if type(value) is not dict:
        return MISMATCH
    src_dict = value
    size = len(src_dict)
    if size < 2:
        return _decode_irregular(src_dict)
    try:
        config = src_dict["config"]
        enabled = src_dict["enabled"]
    except KeyError:
        return _decode_irregular(src_dict)
    if type(enabled) is not bool:
        return _decode_irregular(src_dict)
    _config = decode_spending_limit_config(config)
    if _config is MISMATCH:
        return MISMATCH
    # Assigned here rather than in __init__: a fifth less time for a model of 14 fields.
    made = allocate(SpendingLimitGetResponse)
    made.config = _config
    made.enabled = enabled
    made.additional_properties = {}
    if size > 2 and not take_others(made.additional_properties, src_dict, _BLANK, size - 2):
        return MISMATCH
    return made


_BLANK: dict[str, Any] = {"config": ABSENT, "enabled": ABSENT}


def _decode_irregular(src_dict: dict[str, Any]) -> SpendingLimitGetResponse | Mismatched:
    """Decode the JSON form where optional fields are missing, others are there, or a whole number is written as 1.0."""
    # Laid over a blank form it can be read straight through as well: a fifth less time than asking for each field.
    whole = _BLANK | src_dict
    config = whole["config"]
    enabled = whole["enabled"]
    if type(enabled) is not bool:
        return MISMATCH
    _config = decode_spending_limit_config(config)
    if _config is MISMATCH:
        return MISMATCH
    extra_fields: dict[str, object] = {}
    size = len(whole)
    if size > 2 and not take_others(extra_fields, src_dict, _BLANK, size - 2):
        return MISMATCH
    made = allocate(SpendingLimitGetResponse)
    made.config = _config
    made.enabled = enabled
    made.additional_properties = extra_fields
    return made
