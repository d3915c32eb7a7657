# Made by `make gen`: do not edit. CONTRIBUTING.md says where a change belongs.
# Spec and overlays: sha256 0ea70d7a57f84a636a6be801a4e70763ade6df35b6e7ad7d2779dd4bab2015f8; generator: openapi-python-client 0.29.1.
"""InvoiceLine: One line of the next invoice. Since September 2026 there is one line a model
(`provider/model`) with its total cost, without quantities and unit prices."""

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
from aig_billing_runtime.money import Money

from .invoice_line_period import InvoiceLinePeriod, decode_invoice_line_period
from .invoice_line_pricing import InvoiceLinePricing, decode_invoice_line_pricing
from .pretax_credit_amount import PretaxCreditAmount, decode_pretax_credit_amount


@define
class InvoiceLine:
    """One line of the next invoice. Since September 2026 there is one line a model (`provider/model`) with its
    total cost, without quantities and unit prices.

    Attributes:
        amount: Total of the line, in cents (unconfirmed) with fractions of a cent.
        currency: Currency of the amounts, as an ISO 4217 code. What is called cents is the smallest unit of the
            currency: a hundredth in USD, the whole in JPY, a thousandth in KWD.
        description: What the line is for; a line of usage since September 2026 says `provider/model`.
        period: The time that a line is for.
        pricing: How a line is priced.
        quantity: How many units the line is for.
        pretax_credit_amounts: Credits taken off the line before tax.
        additional_properties: What the API sent beyond the documents, as it was sent.
    """

    amount: float
    currency: str
    description: str | None
    period: InvoiceLinePeriod
    pricing: InvoiceLinePricing
    quantity: float
    pretax_credit_amounts: list[PretaxCreditAmount] | None = None
    additional_properties: dict[str, object] = field(factory=new_dict, kw_only=True)

    @property
    def amount_money(self) -> Money:
        """`amount`, exactly, as money."""
        return Money.from_cents(self.amount, self.currency)

    @staticmethod
    def json_fields() -> Record:
        """Give the properties as the document has them."""
        return Record(
            (
                Field("amount", Shape("number")),
                Field("currency", Shape("string")),
                Field("description", Shape("string", nullable=True)),
                Field("period", Shape(record=InvoiceLinePeriod.json_fields)),
                Field("pricing", Shape(record=InvoiceLinePricing.json_fields)),
                Field("quantity", Shape("number")),
                Field(
                    "pretax_credit_amounts", Shape(items=Shape(record=PretaxCreditAmount.json_fields)), required=False
                ),
            )
        )

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, object]) -> InvoiceLine:
        """Make one from its JSON form.

        Raises:
            ValueError: When that is not what the document says; names the place.
        """
        decoded = decode_invoice_line(dict(src_dict))
        if decoded is MISMATCH:
            raise mismatch_error("InvoiceLine", dict(src_dict), Shape(record=cls.json_fields))
        return decoded

    def to_dict(self) -> dict[str, object]:
        """Give its JSON form; what is optional and None is left out."""
        field_dict: dict[str, object] = {
            **self.additional_properties,
            "amount": self.amount,
            "currency": self.currency,
            "description": self.description,
            "period": to_json(self.period),
            "pricing": to_json(self.pricing),
            "quantity": self.quantity,
        }
        if self.pretax_credit_amounts is not None:
            field_dict["pretax_credit_amounts"] = to_json(self.pretax_credit_amounts)
        return field_dict


def decode_invoice_line(value: Json) -> InvoiceLine | Mismatched:
    """Decode the JSON form; MISMATCH for anything else. Straight through when every field is there."""
    if type(value) is not dict:
        return MISMATCH
    src_dict = value
    size = len(src_dict)
    if size < 7:
        return _decode_irregular(src_dict)
    try:
        amount = src_dict["amount"]
        currency = src_dict["currency"]
        description = src_dict["description"]
        period = src_dict["period"]
        pricing = src_dict["pricing"]
        quantity = src_dict["quantity"]
        pretax_credit_amounts = src_dict["pretax_credit_amounts"]
    except KeyError:
        return _decode_irregular(src_dict)
    if not (
        (type(amount) is int or (type(amount) is float and amount - amount == 0.0))
        and type(currency) is str
        and (type(description) is str or description is None)
        and (type(quantity) is int or (type(quantity) is float and quantity - quantity == 0.0))
    ):
        return _decode_irregular(src_dict)
    _period = decode_invoice_line_period(period)
    if _period is MISMATCH:
        return MISMATCH
    _pricing = decode_invoice_line_pricing(pricing)
    if _pricing is MISMATCH:
        return MISMATCH
    _pretax_credit_amounts = _decode_pretax_credit_amounts(pretax_credit_amounts)
    if _pretax_credit_amounts is MISMATCH:
        return MISMATCH
    # Assigned here rather than in __init__: a fifth less time for a model of 14 fields.
    made = allocate(InvoiceLine)
    made.amount = amount
    made.currency = currency
    made.description = description
    made.period = _period
    made.pricing = _pricing
    made.quantity = quantity
    made.pretax_credit_amounts = _pretax_credit_amounts
    made.additional_properties = {}
    if size > 7 and not take_others(made.additional_properties, src_dict, _BLANK, size - 7):
        return MISMATCH
    return made


_BLANK: dict[str, Any] = {
    "amount": ABSENT,
    "currency": ABSENT,
    "description": ABSENT,
    "period": ABSENT,
    "pricing": ABSENT,
    "quantity": ABSENT,
    "pretax_credit_amounts": None,
}


def _decode_irregular(src_dict: dict[str, Any]) -> InvoiceLine | Mismatched:
    """Decode the JSON form where optional fields are missing, others are there, or a whole number is written as 1.0."""
    # Laid over a blank form it can be read straight through as well: a fifth less time than asking for each field.
    whole = _BLANK | src_dict
    amount = whole["amount"]
    currency = whole["currency"]
    description = whole["description"]
    period = whole["period"]
    pricing = whole["pricing"]
    quantity = whole["quantity"]
    pretax_credit_amounts = whole["pretax_credit_amounts"]
    if not (
        (type(amount) is int or (type(amount) is float and amount - amount == 0.0))
        and type(currency) is str
        and (type(description) is str or description is None)
        and (type(quantity) is int or (type(quantity) is float and quantity - quantity == 0.0))
    ):
        return MISMATCH
    _period = decode_invoice_line_period(period)
    if _period is MISMATCH:
        return MISMATCH
    _pricing = decode_invoice_line_pricing(pricing)
    if _pricing is MISMATCH:
        return MISMATCH
    _pretax_credit_amounts = (
        None
        if (pretax_credit_amounts is None and "pretax_credit_amounts" not in src_dict)
        else _decode_pretax_credit_amounts(pretax_credit_amounts)
    )
    if _pretax_credit_amounts is MISMATCH:
        return MISMATCH
    extra_fields: dict[str, object] = {}
    size = len(whole)
    if size > 7 and not take_others(extra_fields, src_dict, _BLANK, size - 7):
        return MISMATCH
    made = allocate(InvoiceLine)
    made.amount = amount
    made.currency = currency
    made.description = description
    made.period = _period
    made.pricing = _pricing
    made.quantity = quantity
    made.pretax_credit_amounts = _pretax_credit_amounts
    made.additional_properties = extra_fields
    return made


_decode_pretax_credit_amounts = list_of(decode_pretax_credit_amount)
