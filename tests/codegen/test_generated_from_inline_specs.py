"""What the stock generator loses or gets wrong, each shown on a specification of ten lines whose client is then used."""

import inspect
import typing
import warnings
from pathlib import Path
from types import ModuleType
from typing import Any, Literal

import pytest

from aig_billing_runtime.errors import APIResponseValidationError, BadRequestError, InternalServerError
from codegen.errors import BuildError
from tests.codegen.inline import Peer, build, load


def client_of(package: ModuleType, peer: Peer) -> Any:
    return package.Client(api_token="token", transport=peer, max_retries=0)


def spec_of(schema: str) -> str:
    """A specification with one GET that answers with the schema, written on one line."""
    return f"""
paths:
  /things:
    get:
      operationId: things.get
      tags: [things]
      responses:
        "200": {{description: Fine, content: {{application/json: {{schema: {{$ref: "#/components/schemas/Thing"}}}}}}}}
components:
  schemas:
    Thing: {schema}
"""


SCHEMAS = {
    "optional": "{type: object, properties: {a: {type: string}, b: {type: [string, 'null']}}}",
    "required": "{type: object, required: [a], properties: {a: {type: string}}}",
    "closed": "{type: object, additionalProperties: false, properties: {a: {type: string}}}",
    "whole": "{type: object, required: [a], properties: {a: {type: integer}}}",
    "typed": "{type: object, required: [type, value], properties: {type: {type: string}, value: {type: number}}}",
    "anything": "{type: object, required: [c], properties: "
    "{a: {}, b: {oneOf: [true, {type: string}, {type: 'null'}]}, c: {type: [string, 'null']}}}",
    "word": "{type: object, required: [word], properties: {word: {type: string, enum: [a, b]}}}",
    "word_or_null": "{type: object, required: [word], properties: "
    "{word: {oneOf: [{type: string, enum: [a, b]}, {type: 'null'}]}}}",
    "word_of_two_types": "{type: object, required: [word], properties: "
    "{word: {type: [string, 'null'], enum: [a, b, null]}}}",
    "word_without_type": "{type: object, required: [word], properties: {word: {enum: [a, b, null]}}}",
    "units": "{type: object, required: [amount, currency], properties: {amount: {type: number, x-unit: cents}, "
    "currency: {type: string}, made: {type: number, x-unit: unix-s}, seen: {type: [number, 'null'], x-unit: unix-ms}}}",
    "numbers": "{type: object, required: [a], properties: {a: {type: number}, "
    "b: {type: object, properties: {c: {type: array, items: {type: number}}}}}}",
    "deep": "{type: object, required: [rows, named], properties: "
    "{rows: {type: array, items: {type: array, items: {type: [integer, 'null']}}}, "
    "named: {type: object, additionalProperties: {$ref: '#/components/schemas/Part'}}}}",
}
"""What `things.NAME()` answers with, each its own model."""
_FINE = "{description: Fine, content: {application/json: {schema: {}}}}"
_ANSWERING = """
  /{name}:
    get:
      operationId: things.{name}
      tags: [things]
      responses:
        "200": {{description: Fine, content: {{application/json: {{schema: {{$ref: "#/components/schemas/{name}"}}}}}}}}"""
SPECIFICATION = f"""
paths:
  /list:
    get:
      operationId: things.list
      tags: [things]
      parameters:
        - {{name: type, in: query, schema: {{type: string, enum: [auto, all]}}}}
        - {{name: from, in: query, schema: {{type: string}}}}
      responses: {{"200": {_FINE}}}
  /old:
    get:
      operationId: things.old
      tags: [things]
      deprecated: true
      description: Use others.
      responses: {{"200": {_FINE}}}
  /make:
    post:
      operationId: things.make
      tags: [things]
      requestBody: {{required: true, content: {{application/json: {{schema: {{$ref: "#/components/schemas/Body"}}}}}}}}
      responses: {{"200": {_FINE}}}{"".join(_ANSWERING.format(name=name) for name in SCHEMAS)}
components:
  schemas:
    Body: {{type: object, required: [amount], properties: {{amount: {{type: integer, minimum: 1000, maximum: 5000, x-unit: cents}}}}}}
    Part: {{type: object, required: [a], properties: {{a: {{type: string}}}}}}
    {
    '''
    '''.join(f"{name}: {schema}" for name, schema in SCHEMAS.items())
}
"""


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    """One client for all tests that do not need a specification of their own: building one takes half a second."""
    return load(tmp_path_factory.mktemp("things"), SPECIFICATION)


def test_a_parameter_keeps_the_name_that_the_documents_give_it(package: ModuleType) -> None:
    peer = Peer()
    client_of(package, peer).things.list(type="auto", from_="x")
    assert str(peer.requests[0].url) == "https://api.example.com/list?type=auto&from=x"


def test_what_may_be_anything_is_an_object_and_what_may_be_null_says_so(package: ModuleType) -> None:
    assert package.models.Anything.__annotations__ == {"c": "str | None", "a": "object", "b": "object"}


def test_a_call_whose_operation_says_nothing_of_retries_is_sent_once(package: ModuleType) -> None:
    peer = Peer(status=500)
    with pytest.raises(InternalServerError):
        package.Client(api_token="token", transport=peer, max_retries=2).things.optional()
    assert len(peer.requests) == 1


def test_a_property_called_type_is_decoded_like_any_other(package: ModuleType) -> None:
    thing = client_of(package, Peer(b'{"type": "a", "value": 1}')).things.typed()
    assert (thing.type, thing.value) == ("a", 1)


def test_two_groups_that_would_share_a_module_stop_the_build(tmp_path: Path) -> None:
    answers = '{"200": {description: Fine, content: {application/json: {schema: {type: string}}}}}'
    with pytest.raises(BuildError, match="ABCResource: two things would both have this name; rename one of them"):
        load(
            tmp_path,
            f"""
            paths:
              /one:
                get:
                  {{operationId: a.b_c.get, x-fern-sdk-group-name: a.b_c, x-fern-sdk-method-name: get, responses: {answers}}}
              /other:
                get:
                  {{operationId: a_b.c.put, x-fern-sdk-group-name: a_b.c, x-fern-sdk-method-name: put, responses: {answers}}}
            """,
        )


def test_an_undocumented_status_is_an_error_and_not_none(package: ModuleType) -> None:
    with pytest.raises(BadRequestError):
        client_of(package, Peer(b"{}", 400)).things.optional()
    with pytest.raises(InternalServerError):
        client_of(package, Peer(b"<html>", 502)).things.optional()


@pytest.mark.parametrize("name", ["word_or_null", "word_of_two_types", "word_without_type"])
def test_the_null_of_an_enum_is_kept(package: ModuleType, name: str) -> None:
    thing = getattr(client_of(package, Peer(b'{"word": null}')).things, name)()
    assert thing.word is None
    assert thing.to_dict() == {"word": None}
    hints = typing.get_type_hints(type(thing))
    assert hints["word"] == Literal["a", "b"] | str | None  # noqa: PYI051 - what an IDE offers


def test_an_unknown_word_of_an_enum_is_kept(package: ModuleType) -> None:
    assert client_of(package, Peer(b'{"word": "new"}')).things.word().word == "new"


def test_units_become_twins(package: ModuleType) -> None:
    thing = client_of(package, Peer(b'{"amount": 640.19, "currency": "eur", "made": 1763683200}')).things.units()
    assert str(thing.amount_money) == "€6.40"
    assert thing.made_datetime.isoformat() == "2025-11-21T00:00:00+00:00"
    assert thing.seen_datetime is None


def test_an_optional_field_is_none_when_absent_and_stays_absent(package: ModuleType) -> None:
    thing = client_of(package, Peer(b'{"b": null}')).things.optional()
    assert (thing.a, thing.b) == (None, None)
    assert thing.to_dict() == {}


def test_null_is_refused_where_only_absence_is_allowed(package: ModuleType) -> None:
    with pytest.raises(APIResponseValidationError, match=r"\$\.a should be a string and is null"):
        client_of(package, Peer(b'{"a": null}')).things.optional()


def test_unknown_fields_are_kept_and_written_back(package: ModuleType) -> None:
    thing = client_of(package, Peer(b'{"a": "x", "new": [1]}')).things.required()
    assert thing.additional_properties == {"new": [1]}
    assert thing.to_dict() == {"new": [1], "a": "x"}


def test_a_closed_object_refuses_unknown_fields(package: ModuleType) -> None:
    with pytest.raises(APIResponseValidationError, match=r"\$\.new should be absent"):
        client_of(package, Peer(b'{"new": 1}')).things.closed()


def test_a_whole_number_may_be_written_with_a_point(package: ModuleType) -> None:
    thing = client_of(package, Peer(b'{"a": 1.0}')).things.whole()
    assert thing.a == 1
    assert type(thing.a) is int
    with pytest.raises(APIResponseValidationError, match="a whole number"):
        client_of(package, Peer(b'{"a": 1.5}')).things.whole()


@pytest.mark.slow
def test_the_envelope_is_taken_off_and_its_class_is_not_generated(tmp_path: Path) -> None:
    package = load(
        tmp_path,
        """
        paths:
          /things:
            get:
              operationId: things.get
              tags: [things]
              responses:
                "200":
                  description: Fine
                  content:
                    application/json:
                      schema:
                        allOf:
                          - {$ref: "#/components/schemas/Envelope"}
                          - {type: object, required: [result], properties: {result: {$ref: "#/components/schemas/Thing"}}}
        components:
          schemas:
            Envelope: {type: object, required: [success, result], properties: {success: {type: boolean}, result: {}}}
            Thing: {type: object, required: [a], properties: {a: {type: string}}}
        """,
    )
    thing = client_of(package, Peer(b'{"success": true, "result": {"a": "x"}}')).things.get()
    assert thing.a == "x"
    assert set(package.models.__all__) == {"Thing"}
    with pytest.raises(APIResponseValidationError, match=r"\$\.result\.a should be there"):
        client_of(package, Peer(b'{"success": true, "result": {}}')).things.get()


@pytest.mark.slow
def test_words_of_the_document_cannot_become_code(tmp_path: Path) -> None:
    evil = 'x\\"\\"\\" + __import__(\\"os\\").abort() + \\"\\"\\"\\\\'
    package = load(
        tmp_path,
        spec_of(
            f'{{type: object, description: "{evil}", properties: {{"a\\"] = 1; b": {{type: string, description: "{evil}"}}}}}}'
        ),
    )
    assert client_of(package, Peer(b'{"a\\"] = 1; b": "kept"}')).things.get().to_dict() == {'a"] = 1; b': "kept"}
    assert "abort" in (inspect.getdoc(package.models.Thing) or "")


@pytest.mark.slow
def test_parameters_of_the_path_are_given_by_name_and_cannot_lead_elsewhere(tmp_path: Path) -> None:
    package = load(
        tmp_path,
        """
        paths:
          /things/{id}/parts/{integer}:
            get:
              operationId: things.part
              tags: [things]
              parameters:
                - {name: id, in: path, required: true, schema: {type: string}}
                - {name: integer, in: path, required: true, schema: {type: integer}}
              responses: {"200": {description: Fine, content: {application/json: {schema: {}}}}}
        """,
    )
    peer = Peer()
    things = client_of(package, peer).things
    things.part(id="a", integer=7)
    assert peer.requests[0].url.path == "/things/a/parts/7"
    for wrong in ("../x", "", "a/b", "a b", "ä"):
        with pytest.raises(ValueError, match="cannot stand in a path"):
            things.part(id=wrong, integer=7)


@pytest.mark.parametrize(
    ("schema", "reason"),
    [
        ("{type: object, properties: {a: {enum: [1, b]}}}", "an enum is known of strings or of whole numbers"),
        ("{type: object, properties: {a: {const: [1]}}}", "a constant is known of strings, numbers and booleans"),
        (
            "{type: object, required: [b], properties: {a: {type: string}}}",
            "is required, but is not among the properties",
        ),
        (
            "{type: object, properties: {aB: {type: string}, a_b: {type: string}}}",
            "both become 'a_b'",
        ),
        (
            "{type: object, patternProperties: {a: {type: string}}, properties: {b: {type: string, not: {type: number}}}}",
            "no Python type says this",
        ),
    ],
)
def test_what_the_templates_do_not_know_stops_the_build(tmp_path: Path, schema: str, reason: str) -> None:
    with pytest.raises(BuildError, match=reason):
        build(tmp_path, spec_of(schema))
    assert not (tmp_path / "out").exists() or not list((tmp_path / "out").iterdir())


@pytest.mark.parametrize(
    ("parameter", "reason"),
    [
        ("{name: a, in: cookie, schema: {type: string}}", "cookies are not sent"),
        (
            "{name: a, in: query, content: {application/json: {schema: {type: string}}}}",
            "written as a media type is not known",
        ),
        (
            "{name: Authorization, in: header, schema: {type: string}}",
            "the client sends the header Authorization itself",
        ),
        ("{name: a, in: query, allowReserved: true, schema: {type: string}}", "reserved characters are always encoded"),
    ],
)
def test_a_parameter_that_is_not_known_stops_the_build(tmp_path: Path, parameter: str, reason: str) -> None:
    with pytest.raises(BuildError, match=reason):
        build(
            tmp_path,
            f"""
            paths:
              /things:
                get:
                  operationId: things.get
                  tags: [things]
                  parameters: [{parameter}]
                  responses: {{"200": {{description: Fine, content: {{application/json: {{schema: {{}}}}}}}}}}
            """,
        )


def test_a_failed_build_leaves_the_old_client_in_place(tmp_path: Path) -> None:
    target = build(tmp_path, spec_of("{type: object, properties: {a: {type: string}}}"), name="kept")
    before = {path: path.read_bytes() for path in target.rglob("*") if path.is_file()}
    with pytest.raises(BuildError):
        build(tmp_path, spec_of("{type: object, properties: {a: {not: {type: number}}}}"), name="kept")
    assert {path: path.read_bytes() for path in target.rglob("*") if path.is_file()} == before
    assert [path.name for path in target.parent.iterdir()] == ["kept"]


@pytest.mark.slow
def test_the_same_words_give_the_same_bytes(tmp_path: Path) -> None:
    specification = spec_of("{type: object, properties: {a: {type: string}}}")
    packages = []
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        target = build(tmp_path / folder, specification, name="same")
        packages.append({path.relative_to(target): path.read_bytes() for path in target.rglob("*") if path.is_file()})
    assert packages[0] == packages[1]


def test_a_model_refuses_wrong_json_by_name(package: ModuleType) -> None:
    with pytest.raises(ValueError, match=r"this is not a Required: \$\.a should be a string and is the number 1"):
        package.models.Required.from_dict({"a": 1})


def test_lists_and_maps_are_decoded_however_deep(package: ModuleType) -> None:
    body = b'{"rows": [[1, null], []], "named": {"x": {"a": "y"}}}'
    with warnings.catch_warnings():
        thing = client_of(package, Peer(body)).things.deep()
    assert thing.rows == [[1, None], []]
    assert thing.named["x"].a == "y"
    assert thing.to_dict() == {"rows": [[1, None], []], "named": {"x": {"a": "y"}}}
    with pytest.raises(APIResponseValidationError, match=r"\$\.named\.x\.a should be there"):
        client_of(package, Peer(b'{"rows": [], "named": {"x": {}}}')).things.deep()
