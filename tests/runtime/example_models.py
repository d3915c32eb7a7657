"""Models written by hand, as the generator writes them: one field of each type that a document can have."""

from __future__ import annotations

import datetime as dt
from typing import Literal
from uuid import UUID

from aig_billing_runtime.model import AnyModel, ClosedModel, Model, datetime_of, money_of, prop


class Card(Model):
    """A card."""

    type: Literal["card"] = prop()
    last4: str = prop()
    """Last four digits."""
    brand: str | None = prop(default=None)


class Bank(Model):
    """A bank account."""

    type: Literal["bank"] = prop()
    iban: str = prop(secret=True)


class Limits(ClosedModel):
    """An object that allows nothing else."""

    least: int = prop(name="min-cents", unit="cents")
    least_money = money_of(least)
    most: int | None = prop(name="max-cents", default=None, unit="cents")
    most_money = money_of(most)


class Rates(AnyModel):
    """A map with one named field."""

    base: float = prop()
    additional_properties: dict[str, float] = prop(factory=dict, kw_only=True)


class Node(Model):
    """A tree."""

    name: str = prop()
    children: list[Node] = prop()
    parent: Node | None = prop(default=None, nullable=True)


class Payment(Model):
    """Every type at once."""

    amount: float = prop(unit="cents")
    """How much, in cents."""
    amount_money = money_of(amount)
    """`amount` as exact money."""
    currency: str = prop()
    created: float = prop(unit="unix-s")
    created_datetime = datetime_of(created)
    count: int = prop()
    paid: bool = prop()
    client_secret: str | None = prop(secret=True)
    method: Card | Bank = prop(discriminator=("type", {"card": "Card", "bank": "Bank"}))
    limits: Limits | None = prop()
    anything: object = prop()
    nothing: None = prop()
    status: Literal["open", "paid"] | str = prop()  # noqa: PYI051 - the words say which are known
    level: Literal[1, 2] = prop()
    fixed: float = prop(constant=1.5)
    always: Literal[True] = prop()
    made: dt.datetime = prop()
    day: dt.date = prop()
    uuid: UUID = prop()
    names: list[str] = prop()
    counts: list[int | None] = prop()
    history: list[list[Card]] = prop()
    rates: Rates = prop()
    by_name: dict[str, Limits | None] = prop(name="by name")
    loose: str | float | list[bool] | Card | Limits = prop()
    ended: float | None = prop(default=None, unit="unix-auto", nullable=True)
    ended_datetime = datetime_of(ended)
    optional_count: int | None = prop(default=None)
    optional_list: list[int] | None = prop(default=None)
    optional_card: Card | None = prop(default=None, nullable=True)
    optional_choice: Literal["a", "b"] | None = prop(default=None, nullable=True)
