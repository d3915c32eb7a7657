"""Models made at random, of every type and any depth: decoding succeeds exactly when jsonschema says so, and so does `find_mismatch`.

Each type is an annotation and, written independently of it, a JSON schema; jsonschema, which shares no code with ours, is the referee.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable
from typing import Any, Literal, NamedTuple, Union
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker

from aig_billing_runtime.compile import compile_schema
from aig_billing_runtime.model import AnyModel, ClosedModel, JsonType, Model, ModelType, prop, to_json
from aig_billing_runtime.schema import MISMATCH, find_mismatch


class Typed(NamedTuple):
    """A type: how it is annotated, what JSON schema it has, and values of it."""

    annotation: Any
    schema: dict[str, Any]
    values: st.SearchStrategy[Any]
    nullable: bool = False


TEXT = st.sampled_from(["", "a", "b", "card", "2026-11-25", "12345678-1234-5678-1234-567812345678"])
SCALARS = [
    Typed(str, {"type": "string"}, TEXT),
    Typed(bool, {"type": "boolean"}, st.booleans()),
    Typed(int, {"type": "integer"}, st.sampled_from([0, 1, -5, 2.0, 10**30])),
    Typed(float, {"type": "number"}, st.sampled_from([0, 1.5, -2.25, 1e300])),
    Typed(object, {}, st.sampled_from([None, [1, {"a": 2}], "x"]), nullable=True),
    Typed(None, {"type": "null"}, st.none(), nullable=True),
    Typed(Literal["a", "b"], {"enum": ["a", "b"]}, st.sampled_from(["a", "b"])),
    Typed(Literal[1, 2], {"enum": [1, 2]}, st.sampled_from([1, 2, 1.0])),
    Typed(Literal[True], {"const": True}, st.just(True)),
    Typed(Literal["card"], {"const": "card"}, st.just("card")),
    Typed(dt.date, {"type": "string", "format": "date"}, st.just("2026-11-25")),
    Typed(
        dt.datetime,
        {"type": "string", "format": "date-time"},
        st.sampled_from(["2026-11-25T18:00:00Z", "2026-11-25T18:00:00.5+05:30"]),
    ),
    Typed(UUID, {"type": "string", "format": "uuid"}, st.just("12345678-1234-5678-1234-567812345678")),
]
NAMES = ["a", "b", "type", "some-name", "value", "made"]


def lists(inner: Typed) -> Typed:
    return Typed(list[inner.annotation], {"type": "array", "items": inner.schema}, st.lists(inner.values, max_size=3))  # type: ignore[name-defined]  # made at run time


def maps(inner: Typed) -> Typed:
    values = st.dictionaries(st.sampled_from(NAMES), inner.values, max_size=3)
    return Typed(dict[str, inner.annotation], {"type": "object", "additionalProperties": inner.schema}, values)  # type: ignore[name-defined]  # made at run time


def or_null(inner: Typed) -> Typed:
    either: Any = Union[inner.annotation, None]  # noqa: UP007 - a type that is known at run time
    return Typed(either, {"anyOf": [inner.schema, {"type": "null"}]}, inner.values | st.none(), nullable=True)


def unions(options: list[Typed]) -> Typed:
    either: Any = Union[tuple(option.annotation for option in options)]  # noqa: UP007 - types that are known at run time
    schema = {"anyOf": [option.schema for option in options]}
    values = st.one_of([option.values for option in options])
    return Typed(either, schema, values, nullable=any(option.nullable for option in options))


@st.composite
def models(draw: Callable[[Any], Any], inner: st.SearchStrategy[Typed]) -> Typed:
    """Make a class, as the generator would write it."""
    base = draw(st.sampled_from([Model, Model, ClosedModel, AnyModel]))
    names = draw(st.lists(st.sampled_from(NAMES), max_size=4, unique=True))
    fields: list[tuple[str, Typed, bool]] = []
    namespace: dict[str, Any] = {"__module__": __name__, "__qualname__": "Made"}
    annotations: dict[str, Any] = {}
    for name in names:
        typed, required, nullable = draw(inner), draw(st.booleans()), draw(st.booleans())
        attribute = f"f_{name.replace('-', '_')}"
        annotation: Any = typed.annotation
        if not required:
            nullable = nullable or typed.nullable
            if nullable and not typed.nullable:
                typed = or_null(typed)
            annotation = Union[annotation, None]  # noqa: UP007 - a type that is known at run time
        fields.append((name, typed, required))
        annotations[attribute] = annotation
        namespace[attribute] = prop(name=name) if required else prop(name=name, default=None, nullable=nullable)
    schema: dict[str, Any] = {
        "type": "object",
        "properties": {name: typed.schema for name, typed, _ in fields},
        "required": [name for name, _, required in fields if required],
    }
    if base is ClosedModel:
        schema["additionalProperties"] = False
    if base is AnyModel:
        extra = draw(inner)
        schema["additionalProperties"] = extra.schema
        annotations["additional_properties"] = maps(extra).annotation
        namespace["additional_properties"] = prop(factory=dict, kw_only=True)
    namespace["__annotations__"] = annotations
    values = st.fixed_dictionaries(
        {name: typed.values for name, typed, required in fields if required},
        optional={name: typed.values for name, typed, required in fields if not required},
    )
    return Typed(ModelType("Made", (base,), namespace), schema, values)


TYPES: st.SearchStrategy[Typed] = st.recursive(
    st.sampled_from(SCALARS),
    lambda inner: st.one_of(
        inner.map(lists),
        inner.map(maps),
        inner.map(or_null),
        st.lists(inner, min_size=2, max_size=3).map(unions),
        models(inner),
        models(inner),
    ),
    max_leaves=6,
)
ANYTHING = st.recursive(
    st.sampled_from([None, True, False, 0, 1, 1.0, 1.5, -0.0, math.inf, "", "a", "card", "2026-11-25", "2026-02-30"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=3),
    max_leaves=4,
)


@st.composite
def changed(draw: Callable[[Any], Any], value: Any) -> Any:
    """The value with one thing in it replaced, taken away or added, at any depth."""
    inner = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else []
    if inner and draw(st.integers(0, 3)):
        key = draw(st.sampled_from(list(inner)))
        copied = value.copy()
        copied[key] = draw(changed(value[key]))
        return copied
    if isinstance(value, dict) and draw(st.booleans()):
        key = draw(st.sampled_from(NAMES))
        return (
            {one: item for one, item in value.items() if one != key} if key in value else {**value, key: draw(ANYTHING)}
        )
    return draw(ANYTHING)


@pytest.mark.slow
@settings(
    max_examples=400,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)
@given(st.data())
def test_any_type_is_decoded_exactly_when_jsonschema_says_so(data: st.DataObject) -> None:
    typed = data.draw(TYPES)
    schema = JsonType[Any](typed.annotation).schema
    referee = Draft202012Validator(typed.schema, format_checker=FormatChecker())
    value = data.draw(typed.values)
    for _ in range(3):
        expected = referee.is_valid(value) and is_finite(value)
        mismatch = find_mismatch(value, schema)
        assert (mismatch is None) is expected, f"{mismatch} in {value} for {typed.schema}"
        decoded = JsonType[Any](typed.annotation).decode(value)
        assert (decoded is not MISMATCH) is expected, f"{value} for {typed.schema}"
        compiled = compile_schema(schema)
        assert compiled(value) == decoded, f"{value} for {typed.schema}"
        if expected:
            written = to_json(decoded)
            assert compiled(written) == decoded, f"{value} became {written}"
        value = data.draw(changed(value))


def is_finite(value: Any) -> bool:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return not isinstance(value, float) or math.isfinite(value) if not inner else all(map(is_finite, inner))
