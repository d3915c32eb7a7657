# Made by `make gen`: do not edit. CONTRIBUTING.md says where a change belongs.
# Spec and overlays: sha256 0ea70d7a57f84a636a6be801a4e70763ade6df35b6e7ad7d2779dd4bab2015f8; generator: openapi-python-client 0.29.1.
"""InvoiceLinePricing: How a line is priced."""

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
class InvoiceLinePricing:
    """How a line is priced.

    Attributes:
        unit_amount_decimal: Price of one unit, as a decimal number of dollars (not cents) in a string, as users
            report. Null in invoices with one line a model, which are the rule since September 2026.
        additional_properties: What the API sent beyond the documents, as it was sent.
    """

    unit_amount_decimal: str | None
    additional_properties: dict[str, object] = field(factory=new_dict, kw_only=True)

    @staticmethod
    def json_fields() -> Record:
        """Give the properties as the document has them."""
        return Record((Field("unit_amount_decimal", Shape("string", nullable=True)),))

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, object]) -> InvoiceLinePricing:
        """Make one from its JSON form.

        Raises:
            ValueError: When that is not what the document says; names the place.
        """
        decoded = decode_invoice_line_pricing(dict(src_dict))
        if decoded is MISMATCH:
            raise mismatch_error("InvoiceLinePricing", dict(src_dict), Shape(record=cls.json_fields))
        return decoded

    def to_dict(self) -> dict[str, object]:
        """Give its JSON form; what is optional and None is left out."""
        field_dict: dict[str, object] = {**self.additional_properties, "unit_amount_decimal": self.unit_amount_decimal}
        return field_dict


def decode_invoice_line_pricing(value: Json) -> InvoiceLinePricing | Mismatched:
    """Decode the JSON form; MISMATCH for anything else. Straight through when every field is there."""
    if type(value) is not dict:
        return MISMATCH
    src_dict = value
    size = len(src_dict)
    if size < 1:
        return _decode_irregular(src_dict)
    try:
        unit_amount_decimal = src_dict["unit_amount_decimal"]
    except KeyError:
        return _decode_irregular(src_dict)
    if not (type(unit_amount_decimal) is str or unit_amount_decimal is None):
        return _decode_irregular(src_dict)
    # Assigned here rather than in __init__: a fifth less time for a model of 14 fields.
    made = allocate(InvoiceLinePricing)
    made.unit_amount_decimal = unit_amount_decimal
    made.additional_properties = {}
    if size > 1 and not take_others(made.additional_properties, src_dict, _BLANK, size - 1):
        return MISMATCH
    return made


_BLANK: dict[str, Any] = {"unit_amount_decimal": ABSENT}


def _decode_irregular(src_dict: dict[str, Any]) -> InvoiceLinePricing | Mismatched:
    """Decode the JSON form where optional fields are missing, others are there, or a whole number is written as 1.0."""
    # Laid over a blank form it can be read straight through as well: a fifth less time than asking for each field.
    whole = _BLANK | src_dict
    unit_amount_decimal = whole["unit_amount_decimal"]
    if not (type(unit_amount_decimal) is str or unit_amount_decimal is None):
        return MISMATCH
    extra_fields: dict[str, object] = {}
    size = len(whole)
    if size > 1 and not take_others(extra_fields, src_dict, _BLANK, size - 1):
        return MISMATCH
    made = allocate(InvoiceLinePricing)
    made.unit_amount_decimal = unit_amount_decimal
    made.additional_properties = extra_fields
    return made
