# Made by `make gen`: do not edit. CONTRIBUTING.md says where a change belongs.
# Spec and overlays: sha256 794f7ba78c58554c16b8c089ead5c56d0d3c4da9f5d56fa7ad1d7972cda3e60e; generator: openapi-python-client 0.29.1.
"""SpendingLimitConfig: What the spending limit says."""

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
class SpendingLimitConfig:
    """What the spending limit says.

    Attributes:
        amount: How much may be spent in one period, in cents; null when there is no limit.
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
    """Decode the JSON form; MISMATCH for anything else. Straight through when every field is there and no other."""
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
    if not (
        (amount is None or (type(amount) is int or (type(amount) is float and amount - amount == 0.0)))
        and (duration is None or type(duration) is str)
        and (strategy is None or type(strategy) is str)
    ):
        return _decode_irregular(src_dict)
    return SpendingLimitConfig(amount, duration, strategy)


_NAMES = frozenset(
    {
        "amount",
        "duration",
        "strategy",
    }
)


def _decode_irregular(src_dict: dict[str, Any]) -> SpendingLimitConfig | Mismatched:
    """Decode the JSON form where optional fields are missing, others are there, or a whole number is written as 1.0."""
    amount: Any = src_dict.get("amount")
    duration: Any = src_dict.get("duration")
    strategy: Any = src_dict.get("strategy")
    if not (
        (type(amount) is int or (type(amount) is float and amount - amount == 0.0))
        or (amount is None and "amount" in src_dict)
    ):
        return MISMATCH
    if not (type(duration) is str or (duration is None and "duration" in src_dict)):
        return MISMATCH
    if not (type(strategy) is str or (strategy is None and "strategy" in src_dict)):
        return MISMATCH
    if src_dict.keys() <= _NAMES:
        return SpendingLimitConfig(amount, duration, strategy)
    extra_fields = {name: value for name, value in src_dict.items() if name not in _NAMES}
    if not is_finite(extra_fields):
        return MISMATCH
    return SpendingLimitConfig(amount, duration, strategy, additional_properties=extra_fields)
