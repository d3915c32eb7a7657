"""Code = wire, by chance: all that schemathesis makes of the schemas of answers is read; all that it makes to break them is refused.

schemathesis makes requests, not answers. So each answer's schema is shown to it as the schema of a body in its own document.
"""

import functools
import json
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from aig_billing import APIResponseValidationError, ChargeOutcomeUnknown, Client
from hypothesis import HealthCheck, Phase, Verbosity, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from tests.contract.resolved import Operation, component_name, read_resolved, without_null
from tests.contract.test_code_equals_wire import ACCOUNT, TOKEN, envelope_of, method_of, same_result, shown_arguments
from tests.contract.variations import MOMENT
from tests.contract.wire import Wire, json_answer

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

RESOLVED = read_resolved()
SETTINGS = settings(
    deadline=None,
    database=None,
    derandomize=True,
    verbosity=Verbosity.quiet,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)
# Any JSON may stand in a field that the documents do not know; a scalar says as much, and is made in a tenth of the time.
UNHEARD_OF = {"type": ["string", "number", "boolean", "null"]}

by_operation = pytest.mark.parametrize("operation", RESOLVED.operations, ids=str)


def inlined(schema: Any) -> Any:
    """A schema without references, wording and extensions; open objects take scalars beside what they name."""
    if isinstance(schema, list):
        return [inlined(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    schema = RESOLVED.follow(schema)
    kept = {
        key: {name: inlined(one) for name, one in value.items()} if key == "properties" else inlined(value)
        for key, value in schema.items()
        if not key.startswith("x-") and key not in {"description", "format"}
    }
    if "properties" in kept:
        kept.setdefault("additionalProperties", UNHEARD_OF)
    return kept


@functools.cache
def as_bodies() -> Any:
    """A document with an operation for each operation, whose body is its result."""
    paths = {
        f"/{operation.call}": {
            "post": {
                "requestBody": {
                    "required": True,
                    "content": {"application/json": {"schema": inlined(operation.result)}},
                },
                "responses": {"200": {"description": "Nothing of interest."}},
            }
        }
        for operation in RESOLVED.operations
    }
    return schemathesis.openapi.from_dict(
        {"openapi": "3.1.0", "info": {"title": "Answers", "version": "1"}, "paths": paths}
    )


def results(operation: Operation, mode: Any) -> st.SearchStrategy[Any]:
    cases: st.SearchStrategy[Any] = as_bodies()[f"/{operation.call}"]["POST"].as_strategy(generation_mode=mode)
    return cases.map(lambda case: case.body)


@pytest.fixture
def client() -> Iterator[tuple[Client, Wire]]:
    wire = Wire()
    with Client(api_token=TOKEN, account_id=ACCOUNT, transport=wire, max_retries=0) as made:
        yield made, wire


@pytest.mark.slow
@by_operation
def test_any_answer_that_the_document_allows_is_read(client: tuple[Client, Wire], operation: Operation) -> None:
    made, wire = client
    arguments = shown_arguments(operation)[0]

    @settings(SETTINGS, max_examples=50)
    @given(results(operation, schemathesis.GenerationMode.POSITIVE))
    def read(drawn: Any) -> None:
        result = with_moments(operation.result, drawn)
        wire.answer = json_answer(envelope_of(operation, result), int(operation.success))
        same_result(operation, method_of(made, operation)(**arguments), result)

    read()


def with_moments(schema: Any, value: Any) -> Any:
    """A value with a time wherever the document has `format: date-time`, which JSON Schema lets be any string."""
    schema = RESOLVED.follow(without_null(RESOLVED.follow(schema)))
    if schema.get("format") == "date-time" and isinstance(value, str):
        return MOMENT
    if isinstance(value, list) and "items" in schema:
        return [with_moments(schema["items"], item) for item in value]
    if isinstance(value, dict) and "properties" in schema:
        return {name: with_moments(schema["properties"].get(name, {}), item) for name, item in value.items()}
    return value


@pytest.mark.slow
@pytest.mark.parametrize(
    "operation", [one for one in RESOLVED.operations if component_name(one.result) in RESOLVED.records], ids=str
)
def test_no_answer_that_the_document_refuses_is_taken_for_one(
    client: tuple[Client, Wire], operation: Operation
) -> None:
    made, wire = client
    arguments = shown_arguments(operation)[0]
    validator = Draft202012Validator(without_enums(inlined(operation.result)))

    @settings(SETTINGS, max_examples=25)
    @given(results(operation, schemathesis.GenerationMode.NEGATIVE))
    def refuse(result: Any) -> None:
        try:
            wire.answer = json_answer(envelope_of(operation, result), int(operation.success))
        except TypeError:
            return  # bytes, and schemathesis's mark for no body at all: nothing that can stand in JSON
        if validator.is_valid(json.loads(json.dumps(result))):
            return  # only a word that an enum does not have: that is kept
        with pytest.raises((APIResponseValidationError, ChargeOutcomeUnknown)):
            method_of(made, operation)(**arguments)

    refuse()


def without_enums(schema: Any) -> Any:
    """A schema that takes any string where words are listed, and anything beside what is named, as the client does."""
    if isinstance(schema, list):
        return [without_enums(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    return {key: without_enums(value) for key, value in schema.items() if key not in {"enum", "additionalProperties"}}
