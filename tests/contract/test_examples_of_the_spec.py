"""Examples are the part of the spec that people copy: each is what its own schema asks for, and together they show everything."""

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from codegen.yaml_io import load_yaml
from tests.contract.examples import examples_of, faults_in_examples, objects_shown

ROOT = Path(__file__).parents[2]


@pytest.fixture
def spec() -> dict[str, Any]:
    return load_yaml(ROOT / "openapi" / "billing.yaml")


def test_every_example_is_what_its_schema_asks_for(spec: dict[str, Any]) -> None:
    faults = [str(fault) for fault in faults_in_examples(spec)]
    assert not faults, "\n".join(faults)
    assert len(list(examples_of(spec))) >= 12 + 4 + 4  # an answer each, a body each of the POSTs, the parameters


@pytest.mark.parametrize(
    ("field", "value", "complaint"),
    [
        ("balance", "640.19", "is not of type 'number'"),
        ("payment_method", {"brand": 1}, "is not valid under any of the given schemas"),
        ("balance_cents", 64019, "balance_cents"),
    ],
    ids=["a wrong type", "a wrong type further down", "a field that the schema does not know"],
)
def test_a_wrong_example_is_reported_with_its_place(
    spec: dict[str, Any], field: str, value: Any, complaint: str
) -> None:
    wrong = copy.deepcopy(spec)
    path = "/accounts/{account_id}/ai-gateway/billing/credit-balance"
    media = wrong["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]
    media["examples"]["autoTopup"]["value"]["result"][field] = value
    [fault, *_] = faults_in_examples(wrong)
    assert complaint in fault
    assert "examples.autoTopup.value.result" in fault


def test_every_field_is_shown_by_an_example_and_every_nullable_one_as_null_too(spec: dict[str, Any]) -> None:
    """What no example shows, nobody has tried: the tests that decode examples would say nothing of it."""
    shown = {(component, name, value[name] is None) for component, value in objects_shown(spec) for name in value}
    expected = {
        (component, name, null)
        for component, name, field, _ in _fields(spec)
        for null in ([False, True] if "oneOf" in field or "null" in field.get("type", "") else [False])
    }
    assert len(expected) > 90
    assert expected - shown == set()


def test_every_optional_field_is_left_out_by_an_example(spec: dict[str, Any]) -> None:
    objects = list(objects_shown(spec))
    optional = {(component, name) for component, name, _, required in _fields(spec) if not required}
    left_out = {
        (component, name)
        for component, name in optional
        for shown, value in objects
        if shown == component and name not in value
    }
    assert len(optional) > 15
    assert optional - left_out == set()


def _fields(spec: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any], bool]]:
    """Component, name, schema, and whether it is required."""
    for component, schema in spec["components"]["schemas"].items():
        for name, field in schema.get("properties", {}).items():
            yield component, name, field, name in schema.get("required", [])
