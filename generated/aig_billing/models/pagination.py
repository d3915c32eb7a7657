# Made by `make gen`: do not edit. CONTRIBUTING.md says where a change belongs.
# Spec and overlays: sha256 0ea70d7a57f84a636a6be801a4e70763ade6df35b6e7ad7d2779dd4bab2015f8; generator: openapi-python-client 0.29.1.
"""Pagination: Which page of the invoices this is."""

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
class Pagination:
    """Which page of the invoices this is.

    Attributes:
        has_more: Whether another page follows.
        page: Number of this page.
        per_page: How many invoices a page holds.
        total_count: How many invoices there are on all pages.
        additional_properties: What the API sent beyond the documents, as it was sent.
    """

    has_more: bool
    page: float
    per_page: float
    total_count: float
    additional_properties: dict[str, object] = field(factory=new_dict, kw_only=True)

    @staticmethod
    def json_fields() -> Record:
        """Give the properties as the document has them."""
        return Record(
            (
                Field("has_more", Shape("boolean")),
                Field("page", Shape("number")),
                Field("per_page", Shape("number")),
                Field("total_count", Shape("number")),
            )
        )

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, object]) -> Pagination:
        """Make one from its JSON form.

        Raises:
            ValueError: When that is not what the document says; names the place.
        """
        decoded = decode_pagination(dict(src_dict))
        if decoded is MISMATCH:
            raise mismatch_error("Pagination", dict(src_dict), Shape(record=cls.json_fields))
        return decoded

    def to_dict(self) -> dict[str, object]:
        """Give its JSON form; what is optional and None is left out."""
        field_dict: dict[str, object] = {
            **self.additional_properties,
            "has_more": self.has_more,
            "page": self.page,
            "per_page": self.per_page,
            "total_count": self.total_count,
        }
        return field_dict


def decode_pagination(value: Json) -> Pagination | Mismatched:
    """Decode the JSON form; MISMATCH for anything else. Straight through when every field is there."""
    if type(value) is not dict:
        return MISMATCH
    src_dict = value
    size = len(src_dict)
    if size < 4:
        return _decode_irregular(src_dict)
    try:
        has_more = src_dict["has_more"]
        page = src_dict["page"]
        per_page = src_dict["per_page"]
        total_count = src_dict["total_count"]
    except KeyError:
        return _decode_irregular(src_dict)
    if not (
        type(has_more) is bool
        and (type(page) is int or (type(page) is float and page - page == 0.0))
        and (type(per_page) is int or (type(per_page) is float and per_page - per_page == 0.0))
        and (type(total_count) is int or (type(total_count) is float and total_count - total_count == 0.0))
    ):
        return _decode_irregular(src_dict)
    # Assigned here rather than in __init__: a fifth less time for a model of 14 fields.
    made = allocate(Pagination)
    made.has_more = has_more
    made.page = page
    made.per_page = per_page
    made.total_count = total_count
    made.additional_properties = {}
    if size > 4 and not take_others(made.additional_properties, src_dict, _BLANK, size - 4):
        return MISMATCH
    return made


_BLANK: dict[str, Any] = {"has_more": ABSENT, "page": ABSENT, "per_page": ABSENT, "total_count": ABSENT}


def _decode_irregular(src_dict: dict[str, Any]) -> Pagination | Mismatched:
    """Decode the JSON form where optional fields are missing, others are there, or a whole number is written as 1.0."""
    # Laid over a blank form it can be read straight through as well: a fifth less time than asking for each field.
    whole = _BLANK | src_dict
    has_more = whole["has_more"]
    page = whole["page"]
    per_page = whole["per_page"]
    total_count = whole["total_count"]
    if not (
        type(has_more) is bool
        and (type(page) is int or (type(page) is float and page - page == 0.0))
        and (type(per_page) is int or (type(per_page) is float and per_page - per_page == 0.0))
        and (type(total_count) is int or (type(total_count) is float and total_count - total_count == 0.0))
    ):
        return MISMATCH
    extra_fields: dict[str, object] = {}
    size = len(whole)
    if size > 4 and not take_others(extra_fields, src_dict, _BLANK, size - 4):
        return MISMATCH
    made = allocate(Pagination)
    made.has_more = has_more
    made.page = page
    made.per_page = per_page
    made.total_count = total_count
    made.additional_properties = extra_fields
    return made
