"""Units, secrets, limits, unions and defaults wherever a document may say them, generated and used over a socket."""

import datetime as dt
import inspect
import uuid
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest

from aig_billing_runtime.errors import APIResponseValidationError
from tests.codegen.inline import Server, client, load
from tests.codegen.test_answers import result_of
from tests.codegen.test_bodies_and_arguments import FINE, body_of

ENTRIES = "{type: array, items: {type: object, required: [code, message], properties: {code: {type: integer}, message: {type: string}}}}"
ENVELOPE = f"success: {{type: boolean}}, errors: {ENTRIES}"


def ref(name: str) -> str:
    return f"{{$ref: '#/components/schemas/{name}'}}"


SPECIFICATION = f"""
paths:{
    "".join(
        [
            result_of("hidden", ref("Hidden")),
            result_of("amounts", ref("Amounts")),
            result_of("pets", ref("Pets")),
            result_of("pet_map", f"{{type: object, additionalProperties: {ref('Pet')}}}"),
            result_of("booleans", ref("Booleans")),
            result_of("odd", ref("Odd")),
            result_of("any_of_all", "{oneOf: [true, {type: string}]}"),
            body_of("part_true", "{allOf: [true, {type: object, properties: {a: {type: integer}}}]}"),
            result_of(
                "paged",
                f"{{type: object, required: [success, errors, result], properties: {{{ENVELOPE}, messages: {{type: array, items: {{type: string}}}}, "
                f"result: {{type: array, items: {{type: integer}}}}, result_info: {ref('Page')}}}}}",
            ),
            result_of(
                "noted",
                f"{{type: object, required: [success, errors, result], properties: {{{ENVELOPE}, "
                f"messages: {{oneOf: [{ENTRIES}, {{type: 'null'}}]}}, result: {{type: integer}}}}}}",
            ),
            body_of(
                "secrets",
                "{type: object, properties: {pin: {type: string, format: password, minLength: 8}, word: {type: string, enum: [a], format: password}, "
                "keys: {type: array, items: {type: string, format: password}}, inner: {type: object, properties: {pin: {$ref: '#/components/schemas/Pin'}}}}}",
            ),
            body_of(
                "choose",
                "{type: object, properties: {pet: {$ref: '#/components/schemas/Pet'}, half: {const: 0.5}, any: {}}}",
            ),
            body_of(
                "open_limits",
                "{type: object, properties: {a.b: {type: array, items: {type: string, maxLength: 2}}, "
                "m: {type: object, properties: {big: {type: integer}}, additionalProperties: {type: integer, maximum: 3}}}}",
            ),
            body_of(
                "defaults",
                "{type: object, properties: {o: {type: object, default: {a: 1}}, l: {type: array, items: {type: string, default: z}}}}",
            ),
        ]
    )
}
  /paths/{{account_id}}/{{day}}/{{n}}/{{flag}}/{{level}}/{{id}}:
    get:
      operationId: things.paths
      tags: [things]
      parameters:
        - {{name: account_id, in: path, required: true, schema: {{type: string, maxLength: 5}}}}
        - {{name: day, in: path, required: true, schema: {{type: string, format: date}}}}
        - {{name: n, in: path, required: true, schema: {{type: integer, minimum: 3}}}}
        - {{name: flag, in: path, required: true, schema: {{type: boolean}}}}
        - {{name: level, in: path, required: true, schema: {{type: integer, enum: [1, 2]}}}}
        - {{name: id, in: path, required: true, schema: {{type: string, format: uuid}}}}
        - {{name: pin, in: query, schema: {{type: string, format: password, maxLength: 2}}}}
        - {{name: X-Level, in: header, schema: {{type: integer, enum: [1, 2], default: 2}}}}
      responses: {FINE}
components:
  schemas:
    Pin: {{type: string, format: password, minLength: 8}}
    Hidden:
      type: object
      properties:
        wrapped: {{type: array, items: {{allOf: [{{$ref: "#/components/schemas/Pin"}}], description: Wrapped.}}}}
        mapped: {{type: object, additionalProperties: {{type: array, items: {{$ref: "#/components/schemas/Pin"}}}}}}
    Cents: {{type: number, x-unit: cents}}
    Alias: {{$ref: "#/components/schemas/Cents"}}
    Amounts:
      type: object
      deprecated: true
      description: What it costs.
      properties:
        one: {{$ref: "#/components/schemas/Alias"}}
        mapped: {{type: object, additionalProperties: {{$ref: "#/components/schemas/Alias"}}}}
        old: {{type: array, items: {{type: string, deprecated: true, default: z}}}}
        size: {{type: integer, default: 5, description: The size.}}
    Pet:
      oneOf: [{{$ref: "#/components/schemas/Cat"}}, {{$ref: "#/components/schemas/Dog"}}]
      discriminator: {{propertyName: kind, mapping: {{cat: Cat, dog: Dog}}}}
    Cat: {{type: object, required: [kind], properties: {{kind: {{type: string}}}}}}
    Dog: {{type: object, required: [kind], properties: {{kind: {{type: string}}}}}}
    Pets: {{type: object, required: [first], properties: {{first: {{type: object, additionalProperties: {{$ref: "#/components/schemas/Pet"}}}}}}, additionalProperties: {{$ref: "#/components/schemas/Pet"}}}}
    Booleans: {{type: object, properties: {{either: {{enum: [true, false]}}, never: {{enum: [false]}}}}}}
    Odd: {{type: object, properties: {{"": {{type: string}}, mro: {{type: string}}, __class__: {{type: string}}}}}}
    Page: {{type: object, required: [page], properties: {{page: {{type: integer}}, token: {{type: string, format: password}}}}}}
"""


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    return load(tmp_path_factory.mktemp("kinds"), SPECIFICATION)


@pytest.fixture
def things(package: ModuleType, server: Server) -> Iterator[Any]:
    with client(package, server) as made:
        yield made.things


def refused(call: Any) -> str:
    with pytest.raises(APIResponseValidationError) as caught:
        call()
    return str(caught.value)


@pytest.mark.slow
def test_a_secret_in_a_list_or_a_map_is_not_shown(things: Any, server: Server) -> None:
    server.answers({"wrapped": ["hush-1"], "mapped": {"a": ["hush-2"]}})
    hidden = things.hidden()
    assert "hush" not in repr(hidden)
    assert (hidden.wrapped, hidden.mapped) == (["hush-1"], {"a": ["hush-2"]})


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"pin": "hush"}, "pin: the least number of characters is 8, and it has 4"),
        ({"word": "hush"}, "word is none of 'a'"),
        ({"keys": "hush"}, "keys should be an array and is a string"),
        ({"inner": {"pin": "hush"}}, r"inner\.pin: the least number of characters is 8"),
    ],
)
def test_a_secret_argument_is_not_in_the_message_that_refuses_it(
    things: Any, server: Server, given: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=message) as caught:
        things.secrets(**given)
    assert "hush" not in str(caught.value)
    assert not server.requests


def test_units_behind_two_references_and_in_maps_are_found(things: Any, package: ModuleType, server: Server) -> None:
    server.answers({"one": 250, "mapped": {"a": 1}})
    assert str(things.amounts().one_money) == "$2.50"
    source = inspect.getsource(package.models.Amounts)
    assert source.count("In cents.") == 2
    assert "What it costs. Deprecated." in source
    assert "The size. Default: 5." in source
    assert "`old`, of which the document says nothing." in source


def test_a_discriminator_counts_in_maps_and_in_what_is_sent(things: Any, package: ModuleType, server: Server) -> None:
    server.answers({"first": {"a": {"kind": "dog"}}, "other": {"kind": "dog"}})
    pets = things.pets()
    assert [type(one).__name__ for one in (pets.first["a"], pets.additional_properties["other"])] == ["Dog", "Dog"]
    server.answers({"a": {"kind": "dog"}})
    assert type(things.pet_map()["a"]).__name__ == "Dog"
    server.answers({"a": {"kind": "cow"}})
    assert r"$.a.kind should be one of 'cat', 'dog'" in refused(things.pet_map)
    server.requests.clear()
    with pytest.raises(ValueError, match=r"pet\.kind should be one of 'cat', 'dog'"):
        things.choose(pet=package.models.Cat(kind="cow"))
    assert not server.requests
    things.choose(pet=package.models.Dog(kind="dog"))
    assert server.last.json == {"pet": {"kind": "dog"}}


def test_a_constant_with_a_fraction_is_checked_in_an_argument(things: Any, server: Server) -> None:
    things.choose(half=0.5)
    assert server.last.json == {"half": 0.5}
    with pytest.raises(ValueError, match=r"half=1\.5 is none of 0\.5"):
        things.choose(half=1.5)
    assert not server.requests


@pytest.mark.slow
@pytest.mark.parametrize("wrong", [{1: 2}, {1, 2}, object(), [b"x"], "\ud800"])
def test_what_is_not_json_is_refused_and_not_sent_as_its_repr(things: Any, server: Server, wrong: object) -> None:
    with pytest.raises((TypeError, ValueError), match="cannot be sent"):
        things.choose(any=wrong)
    assert not server.requests
    things.choose(any=(1, [2]))
    assert server.last.json == {"any": [1, [2]]}


def test_enums_of_booleans_are_booleans(things: Any, server: Server) -> None:
    server.answers({"either": True, "never": False})
    assert (things.booleans().either, things.booleans().never) == (True, False)
    server.answers({"never": True})
    assert "$.never should be false" in refused(things.booleans)


def test_a_schema_that_is_true_takes_anything(things: Any, server: Server) -> None:
    server.answers({"any": [1]})
    assert things.any_of_all() == {"any": [1]}
    server.requests.clear()
    things.part_true(a=1)
    assert server.last.json == {"a": 1}


def test_properties_without_a_name_or_with_one_of_python_s_are_kept(things: Any, server: Server) -> None:
    sent = {"": "a", "mro": "b", "__class__": "c"}
    server.answers(sent)
    odd = things.odd()
    assert odd.additional_properties == {}
    assert odd.to_dict() == sent


def test_limits_are_those_of_the_property_and_not_of_its_neighbours(things: Any, server: Server) -> None:
    things.open_limits(m={"big": 9, "small": 3})
    assert server.last.json == {"m": {"big": 9, "small": 3}}
    with pytest.raises(ValueError, match=r"m\.small=4: the most is 3"):
        things.open_limits(m={"small": 4})
    (name,) = (name for name in inspect.signature(things.open_limits).parameters if name != "m")
    with pytest.raises(ValueError, match="the most characters are 2"):
        things.open_limits(**{name: ["long"]})
    assert not server.requests


def test_a_default_is_that_of_the_value_and_not_of_its_items(things: Any) -> None:
    reported = inspect.getdoc(things.defaults) or ""
    assert "o: Default: {'a': 1}." in reported
    assert "'z'" not in reported


def test_every_scalar_type_can_stand_in_a_path(things: Any, package: ModuleType, server: Server) -> None:
    one = uuid.UUID(int=5)
    given: dict[str, Any] = {"day": dt.date(2026, 1, 2), "n": 3, "flag": True, "level": 2, "id": one}
    things.paths(**given, account_id="abc")
    request = server.last
    assert request.line == f"GET /paths/abc/2026-01-02/3/true/2/{one}"
    assert request.headers["X-Level"] == "2"
    with package.Client(api_token="t", base_url=server.url, account_id="own") as made:
        made.things.paths(**given)
    assert server.last.line.startswith("GET /paths/own/")
    for wrong, message in (
        ({"account_id": "toolong"}, "the most characters are 5"),
        ({"n": 2}, "the least is 3"),
        ({"level": 3}, "is none of 1, 2"),
        ({"pin": "hush"}, "^pin: the most characters are 2"),
    ):
        with pytest.raises(ValueError, match=message):
            things.paths(**(given | {"account_id": "abc"} | wrong))
    assert not server.requests


@pytest.mark.parametrize(
    ("extra", "place"),
    [
        ({"result_info": {"page": "1"}}, r"$.result_info.page should be a whole number"),
        ({"result_info": {}}, r"$.result_info.page should be there"),
        ({"result_info": None}, r"$.result_info should be an object"),
        ({"result_info": {"page": 1, "token": ["hush"]}}, r"$.result_info.token should be a string"),
        ({"messages": [1]}, r"$.messages[0] should be a string"),
        ({"messages": None}, r"$.messages should be an array"),
    ],
)
def test_all_that_the_document_says_of_an_envelope_is_checked(
    things: Any, server: Server, extra: dict[str, Any], place: str
) -> None:
    whole = {"success": True, "errors": [], "result": [1]}
    for fine in ({}, {"result_info": {"page": 1, "more": 5}}, {"messages": ["text"]}):
        server.answers(whole | fine)
        assert things.paged() == [1]
    server.answers(whole | extra)
    assert place in refused(things.paged)
    server.answers(whole | {"messages": None, "result": 1})
    assert things.noted() == 1
