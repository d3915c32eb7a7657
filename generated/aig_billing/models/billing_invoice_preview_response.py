# Made by `make gen`: do not edit. CONTRIBUTING.md says where a change belongs.
# Spec and overlays: sha256 0ea70d7a57f84a636a6be801a4e70763ade6df35b6e7ad7d2779dd4bab2015f8; generator: openapi-python-client 0.29.1.
"""BillingInvoicePreviewResponse: The next invoice as it would be now."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
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
    list_of,
    mismatch_error,
    new_dict,
    take_others,
    to_json,
)
from aig_billing_runtime.money import Money
from aig_billing_runtime.times import from_unix_s

from .invoice_line import InvoiceLine, decode_invoice_line


@define
class BillingInvoicePreviewResponse:
    """The next invoice as it would be now.

    Attributes:
        id: Id of the preview.
        amount_due: The total of the next invoice, in cents (unconfirmed) with fractions of a cent.
        amount_paid: The part that is paid already, in cents (unconfirmed) with fractions of a cent.
        amount_remaining: The part that would still be to pay, in cents (unconfirmed) with fractions of a cent.
        currency: Currency of the amounts, as an ISO 4217 code. What is called cents is the smallest unit of the
            currency: a hundredth in USD, the whole in JPY, a thousandth in KWD.
        invoice_lines: What the invoice is made up of.
        period_end: When the invoice's period ends, in Unix seconds.
        period_start: When the invoice's period starts, in Unix seconds.
        status: How far the invoice is.
        additional_properties: What the API sent beyond the documents, as it was sent.
    """

    id: str
    amount_due: float
    amount_paid: float
    amount_remaining: float
    currency: str
    invoice_lines: list[InvoiceLine]
    period_end: float
    period_start: float
    status: Literal["draft", "open", "paid", "uncollectible", "void"] | str
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
    def period_end_datetime(self) -> datetime:
        """`period_end`, as an aware datetime in UTC."""
        return from_unix_s(self.period_end)

    @property
    def period_start_datetime(self) -> datetime:
        """`period_start`, as an aware datetime in UTC."""
        return from_unix_s(self.period_start)

    @staticmethod
    def json_fields() -> Record:
        """Give the properties as the document has them."""
        return Record(
            (
                Field("id", Shape("string")),
                Field("amount_due", Shape("number")),
                Field("amount_paid", Shape("number")),
                Field("amount_remaining", Shape("number")),
                Field("currency", Shape("string")),
                Field("invoice_lines", Shape(items=Shape(record=InvoiceLine.json_fields))),
                Field("period_end", Shape("number")),
                Field("period_start", Shape("number")),
                Field("status", Shape("string")),
            )
        )

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, object]) -> BillingInvoicePreviewResponse:
        """Make one from its JSON form.

        Raises:
            ValueError: When that is not what the document says; names the place.
        """
        decoded = decode_billing_invoice_preview_response(dict(src_dict))
        if decoded is MISMATCH:
            raise mismatch_error("BillingInvoicePreviewResponse", dict(src_dict), Shape(record=cls.json_fields))
        return decoded

    def to_dict(self) -> dict[str, object]:
        """Give its JSON form; what is optional and None is left out."""
        field_dict: dict[str, object] = {
            **self.additional_properties,
            "id": self.id,
            "amount_due": self.amount_due,
            "amount_paid": self.amount_paid,
            "amount_remaining": self.amount_remaining,
            "currency": self.currency,
            "invoice_lines": to_json(self.invoice_lines),
            "period_end": self.period_end,
            "period_start": self.period_start,
            "status": self.status,
        }
        return field_dict


def decode_billing_invoice_preview_response(value: Json) -> BillingInvoicePreviewResponse | Mismatched:
    """Decode the JSON form; MISMATCH for anything else. Straight through when every field is there."""
    if type(value) is not dict:
        return MISMATCH
    src_dict = value
    size = len(src_dict)
    if size < 9:
        return _decode_irregular(src_dict)
    try:
        id_ = src_dict["id"]
        amount_due = src_dict["amount_due"]
        amount_paid = src_dict["amount_paid"]
        amount_remaining = src_dict["amount_remaining"]
        currency = src_dict["currency"]
        invoice_lines = src_dict["invoice_lines"]
        period_end = src_dict["period_end"]
        period_start = src_dict["period_start"]
        status = src_dict["status"]
    except KeyError:
        return _decode_irregular(src_dict)
    if not (
        type(id_) is str
        and (type(amount_due) is int or (type(amount_due) is float and amount_due - amount_due == 0.0))
        and (type(amount_paid) is int or (type(amount_paid) is float and amount_paid - amount_paid == 0.0))
        and (
            type(amount_remaining) is int
            or (type(amount_remaining) is float and amount_remaining - amount_remaining == 0.0)
        )
        and type(currency) is str
        and (type(period_end) is int or (type(period_end) is float and period_end - period_end == 0.0))
        and (type(period_start) is int or (type(period_start) is float and period_start - period_start == 0.0))
        and type(status) is str
    ):
        return _decode_irregular(src_dict)
    _invoice_lines = _decode_invoice_lines(invoice_lines)
    if _invoice_lines is MISMATCH:
        return MISMATCH
    # Assigned here rather than in __init__: a fifth less time for a model of 14 fields.
    made = allocate(BillingInvoicePreviewResponse)
    made.id = id_
    made.amount_due = amount_due
    made.amount_paid = amount_paid
    made.amount_remaining = amount_remaining
    made.currency = currency
    made.invoice_lines = _invoice_lines
    made.period_end = period_end
    made.period_start = period_start
    made.status = status
    made.additional_properties = {}
    if size > 9 and not take_others(made.additional_properties, src_dict, _BLANK, size - 9):
        return MISMATCH
    return made


_BLANK: dict[str, Any] = {
    "id": ABSENT,
    "amount_due": ABSENT,
    "amount_paid": ABSENT,
    "amount_remaining": ABSENT,
    "currency": ABSENT,
    "invoice_lines": ABSENT,
    "period_end": ABSENT,
    "period_start": ABSENT,
    "status": ABSENT,
}


def _decode_irregular(src_dict: dict[str, Any]) -> BillingInvoicePreviewResponse | Mismatched:
    """Decode the JSON form where optional fields are missing, others are there, or a whole number is written as 1.0."""
    # Laid over a blank form it can be read straight through as well: a fifth less time than asking for each field.
    whole = _BLANK | src_dict
    id_ = whole["id"]
    amount_due = whole["amount_due"]
    amount_paid = whole["amount_paid"]
    amount_remaining = whole["amount_remaining"]
    currency = whole["currency"]
    invoice_lines = whole["invoice_lines"]
    period_end = whole["period_end"]
    period_start = whole["period_start"]
    status = whole["status"]
    if not (
        type(id_) is str
        and (type(amount_due) is int or (type(amount_due) is float and amount_due - amount_due == 0.0))
        and (type(amount_paid) is int or (type(amount_paid) is float and amount_paid - amount_paid == 0.0))
        and (
            type(amount_remaining) is int
            or (type(amount_remaining) is float and amount_remaining - amount_remaining == 0.0)
        )
        and type(currency) is str
        and (type(period_end) is int or (type(period_end) is float and period_end - period_end == 0.0))
        and (type(period_start) is int or (type(period_start) is float and period_start - period_start == 0.0))
        and type(status) is str
    ):
        return MISMATCH
    _invoice_lines = _decode_invoice_lines(invoice_lines)
    if _invoice_lines is MISMATCH:
        return MISMATCH
    extra_fields: dict[str, object] = {}
    size = len(whole)
    if size > 9 and not take_others(extra_fields, src_dict, _BLANK, size - 9):
        return MISMATCH
    made = allocate(BillingInvoicePreviewResponse)
    made.id = id_
    made.amount_due = amount_due
    made.amount_paid = amount_paid
    made.amount_remaining = amount_remaining
    made.currency = currency
    made.invoice_lines = _invoice_lines
    made.period_end = period_end
    made.period_start = period_start
    made.status = status
    made.additional_properties = extra_fields
    return made


_decode_invoice_lines = list_of(decode_invoice_line)
