# Made by `make gen`: do not edit. CONTRIBUTING.md says where a change belongs.
# Spec and overlays: sha256 794f7ba78c58554c16b8c089ead5c56d0d3c4da9f5d56fa7ad1d7972cda3e60e; generator: openapi-python-client 0.29.1.
"""PretaxCreditAmount: One credit taken off a line before tax."""

from __future__ import annotations

from collections.abc import Mapping
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


@define
class PretaxCreditAmount:
    """One credit taken off a line before tax.

    Attributes:
        amount: How much is taken off, in cents, with fractions of a cent.
        type: What kind of credit it is.
        credit_balance_transaction: Id of the credit balance transaction behind the credit.
        discount: Id of the discount behind the credit.
        additional_properties: What the API sent beyond the documents, as it was sent.
    """

    amount: float
    type: str
    credit_balance_transaction: str | None = None
    discount: str | None = None
    additional_properties: dict[str, object] = field(factory=new_dict, kw_only=True)

    @property
    def amount_money(self) -> Money:
        """`amount`, exactly, as money."""
        return Money.from_cents(self.amount)

    @staticmethod
    def json_fields() -> Record:
        """Give the properties as the document has them."""
        return Record(
            (
                Field("amount", Shape("number")),
                Field("type", Shape("string")),
                Field("credit_balance_transaction", Shape("string", nullable=True), required=False),
                Field("discount", Shape("string", nullable=True), required=False),
            )
        )

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, object]) -> PretaxCreditAmount:
        """Make one from its JSON form.

        Raises:
            ValueError: When that is not what the document says; names the place.
        """
        decoded = decode_pretax_credit_amount(dict(src_dict))
        if decoded is MISMATCH:
            raise mismatch_error("PretaxCreditAmount", dict(src_dict), Shape(record=cls.json_fields))
        return decoded

    def to_dict(self) -> dict[str, object]:
        """Give its JSON form; what is optional and None is left out."""
        field_dict: dict[str, object] = {
            **self.additional_properties,
            "amount": self.amount,
            "type": self.type,
        }
        if self.credit_balance_transaction is not None:
            field_dict["credit_balance_transaction"] = self.credit_balance_transaction
        if self.discount is not None:
            field_dict["discount"] = self.discount
        return field_dict


def decode_pretax_credit_amount(value: Json) -> PretaxCreditAmount | Mismatched:
    """Decode the JSON form; MISMATCH for anything else. Straight through when every field is there and no other."""
    if type(value) is not dict:
        return MISMATCH
    src_dict = value
    if len(src_dict) != 4:
        return _decode_irregular(src_dict)
    try:
        amount = src_dict["amount"]
        type_ = src_dict["type"]
        credit_balance_transaction = src_dict["credit_balance_transaction"]
        discount = src_dict["discount"]
    except KeyError:
        return _decode_irregular(src_dict)
    if not (
        (type(amount) is int or (type(amount) is float and amount - amount == 0.0))
        and type(type_) is str
        and (credit_balance_transaction is None or type(credit_balance_transaction) is str)
        and (discount is None or type(discount) is str)
    ):
        return _decode_irregular(src_dict)
    return PretaxCreditAmount(amount, type_, credit_balance_transaction, discount)


_NAMES = frozenset(
    {
        "amount",
        "type",
        "credit_balance_transaction",
        "discount",
    }
)


def _decode_irregular(src_dict: dict[str, Any]) -> PretaxCreditAmount | Mismatched:
    """Decode the JSON form where optional fields are missing, others are there, or a whole number is written as 1.0."""
    amount: Any = src_dict.get("amount")
    type_: Any = src_dict.get("type")
    credit_balance_transaction: Any = src_dict.get("credit_balance_transaction")
    discount: Any = src_dict.get("discount")
    if not (type(amount) is int or (type(amount) is float and amount - amount == 0.0)):
        return MISMATCH
    if type(type_) is not str:
        return MISMATCH
    if not (credit_balance_transaction is None or type(credit_balance_transaction) is str):
        return MISMATCH
    if not (discount is None or type(discount) is str):
        return MISMATCH
    if src_dict.keys() <= _NAMES:
        return PretaxCreditAmount(amount, type_, credit_balance_transaction, discount)
    extra_fields = {name: value for name, value in src_dict.items() if name not in _NAMES}
    if not is_finite(extra_fields):
        return MISMATCH
    return PretaxCreditAmount(amount, type_, credit_balance_transaction, discount, additional_properties=extra_fields)
