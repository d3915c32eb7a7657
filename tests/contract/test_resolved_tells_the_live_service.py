"""Live service = overlays: what is known beyond the documents stands in the resolved document, all of it and nothing else of its kind.

The other side is `live_service_facts.py`, written down from the sources without the overlays. Without this, an overlay action could
be dropped, or two units swapped, and every other proof would follow the change as if it were meant.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

import pytest

from tests.contract import live_service_facts as known
from tests.contract.resolved import Operation, read_resolved

RESOLVED = read_resolved()
OPERATIONS = {f"{one.method} {one.path.removeprefix(known.BILLING)}": one for one in RESOLVED.operations}
PROPERTIES = {
    f"{component}.{name}": field
    for component, schema in RESOLVED.schemas.items()
    for name, field in schema.get("properties", {}).items()
}
PARAMETERS = {
    f"{name} {argument.name}": argument.schema
    for name, operation in OPERATIONS.items()
    for argument in operation.in_location("query")
}
HINT = "correct overlays/spec/ (or tests/contract/live_service_facts.py, if that is what is wrong) and run `make gen`"

by_operation = pytest.mark.parametrize("name", known.OPERATIONS)


def same(place: str, there: object, expected: object) -> None:
    assert there == expected, f"{place} is {there!r}, and known is {expected!r}; {HINT}"


def tells(place: str, description: str, patterns: Iterable[str]) -> None:
    text = " ".join(description.split())
    for pattern in patterns:
        assert re.search(pattern, text), f"{place}.description does not say {pattern!r}: {text!r}; {HINT}"


def test_there_are_these_operations_and_no_others() -> None:
    same("the set of operations", set(OPERATIONS), set(known.OPERATIONS))


@by_operation
def test_an_operation_is_called_repeated_and_permitted_as_is_known(name: str) -> None:
    fact, operation = known.OPERATIONS[name], OPERATIONS[name]
    place = operation.place
    of_billing = name.partition(" ")[2] == operation.path.removeprefix(known.BILLING) != operation.path
    same(f"{place}: its call", operation.call, f"ai_gateway.billing.{fact.call}" if of_billing else fact.call)
    same(f"{place}.x-retry", operation.item["x-retry"], fact.retry)
    permissions = {known.WRITE, known.READ} if fact.reads_only else set() if fact.any_token else {known.WRITE}
    same(f"{place}.x-api-token-group", set(operation.item.get("x-api-token-group", ())), permissions)
    same(f"{place}.deprecated", operation.item.get("deprecated", False), fact.deprecated)
    same(f"{place}.responses: the successful one", operation.success, fact.success)
    tells(place, operation.item["description"], fact.tells)


@by_operation
def test_an_operation_may_be_refused_as_is_known(name: str) -> None:
    operation = OPERATIONS[name]
    statuses = {*known.EVERYWHERE, *known.OPERATIONS[name].also_answers}
    same(f"{operation.place}.responses", set(operation.item["responses"]), {operation.success, *statuses})
    for status in statuses:
        forms = known.REFUSALS[status]
        response = operation.response(status)
        same(f"{operation.place}.responses[{status}].content", set(response["content"]), forms)
        schema = response["content"]["application/json"]["schema"]
        same(f"{operation.place}.responses[{status}]", schema, {"$ref": "#/components/schemas/ErrorEnvelope"})
        shown: dict[int, frozenset[int]] = {}
        for error in (one for value in operation.examples(status).values() for one in value["errors"]):
            chain = frozenset(one["code"] for one in error.get("error_chain", ()))
            shown[error["code"]] = shown.get(error["code"], frozenset()) | chain
        same(
            f"{operation.place}.responses[{status}]: the codes that its examples show", shown, known.CODES_SHOWN[status]
        )
    tells(f"{operation.place}.responses['429']", operation.response("429")["description"], ["5 minutes"])


@by_operation
def test_every_answer_carries_the_headers_that_are_known(name: str) -> None:
    operation: Operation = OPERATIONS[name]
    for status in operation.item["responses"]:
        headers = operation.response(status)["headers"]
        expected = known.ANSWER_HEADERS | ({"Retry-After"} if status == "429" else set())
        same(f"{operation.place}.responses[{status}].headers", set(headers), expected)
        for header, pattern in known.HEADERS_SHOWN.items():
            shown = RESOLVED.follow(headers[header])["example"]
            assert re.fullmatch(pattern, shown), f"{operation.place}: {header} is shown as {shown!r}; {HINT}"
        tells("Ratelimit", RESOLVED.follow(headers["Ratelimit"])["description"], known.RATE_LIMITS_STATED)
        if "Retry-After" in headers:
            same("Retry-After's type", RESOLVED.follow(headers["Retry-After"])["schema"]["type"], "integer")


def _having(keyword: str, value: Any = None) -> dict[str, Any]:
    """The properties and parameters that have a keyword, with what it says."""
    items: Mapping[str, Any] = {**PROPERTIES, **PARAMETERS}
    found = {name: schema[keyword] for name, schema in items.items() if keyword in schema}
    return found if value is None else {name: one for name, one in found.items() if one == value}


def test_every_number_counts_what_is_known_and_the_others_count_nothing() -> None:
    units = _having("x-unit")
    for name in sorted({*units, *known.UNITS}):
        same(f"the x-unit of {name}", units.get(name), known.UNITS.get(name))
    same("what is unconfirmed", set(_having("x-unit-confidence", "unconfirmed")), known.UNCONFIRMED)


@pytest.mark.parametrize("name", known.UNITS)
def test_a_unit_is_reported_where_it_is_used(name: str) -> None:
    unit = known.UNITS[name]
    if name in PARAMETERS:
        operation, _, parameter = name.rpartition(" ")
        (described,) = (one.description for one in OPERATIONS[operation].arguments if one.name == parameter)
    else:
        described = PROPERTIES[name]["description"]
    tells(name, described, [known.UNIT_STATED[unit]])
    assert ("unconfirmed" in described) == (name in known.UNCONFIRMED), (
        f"{name}.description: what is unconfirmed, and nothing else, is called so; {HINT}"
    )


def test_bodies_and_nothing_else_are_closed() -> None:
    closed = {name for name, schema in RESOLVED.schemas.items() if schema.get("additionalProperties") is False}
    same("the set of closed schemas", closed, known.BODIES)


def test_secrets_and_nothing_else_are_masked() -> None:
    same("the set of secrets", set(_having("format", "password")), known.SECRETS)


def test_types_and_presence_are_as_is_known() -> None:
    for name, expected in known.TYPES.items():
        same(f"the type of {name}", PROPERTIES.get(name, {}).get("type"), expected)
    for name, component in known.ITEMS.items():
        expected = {"type": "array", "items": {"$ref": f"#/components/schemas/{component}"}}
        there = {keyword: PROPERTIES[name].get(keyword) for keyword in expected}
        same(f"what {name} holds", there, expected)
    defaults = {name: schema["default"] for name, schema in {**PROPERTIES, **PARAMETERS}.items() if "default" in schema}
    same("the set of defaults", defaults, known.DEFAULTS)
    same("ErrorEnvelope.success.const", PROPERTIES["ErrorEnvelope.success"].get("const"), False)
    for component, fields in known.ALWAYS_THERE.items():
        same(f"{component}.required", set(RESOLVED.schemas[component].get("required", ())), fields)
    fields = set(RESOLVED.schemas["TopupLimitsResponse"]["properties"])
    same("the properties of TopupLimitsResponse", fields, known.ALWAYS_THERE["TopupLimitsResponse"])
    result = OPERATIONS["GET /topup/limits"].result
    same("the result of GET /topup/limits", result, {"$ref": "#/components/schemas/TopupLimitsResponse"})


@pytest.mark.parametrize("name", known.TELLS)
def test_a_description_warns_of_what_is_known(name: str) -> None:
    described = PROPERTIES[name] if "." in name else RESOLVED.schemas[name]
    tells(name, described["description"], known.TELLS[name])


def test_hand_written_methods_join_where_they_should() -> None:
    there = {group: extra["x-python-mixin"] for group, extra in RESOLVED.content.get("x-resources", {}).items()}
    same("$.x-resources", there, known.MIXINS)


def _in_words(schema: Mapping[str, Any], *, always: bool) -> str:
    """Write a field as `live_service_facts` does."""
    options = [one for one in schema.get("oneOf", ()) if one != {"type": "null"}]
    core = options[0] if options else schema
    stated = core.get("format", core.get("type", core.get("$ref", "").rpartition("/")[2]))
    types = [stated] if isinstance(stated, str) else stated
    types = [*types, *(["null"] if len(options) < len(schema.get("oneOf", ())) else [])]
    held = core.get("items") or core.get("additionalProperties") or {}
    inside = f" of {held.get('type') or held['$ref'].rpartition('/')[2]}" if held else ""
    words = sorted(word for word in core.get("enum", ()) if word is not None)
    return f"{' or '.join(types)}{'!' if always else ''}{inside}{': ' if words else ''}{', '.join(words)}"


@pytest.mark.parametrize("name", known.GATEWAY_FIELDS)
def test_what_is_known_of_a_gateway_has_these_fields(name: str) -> None:
    listed = OPERATIONS["GET /accounts/{account_id}/ai-gateway/gateways"].response("200")
    schema = RESOLVED.schemas.get(name) or listed["content"]["application/json"]["schema"]
    required = schema.get("required", ())
    there = {field: _in_words(one, always=field in required) for field, one in schema["properties"].items()}
    same(name, there, known.GATEWAY_FIELDS[name])


@by_operation
def test_an_error_is_explained_and_a_call_warns_as_is_known(name: str) -> None:
    item, place = OPERATIONS[name].item, OPERATIONS[name].place
    hints: dict[str, str] = {}
    for hint in item.get("x-error-hints", ()):
        (when,) = hint.keys() - {"text"}
        hints[when if hint[when] is True else f"{when} {hint[when]}"] = hint["text"]
    expected = known.ERROR_HINTS.get(name, {})
    same(f"{place}.x-error-hints", set(hints), set(expected))
    for when, text in hints.items():
        tells(f"{place}: the hint for {when}", text, [expected[when]])
    same(f"whether {place} warns", "x-warning" in item, name in known.WARNED_OF)
    same(f"{place}.x-payment-id", item.get("x-payment-id"), known.PAYMENT_NAMED_BY.get(name))


def test_the_rest_of_what_is_known_is_told() -> None:
    tags = {tag["name"]: tag.get("description", "") for tag in RESOLVED.content["tags"]}
    for name, pattern in known.TAGS_TELL.items():
        tells(f"the tag {name}", tags.get(name, ""), [pattern])
    tells("the token", RESOLVED.content["components"]["securitySchemes"]["apiToken"]["description"], known.TOKEN_TELLS)
    bodies = OPERATIONS["POST /topup"].body_examples.values()
    assert any("payment_method_id" in body for body in bodies), f"POST /topup shows no payment method; {HINT}"
