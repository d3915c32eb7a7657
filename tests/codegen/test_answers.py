"""What is answered: results, envelopes, statuses and media types of every kind, generated and used over a socket."""

import ast
import asyncio
import datetime as dt
import inspect
import typing
import uuid
import warnings
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from aig_billing_runtime.errors import APIResponseValidationError, APIStatusError, BadRequestError
from tests.codegen.inline import Server, client, load


def answered(name: str, responses: str) -> str:
    return f"""
  /{name}:
    get: {{operationId: things.{name}, tags: [things], responses: {responses}}}"""


def result_of(name: str, schema: str) -> str:
    return answered(name, f'{{"200": {{description: Fine, content: {{application/json: {{schema: {schema}}}}}}}}}')


RESULTS = f"""
paths:{
    "".join(
        [
            result_of("whole", "{$ref: '#/components/schemas/Whole'}"),
            result_of("listed", "{type: array, items: {$ref: '#/components/schemas/Part'}}"),
            result_of("mapped", "{type: object, additionalProperties: {$ref: '#/components/schemas/Part'}}"),
            result_of("nothing_or_part", "{oneOf: [{$ref: '#/components/schemas/Part'}, {type: 'null'}]}"),
            result_of("pet", "{$ref: '#/components/schemas/Pet'}"),
            result_of("pets", "{type: array, items: {$ref: '#/components/schemas/Pet'}}"),
            result_of(
                "plain",
                "{oneOf: [{$ref: '#/components/schemas/Part'}, {$ref: '#/components/schemas/Other'}, {type: integer}]}",
            ),
            result_of("derived", "{$ref: '#/components/schemas/Derived'}"),
            result_of("tree", "{$ref: '#/components/schemas/Tree'}"),
            result_of("money", "{$ref: '#/components/schemas/Money'}"),
            result_of("secrets", "{$ref: '#/components/schemas/Secrets'}"),
        ]
    )
}
components:
  schemas:
    Whole:
      type: object
      required: [text, count, ratio, flag, word, level, kind, number, exact, at, on, id, parts, labels, either, nothing, open]
      properties:
        text: {{type: string}}
        count: {{type: integer}}
        ratio: {{type: number}}
        flag: {{type: boolean}}
        word: {{type: string, enum: [a, b]}}
        level: {{type: integer, enum: [1, 2]}}
        kind: {{const: whole}}
        number: {{const: 7}}
        exact: {{type: boolean, const: true}}
        half: {{const: 0.5}}
        at: {{type: string, format: date-time}}
        on: {{type: string, format: date}}
        id: {{type: string, format: uuid}}
        parts: {{type: array, items: {{$ref: "#/components/schemas/Part"}}}}
        labels: {{type: object, additionalProperties: {{type: integer}}}}
        either: {{type: [string, integer]}}
        nothing: {{type: "null"}}
        open: {{}}
        date: {{type: [string, "null"], format: date}}
        old: {{type: string, deprecated: true, description: The former text.}}
    Part: {{type: object, required: [a], properties: {{a: {{type: string}}}}}}
    Other: {{type: object, required: [b], properties: {{b: {{type: string}}}}}}
    Base: {{type: object, required: [id], properties: {{id: {{type: string, description: The id.}}, size: {{type: integer}}}}}}
    Derived:
      description: More than the base.
      allOf:
        - {{$ref: "#/components/schemas/Base"}}
        - {{type: object, required: [size], properties: {{own: {{type: number, x-unit: cents, description: What it costs.}}}}}}
    Pet:
      oneOf: [{{$ref: "#/components/schemas/Cat"}}, {{$ref: "#/components/schemas/Dog"}}]
      discriminator: {{propertyName: kind, mapping: {{cat: "#/components/schemas/Cat", dog: Dog}}}}
    Cat: {{type: object, required: [kind], properties: {{kind: {{type: string}}, lives: {{type: integer}}}}}}
    Dog: {{type: object, required: [kind], properties: {{kind: {{type: string}}, tricks: {{type: array, items: {{type: string}}}}}}}}
    Tree: {{type: object, required: [name], properties: {{name: {{type: string}}, below: {{type: array, items: {{$ref: "#/components/schemas/Tree"}}}}}}}}
    Cents: {{type: number, x-unit: cents, description: An amount.}}
    Money:
      type: object
      required: [one, maybe, several]
      properties:
        one: {{$ref: "#/components/schemas/Cents"}}
        maybe: {{oneOf: [{{$ref: "#/components/schemas/Cents"}}, {{type: "null"}}]}}
        several: {{type: array, items: {{$ref: "#/components/schemas/Cents"}}}}
    Hidden: {{type: string, format: password}}
    Secrets:
      type: object
      properties:
        one: {{oneOf: [{{type: string, format: password}}, {{type: "null"}}]}}
        other: {{$ref: "#/components/schemas/Hidden"}}
        several: {{type: array, items: {{$ref: "#/components/schemas/Hidden"}}}}
        shown: {{type: string}}
"""
WHOLE = {
    "text": "t",
    "count": 1.0,
    "ratio": 1.5,
    "flag": True,
    "word": "new",
    "level": 3,
    "kind": "whole",
    "number": 7,
    "exact": True,
    "half": 0.5,
    "at": "2026-01-02T03:04:05Z",
    "on": "2026-01-02",
    "id": "9e107d9d-372b-4c8c-a7f2-1e5d3a9c0b7e",
    "parts": [{"a": "x", "new": 1}],
    "labels": {"l": 1},
    "either": 5,
    "nothing": None,
    "open": {"any": [1]},
}


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    return load(tmp_path_factory.mktemp("results"), RESULTS)


@pytest.fixture
def things(results: ModuleType, server: Server) -> Iterator[Any]:
    with client(results, server) as made:
        yield made.things


@pytest.mark.slow
def test_fields_of_every_type_are_read_and_given_back(things: Any, server: Server) -> None:
    server.answers(WHOLE)
    whole = things.whole()
    assert (whole.count, type(whole.count), whole.word, whole.level, whole.exact) == (1, int, "new", 3, True)
    assert whole.at == dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=dt.UTC)
    assert (whole.on, whole.date, whole.id) == (dt.date(2026, 1, 2), None, uuid.UUID(WHOLE["id"]))  # type: ignore[arg-type]  # it is a text
    assert (whole.parts[0].a, whole.parts[0].additional_properties) == ("x", {"new": 1})
    server.answers(WHOLE | {"date": None})
    assert things.whole().date is None
    given = whole.to_dict()
    assert given.pop("at") == "2026-01-02T03:04:05+00:00"
    assert given == {name: value for name, value in WHOLE.items() if name != "at"}
    assert type(whole).from_dict(whole.to_dict()) == whole


@pytest.mark.parametrize(
    ("field", "wrong", "expected"),
    [
        ("text", 1, "a string"),
        ("count", 1.5, "a whole number"),
        ("ratio", "1", "a number"),
        ("flag", 0, "true or false"),
        ("word", 1, "a string"),
        ("level", "1", "a whole number"),
        ("kind", "part", "'whole'"),
        ("number", 8, "7"),
        ("exact", False, "true"),
        ("half", 0.25, "0.5"),
        ("at", "2026-01-02", "a date and time"),
        ("on", "2026-13-02", "a date"),
        ("id", "x", "a UUID"),
        ("labels", {"l": "x"}, "a whole number"),
        ("either", True, "a whole number or a string|a string or a whole number"),
        ("nothing", 0, "null"),
        ("date", 1, "a date"),
        ("old", None, "a string"),
    ],
)
def test_a_wrong_field_is_an_error_that_names_it(
    things: Any, server: Server, field: str, wrong: object, expected: str
) -> None:
    server.answers(WHOLE | {field: wrong})
    with pytest.raises(APIResponseValidationError, match=rf"\$\.{field}(\.l)? should be ({expected})"):
        things.whole()


def test_types_are_what_the_document_says(results: ModuleType) -> None:
    models = results.models
    hints = typing.get_type_hints(models.Whole, localns={"Part": models.Part, "dt": dt, "uuid": uuid})
    assert hints["word"] == typing.Literal["a", "b"] | str  # noqa: PYI051 - what an IDE offers
    assert hints["level"] == typing.Literal[1, 2] | int  # noqa: PYI051 - what an IDE offers
    assert hints["number"] == typing.Literal[7]
    assert hints["exact"] == typing.Literal[True]
    assert hints["at"] is dt.datetime
    assert hints["date"] == dt.date | None
    assert hints["id"] is uuid.UUID
    assert hints["either"] in (str | int, int | str)
    assert hints["labels"] == dict[str, int]


def test_a_deprecated_field_is_documented_and_warned_of(things: Any, results: ModuleType, server: Server) -> None:
    assert "The former text. Deprecated." in _docstrings(results.models.Whole)
    server.answers(WHOLE | {"old": "x"})
    whole = things.whole()
    with pytest.warns(DeprecationWarning, match=r"Whole\.old is deprecated"):
        assert whole.old == "x"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert whole.text == "t"


def _docstrings(model: type) -> list[str]:
    (reported,) = ast.parse(inspect.getsource(model)).body
    assert isinstance(reported, ast.ClassDef)
    lines = (line.value for line in reported.body if isinstance(line, ast.Expr))
    return [str(line.value) for line in lines if isinstance(line, ast.Constant)]


def test_lists_maps_and_nothing_may_be_results(things: Any, server: Server) -> None:
    server.answers([{"a": "x"}])
    assert [part.a for part in things.listed()] == ["x"]
    server.answers({"k": {"a": "x"}})
    assert things.mapped()["k"].a == "x"
    server.answers(None)
    assert things.nothing_or_part() is None
    server.answers([{}])
    with pytest.raises(APIResponseValidationError, match=r"\$\[0\]\.a should be there"):
        things.listed()


def test_unions_are_read_as_the_option_that_the_discriminator_or_the_fields_say(things: Any, server: Server) -> None:
    server.answers({"kind": "dog", "tricks": ["sit"]})
    assert (type(things.pet()).__name__, things.pet().tricks) == ("Dog", ["sit"])
    server.answers([{"kind": "cat", "lives": 9}, {"kind": "dog"}])
    assert [type(pet).__name__ for pet in things.pets()] == ["Cat", "Dog"]
    for wrong, place in (
        ({"kind": "cow"}, r"\$\.kind"),
        ({"kind": "cat", "lives": "9"}, r"\$\.lives"),
        ({}, r"\$\.kind"),
    ):
        server.answers(wrong)
        with pytest.raises(APIResponseValidationError, match=place):
            things.pet()
    for value, kind in (({"a": "x"}, "Part"), ({"b": "x"}, "Other"), (7, "int")):
        server.answers(value)
        assert type(things.plain()).__name__ == kind
    server.answers("text")
    with pytest.raises(APIResponseValidationError, match=r"\$ should be"):
        things.plain()


def test_all_of_is_one_model_with_all_that_its_parts_say(things: Any, results: ModuleType, server: Server) -> None:
    server.answers({"id": "x", "size": 2, "own": 250})
    derived = things.derived()
    assert (derived.id, derived.size, str(derived.own_money)) == ("x", 2, "$2.50")
    assert inspect.getdoc(type(derived)) == "More than the base."
    assert {"The id.", "What it costs. In cents."} <= set(_docstrings(results.models.Derived))
    for wrong, place in (({"id": "x"}, "size"), ({"size": 1}, "id"), ({"id": 1, "size": 1}, "id")):
        server.answers(wrong)
        with pytest.raises(APIResponseValidationError, match=rf"\$\.{place} should be"):
            things.derived()


def test_a_model_may_hold_its_own(things: Any, server: Server) -> None:
    server.answers({"name": "a", "below": [{"name": "b", "below": [{"name": "c"}]}]})
    assert things.tree().below[0].below[0].name == "c"
    server.answers({"name": "a", "below": [{"name": "b", "below": [{}]}]})
    with pytest.raises(APIResponseValidationError, match=r"\$\.below\[0\]\.below\[0\]\.name should be there"):
        things.tree()


def test_units_are_found_behind_references_in_unions_and_in_lists(
    things: Any, results: ModuleType, server: Server
) -> None:
    server.answers({"one": 250, "maybe": None, "several": [1]})
    money = things.money()
    assert (str(money.one_money), money.maybe_money) == ("$2.50", None)
    assert _docstrings(results.models.Money).count("An amount. In cents.") == 3


def test_secrets_are_hidden_wherever_the_document_hides_them(things: Any, server: Server) -> None:
    server.answers({"one": "hush-1", "other": "hush-2", "several": ["hush-3"], "shown": "open"})
    secrets = things.secrets()
    assert "hush" not in f"{secrets!r} {secrets}"
    assert "shown='open'" in repr(secrets)
    assert (secrets.one, secrets.other, secrets.several) == ("hush-1", "hush-2", ["hush-3"])
    server.answers({"one": 5, "other": ["hush-4"]})
    with pytest.raises(APIResponseValidationError) as caught:
        things.secrets()
    assert "hush" not in str(caught.value)


STATUSES = f"""
paths:{
    "".join(
        [
            answered(
                "made",
                '{"201": {description: Made, content: {application/json: {schema: {$ref: "#/components/schemas/Part"}}}}}',
            ),
            answered("gone", '{"204": {description: Gone}}'),
            answered(
                "now_or_later",
                '{"200": {description: Now, content: {application/json: {schema: {$ref: "#/components/schemas/Part"}}}}, '
                '"202": {description: Later, content: {application/json: {schema: {type: integer}}}}, "204": {description: Nothing}}',
            ),
            answered(
                "always",
                '{default: {description: Anything, content: {application/json: {schema: {$ref: "#/components/schemas/Part"}}}}}',
            ),
            answered(
                "ranged",
                '{"2XX": {description: Fine, content: {application/json: {schema: {type: string}}}}, '
                "default: {description: Wrong, content: {application/json: {schema: {}}}}}",
            ),
            answered("table", '{"200": {description: Fine, content: {text/csv: {schema: {type: string}}}}}'),
            answered(
                "page",
                '{"200": {description: Fine, content: {application/pdf: {schema: {type: string, contentMediaType: application/pdf}}}}}',
            ),
            answered("image", '{"200": {description: Fine, content: {image/png: {}}}}'),
            answered(
                "problem",
                '{"200": {description: Fine, content: {application/vnd.api+json: {schema: {type: integer}}}}}',
            ),
            answered("bare", '{"200": {description: Fine}}'),
        ]
    )
}
components:
  schemas:
    Part: {{type: object, required: [a], properties: {{a: {{type: string}}}}}}
"""


@pytest.fixture(scope="module")
def statuses(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    return load(tmp_path_factory.mktemp("statuses"), STATUSES)


@pytest.fixture
def asked(statuses: ModuleType, server: Server) -> Iterator[Any]:
    with client(statuses, server) as made:
        yield made.things


@pytest.mark.slow
def test_each_successful_status_gives_its_own_result(asked: Any, server: Server) -> None:
    server.answers({"a": "x"}, 201)
    assert asked.made().a == "x"
    server.answers(b"", 204, "")
    assert asked.gone() is None
    assert asked.now_or_later() is None
    server.answers({"a": "x"})
    assert asked.now_or_later().a == "x"
    assert asked.always().a == "x"
    server.answers(5, 202)
    assert asked.now_or_later() == 5
    assert asked.with_raw_response.now_or_later().status_code == 202
    server.answers("text", 206)
    assert asked.ranged() == "text"
    server.answers(5, 203)
    with pytest.raises(APIResponseValidationError, match="the status should be 200 or 202 or 204 and is 203"):
        asked.now_or_later()
    for call in (asked.always, asked.ranged, asked.gone):
        server.answers({}, 400)
        with pytest.raises(BadRequestError):
            call()


def test_texts_and_bytes_are_given_as_they_came(asked: Any, server: Server) -> None:
    server.answers("a;b\nä".encode(), 200, "text/csv; charset=utf-8")
    assert asked.table() == "a;b\nä"
    assert server.last.headers["Accept"].startswith("text/csv")
    server.answers("ä".encode("latin-1"), 200, 'text/csv; charset="ISO-8859-1"')
    assert asked.table() == "ä"
    server.answers(b"%PDF-1.7\x00\xff", 200, "application/pdf")
    assert asked.page() == b"%PDF-1.7\x00\xff"
    server.answers(b"\x89PNG", 200, "image/png")
    assert asked.image() == b"\x89PNG"
    server.answers(7, 200, "application/vnd.api+json")
    assert asked.problem() == 7
    server.answers(b"whatever", 200, "text/plain")
    assert asked.bare() is None


def test_another_kind_of_answer_than_the_promised_is_an_error(asked: Any, server: Server) -> None:
    server.answers(b"<html>", 200, "text/html")
    for call in (asked.table, asked.page):
        with pytest.raises(APIResponseValidationError, match="the content type should be"):
            call()
    server.answers(b"\xff", 200, "text/csv")
    with pytest.raises(APIResponseValidationError, match="the body should be text in utf-8"):
        asked.table()
    server.answers({"success": False, "errors": [{"code": 7, "message": "no"}], "result": None})
    for call in (asked.table, asked.page, asked.bare):
        with pytest.raises(APIStatusError, match="no"):
            call()


def test_the_asynchronous_client_reads_the_same(statuses: ModuleType, server: Server) -> None:
    async def main() -> tuple[object, ...]:
        async with statuses.AsyncClient(api_token="t", base_url=server.url, max_retries=0) as made:
            server.answers(b"a;b", 200, "text/csv")
            table = await made.things.table()
            server.answers(5, 202)
            return table, await made.things.now_or_later()

    assert asyncio.run(main()) == ("a;b", 5)


_ENTRY = "{type: array, items: {$ref: '#/components/schemas/Entry'}}"
ENVELOPES = f"""
paths:{
    "".join(
        [
            result_of(
                "wrapped",
                "{allOf: [{$ref: '#/components/schemas/Envelope'}, {type: object, required: [result], properties: {result: {$ref: '#/components/schemas/Part'}}}]}",
            ),
            result_of("one_component", "{$ref: '#/components/schemas/PartAnswer'}"),
            result_of("derived", "{$ref: '#/components/schemas/DerivedAnswer'}"),
            result_of(
                "in_place",
                f"{{type: object, required: [success, result], properties: {{success: {{type: boolean}}, errors: {_ENTRY}, messages: {_ENTRY}, "
                "result: {type: array, items: {$ref: '#/components/schemas/Part'}}}}",
            ),
            result_of(
                "constant",
                f"{{type: object, required: [success, errors], properties: {{success: {{type: boolean, enum: [true]}}, errors: {_ENTRY}, "
                "result: {oneOf: [{$ref: '#/components/schemas/Part'}, {type: 'null'}]}}}",
            ),
            result_of(
                "nothing",
                f"{{type: object, required: [success, errors], properties: {{success: {{type: boolean}}, errors: {_ENTRY}, messages: {_ENTRY}}}}}",
            ),
            result_of(
                "other",
                "{type: object, required: [success, score], properties: {success: {type: boolean}, score: {type: integer}}}",
            ),
        ]
    )
}
components:
  schemas:
    Entry: {{type: object, required: [code, message], properties: {{code: {{type: integer}}, message: {{type: string}}}}}}
    Envelope: {{type: object, required: [success, errors, messages], properties: {{success: {{type: boolean}}, errors: {
    _ENTRY
}, messages: {_ENTRY}}}}}
    Part: {{type: object, required: [a], properties: {{a: {{type: string}}}}}}
    PartAnswer: {{type: object, required: [success, errors, messages, result], properties: {{success: {{type: boolean}}, errors: {
    _ENTRY
},
      messages: {_ENTRY}, result: {{$ref: "#/components/schemas/Part"}}, result_info: {{type: object}}}}}}
    DerivedAnswer: {{allOf: [{{$ref: "#/components/schemas/Envelope"}}], required: [result], properties: {{result: {{$ref: "#/components/schemas/Part"}}}}}}
"""
GOOD = {"success": True, "errors": [], "messages": [], "result": {"a": "x"}}
BAD = {"success": False, "errors": [{"code": 1003, "message": "not today"}], "messages": [], "result": None}
ENVELOPED = ("wrapped", "one_component", "derived", "in_place", "constant", "nothing")


@pytest.fixture(scope="module")
def envelopes(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    return load(tmp_path_factory.mktemp("envelopes"), ENVELOPES)


@pytest.fixture
def boxed(envelopes: ModuleType, server: Server) -> Iterator[Any]:
    with client(envelopes, server) as made:
        yield made.things


@pytest.mark.slow
def test_an_envelope_is_taken_off_in_whichever_form_it_is_written(
    boxed: Any, envelopes: ModuleType, server: Server
) -> None:
    for name in ("wrapped", "one_component", "derived", "constant"):
        server.answers(GOOD)
        assert getattr(boxed, name)().a == "x"
        server.answers(GOOD | {"result": {"a": 1}})
        with pytest.raises(APIResponseValidationError, match=r"\$\.result\.a should be a string"):
            getattr(boxed, name)()
    server.answers(GOOD | {"result": [{"a": "x"}]})
    assert boxed.in_place()[0].a == "x"
    server.answers({"success": True, "errors": []})
    assert boxed.constant() is None
    assert boxed.nothing() is None
    server.answers({"success": False, "score": 3})
    assert boxed.other().score == 3
    assert set(envelopes.models.__all__) == {"Part", "ThingsOtherResponse200"}


@pytest.mark.parametrize("name", ENVELOPED)
def test_a_refusal_under_200_is_an_error_in_every_form(boxed: Any, server: Server, name: str) -> None:
    server.answers(BAD)
    with pytest.raises(APIStatusError, match="not today"):
        getattr(boxed, name)()


@pytest.mark.parametrize("name", ENVELOPED)
def test_a_broken_envelope_is_an_error(boxed: Any, server: Server, name: str) -> None:
    broken: tuple[object, ...] = ({}, {"success": "yes"}, [], GOOD | {"errors": {}}, GOOD | {"errors": [{"code": 1}]})
    for wrong in broken:
        server.answers(wrong)
        with pytest.raises(APIResponseValidationError):
            getattr(boxed, name)()


PASSED_OVER = """
paths:
  /thing:
    get:
      operationId: things.thing
      tags: [things]
      responses:
        "200":
          description: Fine
          headers:
            X-Left: {schema: {type: integer, example: 3}, examples: {some: {$ref: "#/components/examples/Three"}}}
          links: {same: {operationId: things.thing}}
          content:
            application/json:
              schema:
                type: object
                required: [example, headers]
                properties: {example: {type: integer, example: 1}, headers: {type: string}, links: {type: string}}
                example: {example: 1, headers: x}
              examples: {some: {value: {example: 2, headers: y}}}
        "404": {description: Gone, content: {application/json: {schema: {$ref: "#/components/schemas/Failure"}}}}
        default: {description: Another, content: {text/plain: {}}}
      callbacks:
        later:
          "{$request.query.url}": {post: {requestBody: {content: {text/csv: {}}}}}
webhooks:
  informed: {post: {requestBody: {content: {application/json: {schema: {type: string}}}}}}
components:
  examples: {Three: {value: 3}}
  headers: {Unused: {schema: {type: string}, example: x}}
  schemas:
    Failure: {type: object, properties: {why: {type: string}}}
"""


def test_what_a_client_does_not_need_is_passed_over(tmp_path: Path, server: Server) -> None:
    """Examples, headers, links, callbacks, webhooks and the answers of failures; not properties that are called like them."""
    package = load(tmp_path, PASSED_OVER)
    server.answers({"example": 7, "headers": "kept", "links": "too"})
    with client(package, server) as calls:
        found = calls.things.thing()
    assert (found.example, found.headers, found.links) == (7, "kept", "too")
    assert "Failure" not in package.models.__all__
