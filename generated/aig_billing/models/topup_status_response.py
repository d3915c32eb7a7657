# Made by `make gen`: do not edit. CONTRIBUTING.md says where a change belongs.
# Spec and overlays: sha256 0ea70d7a57f84a636a6be801a4e70763ade6df35b6e7ad7d2779dd4bab2015f8; generator: openapi-python-client 0.29.1.
"""TopupStatusResponse: How far a top-up is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

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
class TopupStatusResponse:
    """How far a top-up is.

    Attributes:
        payment_intent_id: Id of the top-up's Stripe invoice (`in_...`), despite the name; invoice history lists
            it under this id.
        status: State of the payment. Only `completed` says that it is paid. `pending` gives no reason: the
            payment may still be processed, wait for a confirmation by the card's owner (3-D Secure), or have
            failed.
        additional_properties: What the API sent beyond the documents, as it was sent.
    """

    payment_intent_id: str
    status: Literal["completed", "pending"] | str
    additional_properties: dict[str, object] = field(factory=new_dict, kw_only=True)

    @staticmethod
    def json_fields() -> Record:
        """Give the properties as the document has them."""
        return Record((Field("payment_intent_id", Shape("string")), Field("status", Shape("string"))))

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, object]) -> TopupStatusResponse:
        """Make one from its JSON form.

        Raises:
            ValueError: When that is not what the document says; names the place.
        """
        decoded = decode_topup_status_response(dict(src_dict))
        if decoded is MISMATCH:
            raise mismatch_error("TopupStatusResponse", dict(src_dict), Shape(record=cls.json_fields))
        return decoded

    def to_dict(self) -> dict[str, object]:
        """Give its JSON form; what is optional and None is left out."""
        field_dict: dict[str, object] = {
            **self.additional_properties,
            "payment_intent_id": self.payment_intent_id,
            "status": self.status,
        }
        return field_dict


def decode_topup_status_response(value: Json) -> TopupStatusResponse | Mismatched:
    """Decode the JSON form; MISMATCH for anything else. Straight through when every field is there."""
    if type(value) is not dict:
        return MISMATCH
    src_dict = value
    size = len(src_dict)
    if size < 2:
        return _decode_irregular(src_dict)
    try:
        payment_intent_id = src_dict["payment_intent_id"]
        status = src_dict["status"]
    except KeyError:
        return _decode_irregular(src_dict)
    if not (type(payment_intent_id) is str and type(status) is str):
        return _decode_irregular(src_dict)
    # Assigned here rather than in __init__: a fifth less time for a model of 14 fields.
    made = allocate(TopupStatusResponse)
    made.payment_intent_id = payment_intent_id
    made.status = status
    made.additional_properties = {}
    if size > 2 and not take_others(made.additional_properties, src_dict, _BLANK, size - 2):
        return MISMATCH
    return made


_BLANK: dict[str, Any] = {"payment_intent_id": ABSENT, "status": ABSENT}


def _decode_irregular(src_dict: dict[str, Any]) -> TopupStatusResponse | Mismatched:
    """Decode the JSON form where optional fields are missing, others are there, or a whole number is written as 1.0."""
    # Laid over a blank form it can be read straight through as well: a fifth less time than asking for each field.
    whole = _BLANK | src_dict
    payment_intent_id = whole["payment_intent_id"]
    status = whole["status"]
    if not (type(payment_intent_id) is str and type(status) is str):
        return MISMATCH
    extra_fields: dict[str, object] = {}
    size = len(whole)
    if size > 2 and not take_others(extra_fields, src_dict, _BLANK, size - 2):
        return MISMATCH
    made = allocate(TopupStatusResponse)
    made.payment_intent_id = payment_intent_id
    made.status = status
    made.additional_properties = extra_fields
    return made
