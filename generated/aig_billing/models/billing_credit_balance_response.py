# Made by `make gen`: do not edit. CONTRIBUTING.md says where a change belongs.
# Spec and overlays: sha256 0ea70d7a57f84a636a6be801a4e70763ade6df35b6e7ad7d2779dd4bab2015f8; generator: openapi-python-client 0.29.1.
"""BillingCreditBalanceResponse: The account's credit, and how it is paid for."""

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
from aig_billing_runtime.money import Money

from .payment_method import PaymentMethod, decode_payment_method
from .topup_config import TopupConfig, decode_topup_config


@define
class BillingCreditBalanceResponse:
    """The account's credit, and how it is paid for.

    Attributes:
        balance: Credit left, in cents (unconfirmed) with fractions of a cent: 640.19 is $6.4019. May be below
            zero.
        has_default_payment_method: Whether the account has a default way to pay.
        payment_method: The card that pays, or null when there is none.
        topup_config: The settings and the state of auto top-up. When it is off, `amount` and `threshold` are 0
            or null; the other fields may be absent at any time.
        first_topup_success: Whether a first top-up by hand has succeeded. Until it had, setting a spending
            limit was rejected (error code 1000, NO_MANUAL_TOPUP).
        additional_properties: What the API sent beyond the documents, as it was sent.
    """

    balance: float
    has_default_payment_method: bool
    payment_method: PaymentMethod | None
    topup_config: TopupConfig
    first_topup_success: bool | None = None
    additional_properties: dict[str, object] = field(factory=new_dict, kw_only=True)

    @property
    def balance_money(self) -> Money:
        """`balance`, exactly, as money."""
        return Money.from_cents(self.balance)

    @staticmethod
    def json_fields() -> Record:
        """Give the properties as the document has them."""
        return Record(
            (
                Field("balance", Shape("number")),
                Field("has_default_payment_method", Shape("boolean")),
                Field("payment_method", Shape(record=PaymentMethod.json_fields, nullable=True)),
                Field("topup_config", Shape(record=TopupConfig.json_fields)),
                Field("first_topup_success", Shape("boolean"), required=False),
            )
        )

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, object]) -> BillingCreditBalanceResponse:
        """Make one from its JSON form.

        Raises:
            ValueError: When that is not what the document says; names the place.
        """
        decoded = decode_billing_credit_balance_response(dict(src_dict))
        if decoded is MISMATCH:
            raise mismatch_error("BillingCreditBalanceResponse", dict(src_dict), Shape(record=cls.json_fields))
        return decoded

    def to_dict(self) -> dict[str, object]:
        """Give its JSON form; what is optional and None is left out."""
        field_dict: dict[str, object] = {
            **self.additional_properties,
            "balance": self.balance,
            "has_default_payment_method": self.has_default_payment_method,
            "payment_method": to_json(self.payment_method),
            "topup_config": to_json(self.topup_config),
        }
        if self.first_topup_success is not None:
            field_dict["first_topup_success"] = self.first_topup_success
        return field_dict


def decode_billing_credit_balance_response(value: Json) -> BillingCreditBalanceResponse | Mismatched:
    """Decode the JSON form; MISMATCH for anything else. Straight through when every field is there."""
    if type(value) is not dict:
        return MISMATCH
    src_dict = value
    size = len(src_dict)
    if size < 5:
        return _decode_irregular(src_dict)
    try:
        balance = src_dict["balance"]
        has_default_payment_method = src_dict["has_default_payment_method"]
        payment_method = src_dict["payment_method"]
        topup_config = src_dict["topup_config"]
        first_topup_success = src_dict["first_topup_success"]
    except KeyError:
        return _decode_irregular(src_dict)
    if not (
        (type(balance) is int or (type(balance) is float and balance - balance == 0.0))
        and type(has_default_payment_method) is bool
        and type(first_topup_success) is bool
    ):
        return _decode_irregular(src_dict)
    _payment_method = None if payment_method is None else decode_payment_method(payment_method)
    if _payment_method is MISMATCH:
        return MISMATCH
    _topup_config = decode_topup_config(topup_config)
    if _topup_config is MISMATCH:
        return MISMATCH
    # Assigned here rather than in __init__: a fifth less time for a model of 14 fields.
    made = allocate(BillingCreditBalanceResponse)
    made.balance = balance
    made.has_default_payment_method = has_default_payment_method
    made.payment_method = _payment_method
    made.topup_config = _topup_config
    made.first_topup_success = first_topup_success
    made.additional_properties = {}
    if size > 5 and not take_others(made.additional_properties, src_dict, _BLANK, size - 5):
        return MISMATCH
    return made


_BLANK: dict[str, Any] = {
    "balance": ABSENT,
    "has_default_payment_method": ABSENT,
    "payment_method": ABSENT,
    "topup_config": ABSENT,
    "first_topup_success": None,
}


def _decode_irregular(src_dict: dict[str, Any]) -> BillingCreditBalanceResponse | Mismatched:
    """Decode the JSON form where optional fields are missing, others are there, or a whole number is written as 1.0."""
    # Laid over a blank form it can be read straight through as well: a fifth less time than asking for each field.
    whole = _BLANK | src_dict
    balance = whole["balance"]
    has_default_payment_method = whole["has_default_payment_method"]
    payment_method = whole["payment_method"]
    topup_config = whole["topup_config"]
    first_topup_success = whole["first_topup_success"]
    if not (
        (type(balance) is int or (type(balance) is float and balance - balance == 0.0))
        and type(has_default_payment_method) is bool
        and (
            type(first_topup_success) is bool or (first_topup_success is None and "first_topup_success" not in src_dict)
        )
    ):
        return MISMATCH
    _payment_method = None if payment_method is None else decode_payment_method(payment_method)
    if _payment_method is MISMATCH:
        return MISMATCH
    _topup_config = decode_topup_config(topup_config)
    if _topup_config is MISMATCH:
        return MISMATCH
    extra_fields: dict[str, object] = {}
    size = len(whole)
    if size > 5 and not take_others(extra_fields, src_dict, _BLANK, size - 5):
        return MISMATCH
    made = allocate(BillingCreditBalanceResponse)
    made.balance = balance
    made.has_default_payment_method = has_default_payment_method
    made.payment_method = _payment_method
    made.topup_config = _topup_config
    made.first_topup_success = first_topup_success
    made.additional_properties = extra_fields
    return made
