"""A document is resolved whole and sound, or the build stops and says where and why."""

import copy
import shutil
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codegen.checks import first_violation
from codegen.errors import BuildError
from codegen.extensions import extension_faults
from codegen.paths import to_jsonpath
from codegen.resolve import Resolved, check, resolve
from codegen.yaml_io import dump_yaml

SPEC: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Pets", "version": "1"},
    "paths": {
        "/pets/{id}": {
            "get": {
                "operationId": "pets.get",
                "x-retry": "safe",
                "x-fern-sdk-group-name": "zoo.pets",
                "x-fern-sdk-method-name": "get",
                "parameters": [
                    {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}, "example": "p1"},
                    {"$ref": "#/components/parameters/Limit"},
                ],
                "responses": {
                    "200": {
                        "description": "A pet",
                        "content": {
                            "application/json": {
                                "schema": {"$ref": "#/components/schemas/Pet"},
                                "examples": {
                                    "one": {"value": {"name": "Rex", "owed": 5}},
                                    "two": {"$ref": "#/components/examples/Tom"},
                                },
                            }
                        },
                    },
                    "404": {"$ref": "#/components/responses/Missing"},
                },
            }
        }
    },
    "components": {
        "schemas": {
            "Pet": {
                "type": "object",
                "required": ["name"],
                "properties": {
                    "name": {"type": "string"},
                    "owed": {"type": ["number", "null"], "x-unit": "cents"},
                    "mate": {"oneOf": [{"$ref": "#/components/schemas/Pet"}, {"type": "null"}]},
                },
            }
        },
        "parameters": {
            "Limit": {
                "name": "limit",
                "in": "query",
                "schema": {"type": "integer", "minimum": 1, "default": 10},
                "example": 3,
            }
        },
        "responses": {
            "Missing": {"description": "None", "headers": {"x-id": {"schema": {"type": "string"}, "example": "a"}}}
        },
        "examples": {"Tom": {"value": {"name": "Tom", "owed": None}}},
    },
}

PET = ("components", "schemas", "Pet")
GET = ("paths", "/pets/{id}", "get")
MEDIA = (*GET, "responses", "200", "content", "application/json")


def changed(*steps: Any, to: Any) -> dict[str, Any]:
    """The specification with one place set to something else; a list's length as the last step appends."""
    document = copy.deepcopy(SPEC)
    node: Any = document
    for step in steps[:-1]:
        node = node[step]
    if isinstance(node, list) and steps[-1] == len(node):
        node.append(to)
    else:
        node[steps[-1]] = to
    return document


def resolved(folder: Path, document: dict[str, Any], *overlays: str) -> Resolved:
    (folder / "spec.yaml").write_text(dump_yaml(document), encoding="utf-8")
    if not overlays:
        return resolve(folder / "spec.yaml", None)
    (folder / "overlays").mkdir(exist_ok=True)
    for number, actions in enumerate(overlays, 1):
        text = f'overlay: "1.0.0"\ninfo: {{title: Test, version: "1"}}\nactions:\n{dedent(actions).strip()}\n'
        (folder / f"overlays/{number}0-test.yaml").write_text(text, encoding="utf-8")
    return resolve(folder / "spec.yaml", folder / "overlays")


def refusal(folder: Path, document: dict[str, Any], *overlays: str) -> str:
    with pytest.raises(BuildError) as caught:
        resolved(folder, document, *overlays)
    return str(caught.value).removeprefix(f"{folder}/")


def test_a_sound_document_resolves_to_itself(tmp_path: Path) -> None:
    result = resolved(tmp_path, SPEC)
    assert result.document == SPEC
    assert (result.overlays, result.changes, result.spec_path) == ((), (), tmp_path / "spec.yaml")
    check(result)


def test_a_part_of_all_of_may_require_what_its_neighbour_describes(tmp_path: Path) -> None:
    document = changed(*PET, "allOf", to=[{"required": ["name"]}, {"required": ["owed"]}])
    assert resolved(tmp_path, document).document == document


def test_overlays_are_part_of_what_is_resolved(tmp_path: Path) -> None:
    result = resolved(
        tmp_path,
        SPEC,
        "- {target: $.info, description: d, update: {title: Cats}}",
        "- {target: $.info, description: d, update: {x-a: 1}}",
    )
    assert result.document == changed("info", to={"title": "Cats", "version": "1", "x-a": 1})
    assert [overlay.file.name for overlay in result.overlays] == ["10-test.yaml", "20-test.yaml"]
    assert [to_jsonpath(change.path) for change in result.changes] == ["$.info.title", "$.info['x-a']"]


def test_a_ten_line_specification_is_enough(tmp_path: Path) -> None:
    (tmp_path / "spec.yaml").write_text(
        dedent("""
        openapi: "3.1.0"
        info: {title: T, version: "1"}
        paths:
          /a:
            get:
              responses:
                "200":
                  description: OK
                  content: {application/json: {schema: {type: array, items: {type: integer}}}}
        """)
    )
    assert resolve(tmp_path / "spec.yaml", None).document["info"]["title"] == "T"


# Valid OpenAPI, valid JSON Schema


@pytest.mark.parametrize(
    ("document", "message"),
    [
        (changed("openapi", to="3.0.3"), "$.openapi: not OpenAPI 3.1: '3.0.3' does not match"),
        (changed("info", to={"title": "T"}), "$.info: not OpenAPI 3.1: 'version' is a required property"),
        (changed(*GET, "responses", to={"2000": {"description": "x"}}), "$.paths['/pets/{id}'].get.responses: not OpenAPI 3.1: "),
        (changed(*GET, "operationID", to="x"), "$.paths['/pets/{id}'].get: not OpenAPI 3.1: Unevaluated properties are not allowed ('operationID' was unexpected)"),
        (changed(*GET, "responses", "200", "description", to=5), "$.paths['/pets/{id}'].get.responses['200'].description: not OpenAPI 3.1: 5 is not of type 'string'"),
        (changed(*MEDIA, "examples", "one", to=5), "$.paths['/pets/{id}'].get.responses['200'].content['application/json'].examples.one: not OpenAPI 3.1: 5 is not of type 'object'"),
        (changed(*GET, "parameters", 0, "in", to="body"), "$.paths['/pets/{id}'].get.parameters[0].in: not OpenAPI 3.1: 'body' is not one of"),
        (changed(*GET, "parameters", 0, "name", to="ids"), "$: not OpenAPI 3.1: Path parameter 'id' for 'get' operation in '/pets/{id}' was not resolved"),
        (changed(*GET, "parameters", 2, to={"name": "id", "in": "path", "required": True, "schema": {}}), "$.paths['/pets/{id}'].get.parameters[2]: a second path parameter is called 'id'; drop one of them"),
        (changed(*PET, "type", to="objekt"), "$.components.schemas.Pet.type: not JSON Schema 2020-12: 'objekt' is not"),
        (changed(*PET, "properties", "name", "minLength", to="3"), "$.components.schemas.Pet.properties.name.minLength: not JSON Schema 2020-12: '3' is not of type 'integer'"),
        (changed(*PET, "properties", "name", "pattern", to="("), "$.components.schemas.Pet.properties.name.pattern: not JSON Schema 2020-12: '(' is not a 'regex'"),
        (changed(*PET, "properties", "name", "enum", to="a"), "$.components.schemas.Pet.properties.name.enum: not JSON Schema 2020-12: 'a' is not of type 'array'"),
        (changed(*PET, "required", to=["name", "name"]), "$.components.schemas.Pet.required: not JSON Schema 2020-12: ['name', 'name'] has non-unique elements"),
        (changed(*PET, "properties", "name", "minLen", to=3), "$.components.schemas.Pet.properties.name.minLen: 'minLen' is not a keyword of JSON Schema 2020-12 or OpenAPI 3.1 that is known here; correct the spelling, or leave it out"),
        (changed(*PET, "properties", "name", "nullable", to=True), "$.components.schemas.Pet.properties.name.nullable: 'nullable' is not a keyword"),
        (changed(*PET, "required", to=[["name"]]), "$.components.schemas.Pet.required[0]: not JSON Schema 2020-12: ['name'] is not of type 'string'"),
        (changed(*PET, "oneOf", to=None), "$.components.schemas.Pet.oneOf: not JSON Schema 2020-12: None is not of type 'array'"),
        (changed(*PET, "definitions", to={}), "$.components.schemas.Pet.definitions: 'definitions' is not a keyword"),
        (changed(*PET, "$id", to="urn:pet"), "$.components.schemas.Pet['$id']: '$id' is not a keyword of JSON Schema 2020-12 or OpenAPI 3.1 that is known here; correct the spelling, or leave it out"),
        (changed(*PET, "allOf", to=[{"properties": {"a": {}}, "required": ["b"]}]), "$.components.schemas.Pet: 'b' is required, but is not among the properties; correct the name in one of the two"),
        (changed(*PET, "required", to=["nmae"]), "$.components.schemas.Pet.required[0]: 'nmae' is required, but is not among the properties; correct the name in one of the two"),
        (changed(*GET, "parameters", 0, "schema", "type", to="text"), "$.paths['/pets/{id}'].get.parameters[0].schema.type: not JSON Schema 2020-12: 'text' is not"),
    ],
)  # fmt: skip
def test_a_document_that_is_not_openapi_is_refused_by_path(
    tmp_path: Path, document: dict[str, Any], message: str
) -> None:
    assert refusal(tmp_path, document).startswith(f"spec.yaml: {message}")


SMALL: st.SearchStrategy[Any] = st.sampled_from(
    [
        None,
        True,
        0,
        1.5,
        "",
        "#",
        "string",
        [],
        {},
        [1],
        [[1]],
        [{}],
        {"a": 1},
        {"$ref": 5},
        {"$ref": "#/x"},
        {"$ref": "#/components/schemas/Pet"},
    ]
)


@pytest.mark.slow
@given(st.data(), st.lists(SMALL, min_size=1, max_size=2))
@settings(max_examples=60)
def test_no_document_is_so_wrong_that_it_is_not_reported_what_is_wrong(data: st.DataObject, values: list[Any]) -> None:
    """Whatever stands wherever: there is a fault with a place, or there is none; never an error of Python's."""
    document = changed("x-resources", to={"zoo.pets": {"x-python-mixin": "a.B"}})
    for value in values:
        paths = list(paths_in(document))[1:]
        path = data.draw(st.sampled_from(paths))
        node: Any = document
        for step in path[:-1]:
            node = node[step]
        node[path[-1]] = copy.deepcopy(value)
    fault = first_violation(document) or next(extension_faults(document), None)
    assert fault is None or (to_jsonpath(fault.path).startswith("$") and fault.reason and fault.hint)


def paths_in(node: object, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    inner = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for step, value in inner:
        yield from paths_in(value, (*path, step))


# References


@pytest.mark.parametrize(
    ("document", "message"),
    [
        (changed(*MEDIA, "schema", to={"$ref": "#/components/schemas/Dog"}), "$.paths['/pets/{id}'].get.responses['200'].content['application/json'].schema['$ref']: '#/components/schemas/Dog' points to nothing in this document; correct the reference, or put what it names under components"),
        (changed(*GET, "parameters", 1, to={"$ref": "#/components/parameters/Limits"}), "$.paths['/pets/{id}'].get.parameters[1]['$ref']: '#/components/parameters/Limits' points to nothing"),
        (changed(*MEDIA, "examples", "two", "$ref", to="#/components/examples/Tim"), "'#/components/examples/Tim' points to nothing"),
        (changed(*GET, "responses", "404", "$ref", to="#/components/schemas/Pet"), "'#/components/schemas/Pet' points to a schema, where a response is due; correct the reference"),
        (changed(*MEDIA, "schema", to={"$ref": "#/components/schemas"}), "'#/components/schemas' points to a something else, where a schema is due"),
        (changed(*MEDIA, "schema", to={"$ref": "pets.yaml#/Pet"}), "'pets.yaml#/Pet' points to nothing in this document; correct the reference, or put what it names under components"),
        (changed(*MEDIA, "schema", to={"$ref": "http://127.0.0.1:1/pet"}), "'http://127.0.0.1:1/pet' points to nothing in this document"),
        (changed("components", "schemas", "Loop", to={"$ref": "#/components/schemas/Loop"}), "$.components.schemas.Loop['$ref']: the reference leads back to itself; let one of them be the thing itself"),
        (changed("components", "schemas", to={**SPEC["components"]["schemas"], "A": {"$ref": "#/components/schemas/B"}, "B": {"$ref": "#/components/schemas/A"}}), "$.components.schemas.A['$ref']: the reference leads back to itself"),
        (changed("components", "schemas", "Loop", to={"oneOf": [{"type": "string"}, {"$ref": "#/components/schemas/Loop"}]}), "$.components.schemas.Loop: the reference leads back to itself; let one of them be the thing itself, or put it into a property or a list"),
    ],
)  # fmt: skip
def test_a_reference_that_leads_nowhere_is_refused(tmp_path: Path, document: dict[str, Any], message: str) -> None:
    assert message.replace("a something", "something") in refusal(tmp_path, document)


def test_references_may_point_into_any_schema(tmp_path: Path) -> None:
    document = changed(*PET, "properties", "a/b~c %{d}", to={"type": "string"})
    document["components"]["schemas"]["Odd"] = {"$ref": "#/components/schemas/Pet/properties/a~1b~0c%20%25%7Bd}"}
    document["components"]["schemas"]["First"] = {"$ref": "#/components/schemas/Pet/properties/mate/oneOf/0"}
    assert resolved(tmp_path, document).document == document


def test_examples_are_found_their_schema_wherever_it_lies(tmp_path: Path) -> None:
    document = changed(*PET, "properties", "a/b~c %{d}", to={"type": "string", "example": "x"})
    assert resolved(tmp_path, document).document == document
    document["components"]["schemas"]["Pet"]["properties"]["a/b~c %{d}"]["example"] = 5
    assert "$.components.schemas.Pet.properties['a/b~c %{d}'].example: the example does not fit" in refusal(
        tmp_path, document
    )


# Operations and examples


def test_two_operations_of_one_id_are_refused(tmp_path: Path) -> None:
    document = changed(
        "paths", "/pets", to={"get": {"operationId": "pets.get", "responses": {"200": {"description": "x"}}}}
    )
    assert refusal(tmp_path, document) == (
        "spec.yaml: $: not OpenAPI 3.1: Operation ID 'pets.get' for 'get' in '/pets' is not unique; correct it as the standard says"
    )


@pytest.mark.parametrize(
    ("document", "message"),
    [
        (changed(*MEDIA, "examples", "one", "value", to={"name": 5}), "$.paths['/pets/{id}'].get.responses['200'].content['application/json'].examples.one.value.name: the example does not fit $.paths['/pets/{id}'].get.responses['200'].content['application/json'].schema: 5 is not of type 'string'; correct the example or the schema"),
        (changed(*MEDIA, "examples", "one", "value", to={}), "examples.one.value: the example does not fit"),
        (changed("components", "examples", "Tom", "value", "owed", to="5"), "$.components.examples.Tom.value.owed: the example does not fit"),
        (changed(*MEDIA, "example", to={"name": None}), "content['application/json'].example.name: the example does not fit"),
        (changed(*GET, "parameters", 0, "example", to=1), "$.paths['/pets/{id}'].get.parameters[0].example: the example does not fit"),
        (changed("components", "parameters", "Limit", "example", to=0), "$.components.parameters.Limit.example: the example does not fit"),
        (changed("components", "parameters", "Limit", "schema", "default", to=0), "$.components.parameters.Limit.schema.default: "),
        (changed("components", "responses", "Missing", "headers", "x-id", "example", to=4), "$.components.responses.Missing.headers['x-id'].example: the example does not fit"),
        (changed(*PET, "properties", "name", "examples", to=["a", 3]), "$.components.schemas.Pet.properties.name.examples[1]: the example does not fit"),
        (changed(*PET, "properties", "name", "example", to=3), "$.components.schemas.Pet.properties.name.example: the example does not fit"),
        (changed(*PET, "example", to={"name": "a", "mate": {"name": "b", "mate": {"name": 3}}}), "$.components.schemas.Pet.example"),
        (changed(*PET, "properties", "name", to={"type": "string", "format": "date-time", "example": "2026-11-20T10:00:00Z"}), "'Rex' is not a 'date-time'"),
    ],
)  # fmt: skip
def test_an_example_that_does_not_fit_its_schema_is_refused(
    tmp_path: Path, document: dict[str, Any], message: str
) -> None:
    assert message in refusal(tmp_path, document)


def test_a_long_example_is_not_printed_whole(tmp_path: Path) -> None:
    document = changed(*MEDIA, "examples", "one", "value", to=[f"item {number}" for number in range(1000)])
    message = refusal(tmp_path, document)
    assert message.endswith(" 'item 998', 'item 999'] is not of type 'object'; correct the example or the schema")
    assert len(message) < 700


def test_examples_follow_the_overlays(tmp_path: Path) -> None:
    action = "- {target: $.components.schemas.Pet, description: d, update: {required: [owed]}}"
    assert len(resolved(tmp_path, SPEC, action).changes) == 1
    action = "- {target: $.components.schemas.Pet, description: d, update: {properties: {id: {type: string}}, required: [id]}}"
    assert "examples.one.value: the example does not fit" in refusal(tmp_path, SPEC, action)


# Blame


def test_a_fault_that_an_overlay_brings_in_is_laid_to_its_action(tmp_path: Path) -> None:
    overlay = """
        - {target: $.info, description: d, update: {title: Cats}}
        - {target: $.components.schemas.Pet.properties.name, description: d, update: {type: text}}
        """
    message = refusal(tmp_path, SPEC, overlay)
    assert message.startswith(
        "overlays/10-test.yaml: action 2 ($.components.schemas.Pet.properties.name): it leaves $.components.schemas.Pet.properties.name.type wrong: "
        "not JSON Schema 2020-12: 'text' is not"
    )


def test_of_several_actions_at_one_place_the_last_is_to_blame(tmp_path: Path) -> None:
    name = "target: $.components.schemas.Pet.properties.name, description: d"
    message = refusal(
        tmp_path, SPEC, f"- {{{name}, update: {{maxLength: 9}}}}", f"- {{{name}, update: {{maxLength: no}}}}"
    )
    assert message.startswith("overlays/20-test.yaml: action 1 (")


def test_a_reference_that_an_overlay_breaks_is_found(tmp_path: Path) -> None:
    message = refusal(tmp_path, SPEC, "- {target: $.components.responses.Missing, description: d, remove: true}")
    assert (
        "$.paths['/pets/{id}'].get.responses['404']['$ref']: '#/components/responses/Missing' points to nothing"
        in message
    )


def test_a_field_renamed_in_the_spec_stops_the_overlay_that_targets_it(tmp_path: Path) -> None:
    document = changed(*PET, "properties", to={"title": {"type": "string"}})
    document["components"]["schemas"]["Pet"]["required"] = ["title"]
    document["components"]["examples"]["Tom"]["value"] = {"title": "Tom"}
    document["paths"]["/pets/{id}"]["get"]["responses"]["200"]["content"]["application/json"]["examples"]["one"][
        "value"
    ] = {"title": "Rex"}
    message = refusal(
        tmp_path,
        document,
        "- {target: $.components.schemas.Pet.properties.name, description: d, update: {description: A name}}",
    )
    assert message == (
        "overlays/10-test.yaml: action 1 ($.components.schemas.Pet.properties.name): the target matches nothing: "
        "the document has moved under the overlay; correct the target or drop the action"
    )


def test_missing_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match=r"spec\.yaml: cannot be read: No such file or directory"):
        resolve(tmp_path / "spec.yaml", None)
    (tmp_path / "spec.yaml").write_text(dump_yaml(SPEC))
    with pytest.raises(BuildError, match="overlays: there is no overlay"):
        resolve(tmp_path / "spec.yaml", tmp_path / "overlays")


def test_an_overlay_for_another_document_is_refused(tmp_path: Path) -> None:
    action = "- {target: $.info, description: d, update: {title: Cats}}"
    assert len(resolved(tmp_path, SPEC, f"{action}\nextends: ../spec.yaml").changes) == 1
    with pytest.raises(
        BuildError,
        match=r"10-test\.yaml: \$\.extends: the overlay extends 'other\.yaml', which is not .*spec\.yaml; correct it or drop it",
    ):
        resolved(tmp_path, SPEC, f"{action}\nextends: other.yaml")


# The digest


def test_the_digest_is_the_same_wherever_the_files_lie(tmp_path: Path) -> None:
    overlay = "- {target: $.info, description: d, update: {title: Cats}}"
    (tmp_path / "a").mkdir()
    first = resolved(tmp_path / "a", SPEC, overlay).digest
    shutil.copytree(tmp_path / "a", tmp_path / "b")
    assert resolve(tmp_path / "b/spec.yaml", tmp_path / "b/overlays").digest == first
    assert len(first) == 64


def test_the_digest_changes_with_every_byte_and_every_name(tmp_path: Path) -> None:
    overlay = "- {target: $.info, description: d, update: {title: Cats}}"
    digests = [
        resolved(tmp_path, SPEC).digest,
        resolved(tmp_path, SPEC, overlay).digest,
        resolved(tmp_path, SPEC, overlay + " # why").digest,
    ]
    (tmp_path / "overlays/10-test.yaml").rename(tmp_path / "overlays/11-test.yaml")
    digests.append(resolve(tmp_path / "spec.yaml", tmp_path / "overlays").digest)
    assert len(set(digests)) == len(digests)


def test_a_byte_that_moves_from_a_name_into_the_file_changes_the_digest(tmp_path: Path) -> None:
    text = dump_yaml(SPEC)
    (tmp_path / "spec.yaml").write_text(f"## a\n{text}")
    (tmp_path / "spec.yaml#").write_text(f"# a\n{text}")
    assert resolve(tmp_path / "spec.yaml", None).digest != resolve(tmp_path / "spec.yaml#", None).digest


# Extensions


def extension_refusal(folder: Path, document: dict[str, Any], *overlays: str) -> str:
    with pytest.raises(BuildError) as caught:
        check(resolved(folder, document, *overlays))
    return str(caught.value).removeprefix(f"{folder}/")


SECOND = {
    "operationId": "pets.list",
    "x-retry": "safe",
    "x-fern-sdk-group-name": "zoo.pets",
    "x-fern-sdk-method-name": "list_all",
    "responses": {"200": {"description": "x"}},
}


def beside(**fields: Any) -> dict[str, Any]:
    """A second operation with some of its fields changed; None takes one away."""
    operation = {name: value for name, value in {**SECOND, **fields}.items() if value is not None}
    return changed("paths", "/pets", to={"get": operation})


def test_extensions_that_are_known_pass(tmp_path: Path) -> None:
    document = beside(**{"x-api-token-group": ["AI Gateway Read"]})
    document["x-resources"] = {
        "zoo.pets": {"x-python-mixin": "runtime.pets.PetsMixin"},
        "zoo": {"x-python-mixin": "runtime.Zoo"},
    }
    document["components"]["schemas"]["Pet"]["properties"]["owed"]["x-unit-confidence"] = "unconfirmed"
    check(resolved(tmp_path, document))


def test_operations_without_names_are_left_to_the_generator(tmp_path: Path) -> None:
    check(resolved(tmp_path, beside(**{"x-fern-sdk-group-name": None, "x-fern-sdk-method-name": None})))


OWED = (*PET, "properties", "owed")


@pytest.mark.parametrize(
    ("document", "message"),
    [
        (changed(*OWED, "x-unit", to="dollars"), "$.components.schemas.Pet.properties.owed['x-unit']: 'dollars' is not what x-unit may be; it is one of cents, unix-ms, unix-s, unix-auto"),
        (changed(*PET, "properties", "name", "x-unit", to="cents"), "$.components.schemas.Pet.properties.name['x-unit']: a unit on a schema of type string; units are for numbers"),
        (changed(*GET, "x-unit", to="cents"), "$.paths['/pets/{id}'].get['x-unit']: x-unit says something of a schema, and stands on an operation; move it"),
        (changed(*GET, "parameters", 0, "x-unit", to="cents"), "x-unit says something of a schema, and stands on a parameter; move it"),
        (changed(*PET, "properties", "name", "x-unit-confidence", to="unconfirmed"), "name['x-unit-confidence']: x-unit is missing beside it; add it, or drop this one"),
        (changed(*OWED, "x-unit-confidence", to="sure"), "'sure' is not what x-unit-confidence may be"),
        (beside(**{"x-retry": None}), "$.paths['/pets'].get: the operation has no x-retry, one of safe, idempotent, once, charge; say in an overlay after what it may be sent again"),
        (beside(**{"x-retry": "always"}), "$.paths['/pets'].get['x-retry']: 'always' is not what x-retry may be; it is one of safe, idempotent, once, charge"),
        (beside(**{"x-retry": True}), "True is not what x-retry may be"),
        (beside(**{"x-api-token-group": "AI Gateway Read"}), "'AI Gateway Read' is not what x-api-token-group may be; it is a list of permissions, each once"),
        (beside(**{"x-api-token-group": []}), "[] is not what x-api-token-group may be"),
        (beside(**{"x-api-token-group": ["a", "a"]}), "['a', 'a'] is not what x-api-token-group may be"),
        (beside(**{"x-api-token-group": ["a", 1]}), "['x-api-token-group'][1]: 1 is not what x-api-token-group may be"),
        (beside(**{"x-fern-sdk-group-name": "zoo.Pets"}), "'zoo.Pets' is not what x-fern-sdk-group-name may be; it is snake_case names with dots between them"),
        (beside(**{"x-fern-sdk-group-name": "zoo..pets"}), "'zoo..pets' is not what x-fern-sdk-group-name may be"),
        (beside(**{"x-fern-sdk-method-name": "listAll"}), "'listAll' is not what x-fern-sdk-method-name may be; it is a snake_case name"),
        (beside(**{"x-fern-sdk-method-name": "import"}), "'import' is not what x-fern-sdk-method-name may be"),
        (beside(**{"x-fern-sdk-method-name": "_hidden"}), "'_hidden' is not what x-fern-sdk-method-name may be"),
        (beside(**{"x-fern-sdk-method-name": None}), "$.paths['/pets'].get['x-fern-sdk-group-name']: x-fern-sdk-method-name is missing beside it; add it, or drop this one"),
        (beside(**{"x-fern-sdk-group-name": None}), "x-fern-sdk-group-name is missing beside it; add it, or drop this one"),
        (changed("x-resources", to={"zoo.pets": {"x-python-mixin": "Pets"}}), "$['x-resources']['zoo.pets']['x-python-mixin']: 'Pets' is not what x-resources may be; it is a mapping of groups to x-python-mixin alone, and that to module and name of a class, like package.module.Class"),
        (changed("x-resources", to={"zoo.pets": {"x-python-mixin": "a.b-c.D"}}), "'a.b-c.D' is not what x-resources may be"),
        (changed("x-resources", to={"zoo.pets": {"mixin": "a.B"}}), "$['x-resources']['zoo.pets']: {"),
        (changed("x-resources", to={"zoo.pets": {"x-python-mixin": "a.B", "mixin": 1}}), "$['x-resources']['zoo.pets']: {"),
        (changed("x-resources", to=[]), "[] is not what x-resources may be"),
        (changed(*GET, "x-retries", to="safe"), "$.paths['/pets/{id}'].get['x-retries']: x-retries is not known here; known are x-unit, "),
    ],
)  # fmt: skip
def test_extensions_that_would_be_lost_or_misread_are_refused(
    tmp_path: Path, document: dict[str, Any], message: str
) -> None:
    assert message in extension_refusal(tmp_path, document)
    assert extension_refusal(tmp_path, document).startswith("spec.yaml: $")


def test_an_extension_that_an_overlay_gets_wrong_is_laid_to_its_action(tmp_path: Path) -> None:
    overlay = "- {target: '$.paths.*.get', description: d, update: {x-retry: never}}"
    assert extension_refusal(tmp_path, SPEC, overlay).startswith(
        "overlays/10-test.yaml: action 1 ($.paths.*.get): it leaves $.paths['/pets/{id}'].get['x-retry'] wrong: 'never' is not what x-retry may be"
    )
