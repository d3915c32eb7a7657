"""Mutated answers of every operation: decoding succeeds exactly when the schema of the resolved document says so.

The referee is jsonschema on the document itself, which shares no code with the decoders or the generator. Two things are ours: enums
are open in answers, and numbers must be finite.
"""

from __future__ import annotations

import collections
import copy
import functools
import json
import math
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from aig_billing import APIResponseValidationError, APIStatusError, ChargeOutcomeUnknown
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from tests.runtime import by_hand
from tests.runtime.operations import CHARGE, OPERATIONS, Tried, document

EXAMPLES = 300
Path = tuple[str | int, ...]


@functools.cache
def opened() -> dict[str, Any]:
    """The document without what only tells people which words there are, and without what no call returns."""
    whole: dict[str, Any] = copy.deepcopy(document())

    def open_enums(node: Any) -> None:
        if isinstance(node, dict):
            node.pop("enum", None)
        for inner in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
            open_enums(inner)

    open_enums(whole["paths"])
    open_enums(whole["components"]["schemas"])
    return whole


@functools.cache
def validator(place: str) -> Draft202012Validator:
    registry: Registry[Any] = Registry().with_resource("urn:document", DRAFT202012.create_resource(opened()))
    return Draft202012Validator({"$ref": f"urn:document#{place}"}, registry=registry)


def success_schema(tried: Tried) -> Draft202012Validator:
    path = (
        f"/accounts/{{account_id}}/ai-gateway/billing{tried.end}".replace("~", "~0")
        .replace("/", "~1")
        .replace("{", "%7B")
        .replace("}", "%7D")
    )
    return validator(f"/paths/{path}/{tried.method.lower()}/responses/{tried.status}/content/application~1json/schema")


def places_of(error: ValidationError, before: str = "$") -> Iterator[str]:
    """Give the places at which something may be called wrong, for one error of jsonschema."""
    here = before + "".join(step(part) for part in error.path)
    if error.validator == "required":
        yield here + step(re.findall("'([^']*)' is a required", error.message)[0])
    else:
        yield here
    for inner in error.context or ():
        yield from places_of(inner, here)


def step(part: str | int) -> str:
    if isinstance(part, int):
        return f"[{part}]"
    return f".{part}" if part.isidentifier() else f"[{part!r}]"


def is_finite(value: Any) -> bool:
    if isinstance(value, float):
        return math.isfinite(value)
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return all(map(is_finite, inner))


def paths(value: Any, here: Path = ()) -> Iterator[Path]:
    yield here
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield from paths(inner, (*here, key))


SCALARS = (
    st.sampled_from(
        [
            None,
            True,
            False,
            0,
            1,
            -1,
            1.0,
            -0.0,
            0.5,
            1e300,
            10**30,
            math.inf,
            -math.inf,
            "",
            "text",
            "2026",
            "usd",
            "true",
        ]
    )
    | st.integers()
    | st.floats(allow_nan=False)
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)


@st.composite
def mutated(draw: Callable[[Any], Any], tried: Tried) -> Any:
    """One of the documented answers with some things replaced, taken away, added or doubled."""
    holder = [copy.deepcopy(draw(st.sampled_from(tried.examples)))]
    for _ in range(draw(st.integers(0, 3))):
        path = draw(st.sampled_from([path for path in paths(holder) if path]))
        target: Any = functools.reduce(lambda value, key: value[key], path[:-1], holder)
        key = path[-1]
        kind = draw(st.sampled_from(["replace", "replace", "replace", "remove", "add", "double", "cast"]))
        if kind == "replace":
            target[key] = draw(VALUES)
        elif kind == "remove" and target is not holder:
            del target[key]
        elif kind == "add" and isinstance(target[key], dict):
            target[key][draw(st.text(max_size=4) | st.sampled_from(["result_info", "extra", "brand"]))] = draw(VALUES)
        elif kind == "double" and isinstance(target[key], list):
            target[key] = [*target[key], *copy.deepcopy(target[key])]
        elif kind == "cast":
            target[key] = cast(target[key], draw)
    return holder[0]


def cast(value: Any, draw: Callable[[Any], Any]) -> Any:
    """Write a value in another way, which may or may not mean the same."""
    if isinstance(value, bool):
        return draw(st.sampled_from([int(value), str(value).lower(), not value]))
    if isinstance(value, (int, float)):
        return draw(st.sampled_from([str(value), float(value), [value], bool(value), value + 0.5]))
    if isinstance(value, str):
        return draw(st.sampled_from([[value], len(value), value.upper(), None]))
    return value if value is None else [value]


def written(value: Any) -> bytes:
    """Write JSON; an infinite number the only way JSON can."""
    return json.dumps(value).replace("Infinity", "1e999").encode(errors="surrogatepass")


@pytest.mark.slow
@pytest.mark.parametrize("tried", OPERATIONS, ids=str)
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_decoding_succeeds_exactly_when_the_schema_says_so(tried: Tried, record_property: Any) -> None:
    counts: collections.Counter[str] = collections.Counter()
    call = by_hand.call_of(tried)
    client = by_hand.client()
    schema = success_schema(tried)
    refusals = validator("/components/schemas/ErrorEnvelope")

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(mutated(tried))
    def check(value: Any) -> None:
        ran = by_hand.run(call, [by_hand.answer(tried.status, written(value))], client)
        fine = schema.is_valid(value) and is_finite(value)
        refused = refusals.is_valid(value) and is_finite(value)
        counts["answers"] += 1
        if refused:
            assert isinstance(ran.error, APIStatusError) or (
                tried is CHARGE and isinstance(ran.error, ChargeOutcomeUnknown)
            )
            counts["refused"] += 1
        elif fine and value["success"]:
            assert ran.error is None, f"{ran.error!r} for {value}"
            again(ran.value, value["result"])
            counts["accepted"] += 1
        else:
            error = ran.error.cause if isinstance(ran.error, ChargeOutcomeUnknown) else ran.error
            assert isinstance(error, APIResponseValidationError), f"{ran!r} for {value}"
            assert "please report" not in str(error)
            if is_finite(value) and not fine:
                known = {place for wrong in schema.iter_errors(value) for place in places_of(wrong)}
                known |= {"$.success"} if isinstance(value, dict) and value.get("success") is False else set()
                assert error.place in known, f"{error.place} is none of {known} for {value}"
            counts["unpromised"] += 1

    check()
    assert counts["answers"] >= EXAMPLES
    record_property("mutated answers", dict(counts))


def again(result: Any, sent: Any) -> None:
    """What was decoded is written as it was sent, but that an optional null counts as absent."""
    if not hasattr(result, "to_dict"):
        assert result == sent
        return
    assert type(result).from_dict(result.to_dict()) == result
    assert without_nulls(result.to_dict()) == without_nulls(sent)


def without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: without_nulls(inner) for key, inner in value.items() if inner is not None}
    return [without_nulls(inner) for inner in value] if isinstance(value, list) else value
