# Made by `make gen`: do not edit. CONTRIBUTING.md says where a change belongs.
# Spec and overlays: sha256 794f7ba78c58554c16b8c089ead5c56d0d3c4da9f5d56fa7ad1d7972cda3e60e; generator: openapi-python-client 0.29.1.
"""Invoice: A past invoice. It may hold tax, so its amount may differ from that of its top-up."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from attrs import define, field

from aig_billing_runtime.decoding import (
    MISMATCH,
    Field,
    Json,
    Mismatched,
    Record,
    Shape,
    is_finite,
    mismatch_error,
    new_dict,
)
from aig_billing_runtime.money import Money
from aig_billing_runtime.times import from_unix_s


@define
class Invoice:
    """A past invoice. It may hold tax, so its amount may differ from that of its top-up.

    Attributes:
        amount_due: What the invoice asks for, in cents.
        amount_paid: What has been paid of it, in cents.
        amount_remaining: What is still to be paid of it, in cents.
        currency: Currency of the amounts.
        id: Id of the invoice.
        attempt_count: How many times payment was tried.
        attempted: Whether payment was tried at all.
        auto_advance: Whether the invoice moves on to collection by itself.
        created: When the invoice was made, in Unix seconds.
        created_by: Who or what made the invoice.
        description: Text on the invoice.
        invoice_origin: What the invoice came from.
        invoice_pdf: Where the invoice can be had as a PDF.
        status: How far the invoice is.
        additional_properties: What the API sent beyond the documents, as it was sent.
    """

    amount_due: float
    amount_paid: float
    amount_remaining: float
    currency: str
    id: str | None = None
    attempt_count: float | None = None
    attempted: bool | None = None
    auto_advance: bool | None = None
    created: float | None = None
    created_by: str | None = None
    description: str | None = None
    invoice_origin: str | None = None
    invoice_pdf: str | None = None
    status: str | None = None
    additional_properties: dict[str, object] = field(factory=new_dict, kw_only=True)

    @property
    def amount_due_money(self) -> Money:
        """`amount_due`, exactly, as money."""
        return Money.from_cents(self.amount_due, self.currency)

    @property
    def amount_paid_money(self) -> Money:
        """`amount_paid`, exactly, as money."""
        return Money.from_cents(self.amount_paid, self.currency)

    @property
    def amount_remaining_money(self) -> Money:
        """`amount_remaining`, exactly, as money."""
        return Money.from_cents(self.amount_remaining, self.currency)

    @property
    def created_datetime(self) -> datetime | None:
        """`created`, as an aware datetime in UTC."""
        return None if self.created is None else from_unix_s(self.created)

    @staticmethod
    def json_fields() -> Record:
        """Give the properties as the document has them."""
        return Record(
            (
                Field("amount_due", Shape("number")),
                Field("amount_paid", Shape("number")),
                Field("amount_remaining", Shape("number")),
                Field("currency", Shape("string")),
                Field("id", Shape("string", nullable=True), required=False),
                Field("attempt_count", Shape("number"), required=False),
                Field("attempted", Shape("boolean"), required=False),
                Field("auto_advance", Shape("boolean", nullable=True), required=False),
                Field("created", Shape("number"), required=False),
                Field("created_by", Shape("string"), required=False),
                Field("description", Shape("string", nullable=True), required=False),
                Field("invoice_origin", Shape("string"), required=False),
                Field("invoice_pdf", Shape("string", nullable=True), required=False),
                Field("status", Shape("string", nullable=True), required=False),
            )
        )

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, object]) -> Invoice:
        """Make one from its JSON form.

        Raises:
            ValueError: When that is not what the document says; names the place.
        """
        decoded = decode_invoice(dict(src_dict))
        if decoded is MISMATCH:
            raise mismatch_error("Invoice", dict(src_dict), Shape(record=cls.json_fields))
        return decoded

    def to_dict(self) -> dict[str, object]:
        """Give its JSON form; what is optional and None is left out."""
        field_dict: dict[str, object] = {
            **self.additional_properties,
            "amount_due": self.amount_due,
            "amount_paid": self.amount_paid,
            "amount_remaining": self.amount_remaining,
            "currency": self.currency,
        }
        if self.id is not None:
            field_dict["id"] = self.id
        if self.attempt_count is not None:
            field_dict["attempt_count"] = self.attempt_count
        if self.attempted is not None:
            field_dict["attempted"] = self.attempted
        if self.auto_advance is not None:
            field_dict["auto_advance"] = self.auto_advance
        if self.created is not None:
            field_dict["created"] = self.created
        if self.created_by is not None:
            field_dict["created_by"] = self.created_by
        if self.description is not None:
            field_dict["description"] = self.description
        if self.invoice_origin is not None:
            field_dict["invoice_origin"] = self.invoice_origin
        if self.invoice_pdf is not None:
            field_dict["invoice_pdf"] = self.invoice_pdf
        if self.status is not None:
            field_dict["status"] = self.status
        return field_dict


def decode_invoice(value: Json) -> Invoice | Mismatched:
    """Decode the JSON form; MISMATCH for anything else. Straight through when every field is there and no other."""
    if type(value) is not dict:
        return MISMATCH
    src_dict = value
    if len(src_dict) != 14:
        return _decode_irregular(src_dict)
    try:
        amount_due = src_dict["amount_due"]
        amount_paid = src_dict["amount_paid"]
        amount_remaining = src_dict["amount_remaining"]
        currency = src_dict["currency"]
        id_ = src_dict["id"]
        attempt_count = src_dict["attempt_count"]
        attempted = src_dict["attempted"]
        auto_advance = src_dict["auto_advance"]
        created = src_dict["created"]
        created_by = src_dict["created_by"]
        description = src_dict["description"]
        invoice_origin = src_dict["invoice_origin"]
        invoice_pdf = src_dict["invoice_pdf"]
        status = src_dict["status"]
    except KeyError:
        return _decode_irregular(src_dict)
    if not (
        (type(amount_due) is int or (type(amount_due) is float and amount_due - amount_due == 0.0))
        and (type(amount_paid) is int or (type(amount_paid) is float and amount_paid - amount_paid == 0.0))
        and (
            type(amount_remaining) is int
            or (type(amount_remaining) is float and amount_remaining - amount_remaining == 0.0)
        )
        and type(currency) is str
        and (id_ is None or type(id_) is str)
        and (type(attempt_count) is int or (type(attempt_count) is float and attempt_count - attempt_count == 0.0))
        and type(attempted) is bool
        and (auto_advance is None or type(auto_advance) is bool)
        and (type(created) is int or (type(created) is float and created - created == 0.0))
        and type(created_by) is str
        and (description is None or type(description) is str)
        and type(invoice_origin) is str
        and (invoice_pdf is None or type(invoice_pdf) is str)
        and (status is None or type(status) is str)
    ):
        return _decode_irregular(src_dict)
    return Invoice(
        amount_due,
        amount_paid,
        amount_remaining,
        currency,
        id_,
        attempt_count,
        attempted,
        auto_advance,
        created,
        created_by,
        description,
        invoice_origin,
        invoice_pdf,
        status,
    )


_NAMES = frozenset(
    {
        "amount_due",
        "amount_paid",
        "amount_remaining",
        "currency",
        "id",
        "attempt_count",
        "attempted",
        "auto_advance",
        "created",
        "created_by",
        "description",
        "invoice_origin",
        "invoice_pdf",
        "status",
    }
)


def _decode_irregular(src_dict: dict[str, Any]) -> Invoice | Mismatched:
    """Decode the JSON form where optional fields are missing, others are there, or a whole number is written as 1.0."""
    amount_due: Any = src_dict.get("amount_due")
    amount_paid: Any = src_dict.get("amount_paid")
    amount_remaining: Any = src_dict.get("amount_remaining")
    currency: Any = src_dict.get("currency")
    id_: Any = src_dict.get("id")
    attempt_count: Any = src_dict.get("attempt_count")
    attempted: Any = src_dict.get("attempted")
    auto_advance: Any = src_dict.get("auto_advance")
    created: Any = src_dict.get("created")
    created_by: Any = src_dict.get("created_by")
    description: Any = src_dict.get("description")
    invoice_origin: Any = src_dict.get("invoice_origin")
    invoice_pdf: Any = src_dict.get("invoice_pdf")
    status: Any = src_dict.get("status")
    if not (type(amount_due) is int or (type(amount_due) is float and amount_due - amount_due == 0.0)):
        return MISMATCH
    if not (type(amount_paid) is int or (type(amount_paid) is float and amount_paid - amount_paid == 0.0)):
        return MISMATCH
    if not (
        type(amount_remaining) is int
        or (type(amount_remaining) is float and amount_remaining - amount_remaining == 0.0)
    ):
        return MISMATCH
    if type(currency) is not str:
        return MISMATCH
    if not (id_ is None or type(id_) is str):
        return MISMATCH
    if not (
        (type(attempt_count) is int or (type(attempt_count) is float and attempt_count - attempt_count == 0.0))
        or (attempt_count is None and "attempt_count" not in src_dict)
    ):
        return MISMATCH
    if not (type(attempted) is bool or (attempted is None and "attempted" not in src_dict)):
        return MISMATCH
    if not (auto_advance is None or type(auto_advance) is bool):
        return MISMATCH
    if not (
        (type(created) is int or (type(created) is float and created - created == 0.0))
        or (created is None and "created" not in src_dict)
    ):
        return MISMATCH
    if not (type(created_by) is str or (created_by is None and "created_by" not in src_dict)):
        return MISMATCH
    if not (description is None or type(description) is str):
        return MISMATCH
    if not (type(invoice_origin) is str or (invoice_origin is None and "invoice_origin" not in src_dict)):
        return MISMATCH
    if not (invoice_pdf is None or type(invoice_pdf) is str):
        return MISMATCH
    if not (status is None or type(status) is str):
        return MISMATCH
    if src_dict.keys() <= _NAMES:
        return Invoice(
            amount_due,
            amount_paid,
            amount_remaining,
            currency,
            id_,
            attempt_count,
            attempted,
            auto_advance,
            created,
            created_by,
            description,
            invoice_origin,
            invoice_pdf,
            status,
        )
    extra_fields = {name: value for name, value in src_dict.items() if name not in _NAMES}
    if not is_finite(extra_fields):
        return MISMATCH
    return Invoice(
        amount_due,
        amount_paid,
        amount_remaining,
        currency,
        id_,
        attempt_count,
        attempted,
        auto_advance,
        created,
        created_by,
        description,
        invoice_origin,
        invoice_pdf,
        status,
        additional_properties=extra_fields,
    )
