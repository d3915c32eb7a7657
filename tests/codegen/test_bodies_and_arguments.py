"""What is sent: bodies, queries, headers and paths of every kind, generated from small specifications and used over a socket."""

import datetime as dt
import inspect
import uuid
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.codegen.inline import Server, client, load

FINE = '{"200": {description: Fine, content: {application/json: {schema: {}}}}}'


def body_of(name: str, schema: str, *, required: bool = True, method: str = "post") -> str:
    return f"""
  /{name}:
    {method}:
      operationId: things.{name}
      tags: [things]
      requestBody: {{required: {str(required).lower()}, content: {{application/json: {{schema: {schema}}}}}}}
      responses: {FINE}"""


BODIES = f"""
paths:{
    "".join(
        [
            body_of(
                "scalars",
                "{type: object, required: [count, note], properties: {count: {$ref: '#/components/schemas/Count'}, "
                "note: {type: [string, 'null']}, label: {type: [string, 'null']}, ratio: {type: number, exclusiveMinimum: 0, exclusiveMaximum: 9, multipleOf: 0.5}, "
                "on: {type: boolean}, level: {type: integer, enum: [1, 2]}, mode: {const: fast}, version: {const: 2}, exact: {type: boolean, const: true}}}",
            ),
            body_of(
                "nested",
                "{type: object, required: [owner], properties: {owner: {$ref: '#/components/schemas/Owner'}, "
                "friends: {type: array, maxItems: 2, uniqueItems: true, items: {$ref: '#/components/schemas/Owner'}}, "
                "labels: {type: object, additionalProperties: {type: string, maxLength: 3}}, "
                "extra: {type: object}, anything: {}}}",
            ),
            body_of(
                "times",
                "{type: object, properties: {at: {type: string, format: date-time}, on: {type: string, format: date}, "
                "id: {type: string, format: uuid}, date: {type: string, format: date}}}",
            ),
            body_of(
                "unions",
                "{type: object, properties: {value: {oneOf: [{type: string}, {type: integer}, {type: 'null'}]}, "
                "pet: {oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}], "
                "discriminator: {propertyName: kind, mapping: {cat: '#/components/schemas/Cat', dog: '#/components/schemas/Dog'}}}, "
                "either: {anyOf: [{type: array, items: {type: string}}, {type: string}]}}}",
            ),
            body_of(
                "all_of",
                "{allOf: [{$ref: '#/components/schemas/Owner'}, {type: object, required: [age], properties: {age: {type: integer, minimum: 18}}}]}",
            ),
            body_of(
                "one_and_own", "{allOf: [{$ref: '#/components/schemas/Owner'}], properties: {own: {type: string}}}"
            ),
            body_of("a_list", "{type: array, minItems: 1, items: {$ref: '#/components/schemas/Owner'}}"),
            body_of(
                "a_map", "{type: object, minProperties: 1, maxProperties: 2, additionalProperties: {type: integer}}"
            ),
            body_of("a_union", "{oneOf: [{$ref: '#/components/schemas/Cat'}, {type: string}]}"),
            body_of("a_scalar", "{type: integer, maximum: 9}"),
            body_of("nullable", "{type: [string, 'null']}"),
            body_of(
                "open",
                "{type: object, required: [name], additionalProperties: {type: integer}, properties: {name: {type: string}}}",
            ),
            body_of(
                "optional",
                "{type: object, required: [name], properties: {name: {type: string}, size: {type: integer}}}",
                required=False,
            ),
            body_of("optional_list", "{type: array, items: {type: string}}", required=False),
            body_of(
                "replaced",
                "{type: object, required: [a], properties: {a: {type: [integer, 'null']}, b: {type: [integer, 'null'], default: 3}}}",
                method="put",
            ),
        ]
    )
}
components:
  schemas:
    Count: {{type: integer, minimum: 10, x-unit: cents, description: How much.}}
    Owner: {{type: object, required: [name], properties: {{name: {{type: string, minLength: 2}}, since: {{type: string, format: date}}}}}}
    Cat: {{type: object, required: [kind], properties: {{kind: {{type: string}}, lives: {{type: integer}}}}}}
    Dog: {{type: object, required: [kind], properties: {{kind: {{type: string}}, tricks: {{type: array, items: {{type: string}}}}}}}}
"""


@pytest.fixture(scope="module")
def bodies(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    return load(tmp_path_factory.mktemp("bodies"), BODIES)


@pytest.fixture
def things(bodies: ModuleType, server: Server) -> Iterator[Any]:
    with client(bodies, server) as made:
        yield made.things


@pytest.mark.slow
def test_fields_of_every_scalar_type_are_sent_as_they_are_given(things: Any, server: Server) -> None:
    things.scalars(count=10, note="x", label="y", ratio=1.5, on=False, level=2, mode="fast", version=2, exact=True)
    assert server.last.json == {
        "count": 10,
        "note": "x",
        "label": "y",
        "ratio": 1.5,
        "on": False,
        "level": 2,
        "mode": "fast",
        "version": 2,
        "exact": True,
    }


def test_null_is_sent_where_it_is_required_and_where_it_is_given_and_nowhere_else(things: Any, server: Server) -> None:
    things.scalars(count=10, note=None)
    assert server.last.json == {"count": 10, "note": None}
    things.scalars(count=10, note=None, label=None)
    assert server.last.json == {"count": 10, "note": None, "label": None}
    things.replaced(a=None)
    assert server.last.json == {"a": None}  # the default is what the service takes, and is not sent
    assert "Default: 3." in (inspect.getdoc(things.replaced) or "")


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"count": 9}, r"count=9 cents \(\$0\.09\): the least is 10"),  # the limit and the unit are behind a reference
        ({"count": None}, "count must be a whole number"),
        ({"ratio": 0}, "ratio=0: it must be more than 0"),
        ({"ratio": 9}, "ratio=9: it must be less than 9"),
        ({"ratio": 0.7}, r"ratio=0\.7: it must be a multiple of 0\.5"),
        ({"level": 3}, r"level=3 is none of 1, 2"),
        ({"level": True}, r"level=True is none of 1, 2"),
        ({"mode": "slow"}, "mode='slow' is none of 'fast'"),
        ({"version": 3}, "version=3 is none of 2"),
        ({"exact": 1}, "exact=1 is none of True"),
    ],
)
def test_a_wrong_scalar_is_refused_before_anything_is_sent(
    things: Any, server: Server, wrong: dict[str, Any], message: str
) -> None:
    with pytest.raises((ValueError, TypeError), match=message):
        things.scalars(**({"count": 10, "note": None} | wrong))
    assert not server.requests


def test_objects_lists_and_maps_are_sent(things: Any, server: Server, bodies: ModuleType) -> None:
    owner = bodies.models.Owner(name="Ann", since=dt.date(2026, 1, 2))
    things.nested(owner=owner, friends=[owner], labels={"a": "b"}, extra={"x": [1]}, anything=[None])
    sent = {"name": "Ann", "since": "2026-01-02"}
    assert server.last.json == {
        "owner": sent,
        "friends": [sent],
        "labels": {"a": "b"},
        "extra": {"x": [1]},
        "anything": [None],
    }


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"owner": "Ann"}, "owner should be an object and is the string 'Ann'"),
        ({"friends": ["Ann"]}, r"friends\[0\] should be an object"),
        ({"friends": [{"name": "Ann"}] * 3}, "the most items are 2, and it has 3"),
        ({"friends": [{"name": "Ann"}] * 2}, r"^friends=.*: two of its items are equal"),
        ({"friends": [{"name": "A"}]}, r"friends\[0\]\.name='A': the least number of characters is 2, and it has 1"),
        ({"labels": {"a": 1}}, r"labels\.a should be a string and is the number 1"),
        ({"labels": {"a": "long"}}, r"labels\.a='long': the most characters are 3, and it has 4"),
        ({"anything": float("nan")}, "anything should be JSON"),
    ],
)
def test_what_is_wrong_deep_inside_is_refused_by_its_place(
    things: Any, server: Server, wrong: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        things.nested(**({"owner": {"name": "Ann"}} | wrong))
    assert not server.requests


def test_dates_times_and_uuids_are_sent_as_the_standards_write_them(things: Any, server: Server) -> None:
    at = dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=dt.UTC)
    one = uuid.UUID("9e107d9d-372b-4c8c-a7f2-1e5d3a9c0b7e")
    things.times(at=at, on=at.date(), id=one, date=at.date())
    assert server.last.json == {
        "at": "2026-01-02T03:04:05+00:00",
        "on": "2026-01-02",
        "id": str(one),
        "date": "2026-01-02",
    }
    for wrong in ({"at": at.replace(tzinfo=None)}, {"on": "2.1.2026"}, {"id": "x"}):
        with pytest.raises(ValueError, match=" should be a "):
            things.times(**wrong)


def test_unions_are_sent_as_the_option_that_is_given(things: Any, server: Server, bodies: ModuleType) -> None:
    for value in ("text", 7, None):
        things.unions(value=value)
        assert server.last.json == {"value": value}
    things.unions(pet=bodies.models.Dog(kind="dog", tricks=["sit"]), either=["a"])
    assert server.last.json == {"pet": {"kind": "dog", "tricks": ["sit"]}, "either": ["a"]}
    with pytest.raises(ValueError, match="value should be"):
        things.unions(value=1.5)
    assert not server.requests


def test_all_of_gives_the_fields_of_every_part(things: Any, server: Server) -> None:
    things.all_of(name="Ann", age=18)
    assert server.last.json == {"name": "Ann", "age": 18}
    with pytest.raises(ValueError, match="the least is 18"):
        things.all_of(name="Ann", age=17)
    with pytest.raises(ValueError, match="the least number of characters is 2"):
        things.all_of(name="A", age=18)
    with pytest.raises(TypeError, match="age"):
        things.all_of(name="Ann")
    things.one_and_own(name="Ann", own="x")
    assert server.last.json == {"name": "Ann", "own": "x"}


def test_a_body_may_be_anything_that_json_is(things: Any, server: Server, bodies: ModuleType) -> None:
    models = bodies.models
    for method, given, sent in (
        (things.a_list, [models.Owner(name="Ann")], [{"name": "Ann"}]),
        (things.a_map, {"a": 1}, {"a": 1}),
        (things.a_union, "text", "text"),
        (things.a_union, models.Cat(kind="cat"), {"kind": "cat"}),
        (things.a_scalar, 9, 9),
        (things.nullable, None, None),
        (things.open, models.ThingsOpenBody(name="x", additional_properties={"y": 1}), {"y": 1, "name": "x"}),
        (things.optional_list, [], []),
    ):
        method(body=given)
        request = server.last
        assert request.json == sent
        assert request.headers["Content-Type"] == "application/json"
    wrong_maps: tuple[dict[str, object], ...] = ({"a": "b"}, {}, {"a": 1, "b": 2, "c": 3})
    for method, wrong in (
        *((things.a_list, []), (things.a_list, [1]), (things.a_scalar, 10)),
        *((things.a_map, wrong) for wrong in wrong_maps),
    ):
        with pytest.raises(ValueError, match="body"):
            method(body=wrong)
    assert not server.requests


def test_a_body_may_be_left_out_where_it_is_optional(things: Any, server: Server) -> None:
    things.optional()
    assert server.last.body == b""
    things.optional_list()
    assert server.last.body == b""
    things.optional(name="x")
    assert server.last.json == {"name": "x"}
    with pytest.raises(TypeError, match="name is required where size is given"):
        things.optional(size=1)


PARAMETERS = f"""
paths:
  /queries:
    get:
      operationId: things.queries
      tags: [things]
      parameters:
        - {{name: at, in: query, schema: {{type: string, format: date-time}}}}
        - {{name: on, in: query, schema: {{type: string, format: date, default: "2026-01-02"}}}}
        - {{name: level, in: query, schema: {{type: integer, enum: [1, 2]}}}}
        - {{name: flag, in: query, schema: {{type: boolean}}}}
        - {{name: tags, in: query, schema: {{type: array, maxItems: 3, items: {{type: string, enum: [a, "b,c", d]}}}}}}
        - {{name: joined, in: query, explode: false, schema: {{type: array, items: {{type: integer}}}}}}
        - {{name: piped, in: query, style: pipeDelimited, schema: {{type: array, items: {{type: string}}}}}}
        - {{name: deep, in: query, style: deepObject, schema: {{type: object, additionalProperties: {{type: string}}}}}}
        - {{name: exploded, in: query, schema: {{$ref: "#/components/schemas/Filter"}}}}
        - {{name: packed, in: query, explode: false, schema: {{$ref: "#/components/schemas/Filter"}}}}
        - {{name: either, in: query, schema: {{oneOf: [{{type: integer}}, {{type: string, enum: [all]}}]}}}}
        - {{name: sort, in: query, deprecated: true, description: How to sort., schema: {{type: string, pattern: "^[a-z]+$"}}}}
        - {{name: limit, in: query, schema: {{type: integer, default: 20, maximum: 50}}}}
        - {{name: call, in: query, schema: {{type: string}}}}
        - {{name: queries, in: query, schema: {{type: string}}}}
      responses: {FINE}
  /headers/{{id}}/{{level}}:
    parameters:
      - {{name: id, in: path, required: true, schema: {{type: string, format: uuid}}}}
      - {{name: level, in: path, required: true, schema: {{type: string, enum: [low, high]}}}}
      - {{$ref: "#/components/parameters/Key"}}
    post:
      operationId: things.headers
      tags: [things]
      parameters:
        - {{name: X-Count, in: header, schema: {{type: integer}}}}
        - {{name: X-Flag, in: header, schema: {{type: boolean}}}}
      responses: {FINE}
components:
  parameters:
    Key: {{name: Idempotency-Key, in: header, required: true, schema: {{type: string}}}}
  schemas:
    Filter: {{type: object, properties: {{minimum: {{type: integer}}, word: {{type: string}}}}}}
"""


@pytest.fixture(scope="module")
def parameters(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    return load(tmp_path_factory.mktemp("parameters"), PARAMETERS)


@pytest.fixture
def asking(parameters: ModuleType, server: Server) -> Iterator[Any]:
    with client(parameters, server) as made:
        yield made.things


@pytest.mark.slow
@pytest.mark.parametrize(
    ("given", "query"),
    [
        ({"at": dt.datetime(2026, 1, 2, tzinfo=dt.UTC)}, "at=2026-01-02T00%3A00%3A00%2B00%3A00"),
        ({"on": dt.date(2026, 1, 2)}, "on=2026-01-02"),
        ({"level": 2}, "level=2"),
        ({"flag": True}, "flag=true"),
        ({"tags": ["a", "b,c"]}, "tags=a&tags=b%2Cc"),
        ({"tags": []}, ""),
        ({"joined": [1, 2]}, "joined=1,2"),
        ({"piped": ["a b", "c"]}, "piped=a+b%7Cc"),
        ({"deep": {"a": "b", "c d": "e"}}, "deep%5Ba%5D=b&deep%5Bc+d%5D=e"),
        ({"exploded": {"minimum": 1, "word": "x"}}, "minimum=1&word=x"),
        ({"packed": {"minimum": 1, "word": "x,y"}}, "packed=minimum,1,word,x%2Cy"),
        ({"either": 7}, "either=7"),
        ({"either": "all"}, "either=all"),
        ({"call": "a", "queries": "b"}, "call=a&queries=b"),
    ],
)
def test_a_query_is_written_as_the_document_says(
    asking: Any, server: Server, given: dict[str, Any], query: str
) -> None:
    asking.queries(**given, limit=None)
    assert server.last.line == f"GET /queries{'?' if query else ''}{query}"


def test_a_default_is_shown_and_sent(asking: Any, server: Server) -> None:
    assert inspect.signature(asking.queries).parameters["limit"].default == 20
    assert inspect.signature(asking.queries).parameters["on"].default is None
    assert "Default: '2026-01-02'." in (inspect.getdoc(asking.queries) or "")
    assert "Default: 20." in (inspect.getdoc(asking.queries) or "")
    asking.queries()
    assert server.last.line == "GET /queries?limit=20"


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"at": "yesterday"}, "at should be a date and time"),
        ({"level": 3}, "level=3 is none of 1, 2"),
        ({"tags": ["x"]}, r"tags\[0\] should be one of"),
        ({"tags": ["a"] * 4}, "the most items are 3"),
        ({"tags": "a"}, "tags should be an array"),
        ({"either": "some"}, "either should be"),
        ({"sort": "A"}, r"sort='A': it does not match \^\[a-z\]\+\$"),
        ({"limit": 51}, "the most is 50"),
    ],
)
@pytest.mark.filterwarnings("ignore:the argument sort is deprecated")
def test_a_wrong_query_is_refused(asking: Any, server: Server, wrong: dict[str, Any], message: str) -> None:
    with pytest.raises((ValueError, TypeError), match=message):
        asking.queries(**wrong)
    assert not server.requests


def test_a_deprecated_argument_is_documented_and_warned_of(asking: Any, server: Server) -> None:
    assert "sort: How to sort. Deprecated." in (inspect.getdoc(asking.queries) or "")
    with pytest.warns(DeprecationWarning, match="sort is deprecated") as warned:
        asking.queries(sort="name")
    assert warned[0].filename == __file__
    assert server.last.line == "GET /queries?sort=name&limit=20"


def test_headers_are_sent_and_cannot_carry_others(asking: Any, server: Server) -> None:
    one = uuid.UUID("9e107d9d-372b-4c8c-a7f2-1e5d3a9c0b7e")
    asking.headers(id=one, level="low", idempotency_key="k-1", x_count=3, x_flag=False)
    request = server.last
    assert request.line == f"POST /headers/{one}/low"
    assert (request.headers["Idempotency-Key"], request.headers["X-Count"], request.headers["X-Flag"]) == (
        "k-1",
        "3",
        "false",
    )
    asking.headers(id=one, level="low", idempotency_key="k-2")
    request = server.last
    assert request.headers["Idempotency-Key"] == "k-2"
    assert request.headers["X-Count"] is None
    for wrong in ("a\r\nX-Other: b", "ä", ""):
        with pytest.raises(ValueError, match="cannot stand in a header"):
            asking.headers(id=one, level="low", idempotency_key=wrong)
    assert not server.requests


def test_the_functions_of_an_operation_take_the_same_arguments(
    parameters: ModuleType, server: Server, tmp_path: Path
) -> None:
    import importlib

    module = importlib.import_module(f"{parameters.__name__}.api.things.queries")
    with client(parameters, server) as made:
        module.sync(client=made, call="x", queries="y", limit=None)
    assert server.last.line == "GET /queries?call=x&queries=y"
