# Made by `make gen`: do not edit. CONTRIBUTING.md says where a change belongs.
# Spec and overlays: sha256 0ea70d7a57f84a636a6be801a4e70763ade6df35b6e7ad7d2779dd4bab2015f8; generator: openapi-python-client 0.29.1.
"""SpendingLimitCreateBody: What setting a spending limit takes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from attrs import define

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
)
from aig_billing_runtime.money import Money


@define
class SpendingLimitCreateBody:
    """What setting a spending limit takes.

    Attributes:
        amount: How much may be spent in one period, in cents; 100 cents or more.
        duration: Length of a period.
        strategy: How periods are counted.
    """

    amount: int
    duration: Literal["daily", "weekly", "monthly"] | str
    strategy: Literal["fixed", "sliding"] | str

    @property
    def amount_money(self) -> Money:
        """`amount`, exactly, as money."""
        return Money.from_cents(self.amount)

    @staticmethod
    def json_fields() -> Record:
        """Give the properties as the document has them."""
        return Record(
            (Field("amount", Shape("integer")), Field("duration", Shape("string")), Field("strategy", Shape("string"))),
            closed=True,
        )

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, object]) -> SpendingLimitCreateBody:
        """Make one from its JSON form.

        Raises:
            ValueError: When that is not what the document says; names the place.
        """
        decoded = decode_spending_limit_create_body(dict(src_dict))
        if decoded is MISMATCH:
            raise mismatch_error("SpendingLimitCreateBody", dict(src_dict), Shape(record=cls.json_fields))
        return decoded

    def to_dict(self) -> dict[str, object]:
        """Give its JSON form; what is optional and None is left out."""
        field_dict: dict[str, object] = {"amount": self.amount, "duration": self.duration, "strategy": self.strategy}
        return field_dict


def decode_spending_limit_create_body(value: Json) -> SpendingLimitCreateBody | Mismatched:
    """Decode the JSON form; MISMATCH for anything else. Straight through when every field is there."""
    if type(value) is not dict:
        return MISMATCH
    src_dict = value
    if len(src_dict) != 3:
        return _decode_irregular(src_dict)
    try:
        amount = src_dict["amount"]
        duration = src_dict["duration"]
        strategy = src_dict["strategy"]
    except KeyError:
        return _decode_irregular(src_dict)
    if not (type(amount) is int and type(duration) is str and type(strategy) is str):
        return _decode_irregular(src_dict)
    # Assigned here rather than in __init__: a fifth less time for a model of 14 fields.
    made = allocate(SpendingLimitCreateBody)
    made.amount = amount
    made.duration = duration
    made.strategy = strategy
    return made


_BLANK: dict[str, Any] = {"amount": ABSENT, "duration": ABSENT, "strategy": ABSENT}


def _decode_irregular(src_dict: dict[str, Any]) -> SpendingLimitCreateBody | Mismatched:
    """Decode the JSON form where optional fields are missing, others are there, or a whole number is written as 1.0."""
    # Laid over a blank form it can be read straight through as well: a fifth less time than asking for each field.
    whole = _BLANK | src_dict
    if len(whole) != 3:
        return MISMATCH
    amount = whole["amount"]
    duration = whole["duration"]
    strategy = whole["strategy"]
    if not (is_integer(amount) and type(duration) is str and type(strategy) is str):
        return MISMATCH
    amount = int(amount)
    made = allocate(SpendingLimitCreateBody)
    made.amount = amount
    made.duration = duration
    made.strategy = strategy
    return made
