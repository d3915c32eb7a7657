# Made by `make gen`: do not edit. CONTRIBUTING.md says where a change belongs.
# Spec and overlays: sha256 0ea70d7a57f84a636a6be801a4e70763ade6df35b6e7ad7d2779dd4bab2015f8; generator: openapi-python-client 0.29.1.
"""TopupLimitsResponse: The smallest and the largest amount of a single top-up."""

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
    is_integer,
    mismatch_error,
    new_dict,
    take_others,
)
from aig_billing_runtime.money import Money


@define
class TopupLimitsResponse:
    """The smallest and the largest amount of a single top-up.

    Attributes:
        min_cents: Smallest top-up, in cents.
        max_cents: Largest top-up, in cents.
        currency: Currency of both, as an ISO 4217 code.
        additional_properties: What the API sent beyond the documents, as it was sent.
    """

    min_cents: int
    max_cents: int
    currency: str
    additional_properties: dict[str, object] = field(factory=new_dict, kw_only=True)

    @property
    def min_cents_money(self) -> Money:
        """`min_cents`, exactly, as money."""
        return Money.from_cents(self.min_cents, self.currency)

    @property
    def max_cents_money(self) -> Money:
        """`max_cents`, exactly, as money."""
        return Money.from_cents(self.max_cents, self.currency)

    @staticmethod
    def json_fields() -> Record:
        """Give the properties as the document has them."""
        return Record(
            (
                Field("min_cents", Shape("integer")),
                Field("max_cents", Shape("integer")),
                Field("currency", Shape("string")),
            )
        )

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, object]) -> TopupLimitsResponse:
        """Make one from its JSON form.

        Raises:
            ValueError: When that is not what the document says; names the place.
        """
        decoded = decode_topup_limits_response(dict(src_dict))
        if decoded is MISMATCH:
            raise mismatch_error("TopupLimitsResponse", dict(src_dict), Shape(record=cls.json_fields))
        return decoded

    def to_dict(self) -> dict[str, object]:
        """Give its JSON form; what is optional and None is left out."""
        field_dict: dict[str, object] = {
            **self.additional_properties,
            "min_cents": self.min_cents,
            "max_cents": self.max_cents,
            "currency": self.currency,
        }
        return field_dict


def decode_topup_limits_response(value: Json) -> TopupLimitsResponse | Mismatched:
    """Decode the JSON form; MISMATCH for anything else. Straight through when every field is there."""
    if type(value) is not dict:
        return MISMATCH
    src_dict = value
    size = len(src_dict)
    if size < 3:
        return _decode_irregular(src_dict)
    try:
        min_cents = src_dict["min_cents"]
        max_cents = src_dict["max_cents"]
        currency = src_dict["currency"]
    except KeyError:
        return _decode_irregular(src_dict)
    if not (type(min_cents) is int and type(max_cents) is int and type(currency) is str):
        return _decode_irregular(src_dict)
    # Assigned here rather than in __init__: a fifth less time for a model of 14 fields.
    made = allocate(TopupLimitsResponse)
    made.min_cents = min_cents
    made.max_cents = max_cents
    made.currency = currency
    made.additional_properties = {}
    if size > 3 and not take_others(made.additional_properties, src_dict, _BLANK, size - 3):
        return MISMATCH
    return made


_BLANK: dict[str, Any] = {"min_cents": ABSENT, "max_cents": ABSENT, "currency": ABSENT}


def _decode_irregular(src_dict: dict[str, Any]) -> TopupLimitsResponse | Mismatched:
    """Decode the JSON form where optional fields are missing, others are there, or a whole number is written as 1.0."""
    # Laid over a blank form it can be read straight through as well: a fifth less time than asking for each field.
    whole = _BLANK | src_dict
    min_cents = whole["min_cents"]
    max_cents = whole["max_cents"]
    currency = whole["currency"]
    if not (is_integer(min_cents) and is_integer(max_cents) and type(currency) is str):
        return MISMATCH
    min_cents = int(min_cents)
    max_cents = int(max_cents)
    extra_fields: dict[str, object] = {}
    size = len(whole)
    if size > 3 and not take_others(extra_fields, src_dict, _BLANK, size - 3):
        return MISMATCH
    made = allocate(TopupLimitsResponse)
    made.min_cents = min_cents
    made.max_cents = max_cents
    made.currency = currency
    made.additional_properties = extra_fields
    return made
