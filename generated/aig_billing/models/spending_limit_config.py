# Made by `make gen`: do not edit. CONTRIBUTING.md says where a change belongs.
# Spec and overlays: sha256 0ea70d7a57f84a636a6be801a4e70763ade6df35b6e7ad7d2779dd4bab2015f8; generator: openapi-python-client 0.29.1.
"""SpendingLimitConfig: What the spending limit says."""

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
from aig_billing_runtime.money import Money


@define
class SpendingLimitConfig:
    """What the spending limit says.

    Attributes:
        amount: How much may be spent in one period, in cents (unconfirmed); null when there is no limit.
        duration: Length of a period.
        strategy: How periods are counted.
        additional_properties: What the API sent beyond the documents, as it was sent.
    """

    amount: float | None
    duration: str | None
    strategy: str | None
    additional_properties: dict[str, object] = field(factory=new_dict, kw_only=True)

    @property
    def amount_money(self) -> Money | None:
        """`amount`, exactly, as money."""
        return None if self.amount is None else Money.from_cents(self.amount)

    @staticmethod
    def json_fields() -> Record:
        """Give the properties as the document has them."""
        return Record(
            (
                Field("amount", Shape("number", nullable=True)),
                Field("duration", Shape("string", nullable=True)),
                Field("strategy", Shape("string", nullable=True)),
            )
        )

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, object]) -> SpendingLimitConfig:
        """Make one from its JSON form.

        Raises:
            ValueError: When that is not what the document says; names the place.
        """
        decoded = decode_spending_limit_config(dict(src_dict))
        if decoded is MISMATCH:
            raise mismatch_error("SpendingLimitConfig", dict(src_dict), Shape(record=cls.json_fields))
        return decoded

    def to_dict(self) -> dict[str, object]:
        """Give its JSON form; what is optional and None is left out."""
        field_dict: dict[str, object] = {
            **self.additional_properties,
            "amount": self.amount,
            "duration": self.duration,
            "strategy": self.strategy,
        }
        return field_dict


def decode_spending_limit_config(value: Json) -> SpendingLimitConfig | Mismatched:
    """Decode the JSON form; MISMATCH for anything else. Straight through when every field is there."""
    if type(value) is not dict:
        return MISMATCH
    src_dict = value
    size = len(src_dict)
    if size < 3:
        return _decode_irregular(src_dict)
    try:
        amount = src_dict["amount"]
        duration = src_dict["duration"]
        strategy = src_dict["strategy"]
    except KeyError:
        return _decode_irregular(src_dict)
    if not (
        ((type(amount) is int or (type(amount) is float and amount - amount == 0.0)) or amount is None)
        and (type(duration) is str or duration is None)
        and (type(strategy) is str or strategy is None)
    ):
        return _decode_irregular(src_dict)
    # Assigned here rather than in __init__: a fifth less time for a model of 14 fields.
    made = allocate(SpendingLimitConfig)
    made.amount = amount
    made.duration = duration
    made.strategy = strategy
    made.additional_properties = {}
    if size > 3 and not take_others(made.additional_properties, src_dict, _BLANK, size - 3):
        return MISMATCH
    return made


_BLANK: dict[str, Any] = {"amount": ABSENT, "duration": ABSENT, "strategy": ABSENT}


def _decode_irregular(src_dict: dict[str, Any]) -> SpendingLimitConfig | Mismatched:
    """Decode the JSON form where optional fields are missing, others are there, or a whole number is written as 1.0."""
    # Laid over a blank form it can be read straight through as well: a fifth less time than asking for each field.
    whole = _BLANK | src_dict
    amount = whole["amount"]
    duration = whole["duration"]
    strategy = whole["strategy"]
    if not (
        ((type(amount) is int or (type(amount) is float and amount - amount == 0.0)) or amount is None)
        and (type(duration) is str or duration is None)
        and (type(strategy) is str or strategy is None)
    ):
        return MISMATCH
    extra_fields: dict[str, object] = {}
    size = len(whole)
    if size > 3 and not take_others(extra_fields, src_dict, _BLANK, size - 3):
        return MISMATCH
    made = allocate(SpendingLimitConfig)
    made.amount = amount
    made.duration = duration
    made.strategy = strategy
    made.additional_properties = extra_fields
    return made
