"""Where calls go, who they say is calling, how they are called: generated from small specifications and used over a socket."""

import ast
import datetime as dt
import inspect
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from codegen.errors import BuildError
from tests.codegen.inline import Server, build, client, load

pytestmark = pytest.mark.slow

FINE = '{"200": {description: Fine, content: {application/json: {schema: {}}}}}'


@pytest.fixture
def other() -> Iterator[Server]:
    made = Server()
    yield made
    made.close()


def test_an_operation_is_sent_to_its_own_server_and_nowhere_else(tmp_path: Path, server: Server, other: Server) -> None:
    package = load(
        tmp_path,
        f"""
        paths:
          /own:
            get: {{operationId: things.own, tags: [things], servers: [{{url: "{other.url}/v9"}}], responses: {FINE}}}
          /shared:
            servers: [{{url: "{other.url}"}}]
            get: {{operationId: things.shared, tags: [things], responses: {FINE}}}
            post: {{operationId: things.relative, tags: [things], servers: [{{url: /v2}}], responses: {FINE}}}
          /plain:
            get: {{operationId: things.plain, tags: [things], responses: {FINE}}}
        """,
    )
    with client(package, server) as made:
        for call, where, line in (
            (made.things.own, other, "GET /v9/own"),
            (made.things.shared, other, "GET /shared"),
            (made.things.relative, server, "POST /v2/shared"),
            (made.things.plain, server, "GET /plain"),
        ):
            call()
            request = where.last
            assert request.line == line
            assert request.headers["Authorization"] == "Bearer test-token"
            assert not server.requests
            assert not other.requests


def test_credentials_go_only_where_the_document_says(tmp_path: Path, server: Server) -> None:
    package = load(
        tmp_path,
        f"""
        security: [{{token: []}}, {{email: [], key: []}}]
        paths:
          /all:
            get: {{operationId: things.all, tags: [things], responses: {FINE}}}
          /none:
            get: {{operationId: things.none, tags: [things], security: [], responses: {FINE}}}
          /maybe:
            get: {{operationId: things.maybe, tags: [things], security: [{{}}, {{token: []}}], responses: {FINE}}}
          /token:
            get: {{operationId: things.token, tags: [things], security: [{{token: []}}], responses: {FINE}}}
        components:
          securitySchemes:
            token: {{type: http, scheme: bearer}}
            email: {{type: apiKey, in: header, name: X-Auth-Email}}
            key: {{type: apiKey, in: header, name: X-Auth-Key}}
        """,
    )
    with client(package, server) as made:
        for name, sent in (("all", True), ("none", False), ("maybe", True), ("token", True)):
            getattr(made.things, name)()
            assert ("Authorization" in server.last.headers) is sent, name
    with package.Client(api_email="a@example.com", api_key="k", base_url=server.url) as made:
        for name, sent in (("all", True), ("none", False), ("maybe", False)):
            getattr(made.things, name)()
            assert ("X-Auth-Key" in server.last.headers) is sent, name
        with pytest.raises(ValueError, match=r"things\.token takes token, and this client has email and key"):
            made.things.token()
    assert not server.requests


def test_what_the_document_says_of_all_operations_counts_where_an_operation_says_nothing(
    tmp_path: Path, server: Server
) -> None:
    package = load(
        tmp_path,
        f"""
        security: [{{token: []}}]
        paths:
          /a:
            get: {{operationId: things.a, tags: [things], responses: {FINE}}}
            put: {{operationId: things.open, tags: [things], security: [], responses: {FINE}}}
        components: {{securitySchemes: {{token: {{type: http, scheme: bearer}}}}}}
        """,
    )
    with client(package, server) as made:
        made.things.a()
        assert server.last.headers["Authorization"] == "Bearer test-token"
        made.things.open()
        assert server.last.headers["Authorization"] is None
    with (
        package.Client(api_email="a@example.com", api_key="k", base_url=server.url) as made,
        pytest.raises(ValueError, match=r"things\.a takes token, and this client has email and key"),
    ):
        made.things.a()
    assert not server.requests


def test_a_parameter_of_an_operation_takes_the_place_of_its_path_s(tmp_path: Path, server: Server) -> None:
    package = load(
        tmp_path,
        f"""
        paths:
          /a/{{id}}:
            parameters:
              - {{name: id, in: path, required: true, schema: {{type: string}}}}
              - {{name: limit, in: query, schema: {{type: string}}}}
            get:
              operationId: things.a
              tags: [things]
              parameters: [{{name: limit, in: query, required: true, schema: {{type: integer, maximum: 5}}}}]
              responses: {FINE}
            delete: {{operationId: things.b, tags: [things], responses: {FINE}}}
        """,
    )
    with client(package, server) as made:
        made.things.a(id="x", limit=5)
        assert server.last.line == "GET /a/x?limit=5"
        made.things.b(id="x", limit="all")
        assert server.last.line == "DELETE /a/x?limit=all"
        with pytest.raises(ValueError, match="the most is 5"):
            made.things.a(id="x", limit=6)
    assert not server.requests


def test_operations_and_arguments_may_be_called_like_what_warns_of_deprecation(tmp_path: Path, server: Server) -> None:
    package = load(
        tmp_path,
        f"""
        paths:
          /a:
            get: {{operationId: things.deprecated, tags: [things], deprecated: true, responses: {FINE}}}
          /b:
            get:
              operationId: things.warn
              tags: [things]
              deprecated: true
              x-warning: Careful.
              parameters: [{{name: warn, in: query, schema: {{type: string}}}}, {{name: deprecated, in: query, schema: {{type: string}}}}]
              responses: {FINE}
        """,
    )
    with client(package, server) as made:
        with pytest.warns(DeprecationWarning, match="Deprecated"):
            made.things.deprecated()
        with pytest.warns(UserWarning, match="Careful"), pytest.warns(DeprecationWarning, match="Deprecated"):
            made.things.warn(warn="x", deprecated="y")
    assert [request.line for request in server.requests] == ["GET /a", "GET /b?warn=x&deprecated=y"]


def test_a_path_behind_a_reference_has_its_operations(tmp_path: Path, server: Server) -> None:
    package = load(
        tmp_path,
        f"""
        paths:
          /things: {{$ref: "#/components/pathItems/Things"}}
        components:
          pathItems:
            Things:
              get:
                operationId: things.get
                tags: [things]
                parameters: [{{$ref: "#/components/parameters/Word"}}]
                responses: {{"200": {{$ref: "#/components/responses/Fine"}}}}
              post:
                operationId: things.make
                tags: [things]
                requestBody: {{$ref: "#/components/requestBodies/Make"}}
                responses: {FINE}
          parameters:
            Word: {{name: word, in: query, schema: {{type: string}}}}
          requestBodies:
            Make: {{required: true, content: {{application/json: {{schema: {{type: object, properties: {{a: {{type: string}}}}}}}}}}}}
          responses:
            Fine: {{description: Fine, content: {{application/json: {{schema: {{type: object, required: [a], properties: {{a: {{type: string}}}}}}}}}}}}
        """,
    )
    server.answers({"a": "x"})
    with client(package, server) as made:
        assert made.things.get(word="w").a == "x"
        assert server.last.line == "GET /things?word=w"
        made.things.make(a="b")
        assert server.last.json == {"a": "b"}


ODD = (
    *(
        "classmethod",
        "staticmethod",
        "property",
        "to_dict",
        "to_json",
        "from_dict",
        "additional_properties",
        "self",
        "cls",
        "type",
        "None",
    ),
    *(
        "class",
        "list",
        "dict",
        "str",
        "int",
        "float",
        "bool",
        "object",
        "len",
        "print",
        "value",
        "name",
        "size",
        "made",
        "prop",
    ),
    *(
        "Model",
        "money_of",
        "dt",
        "datetime",
        "date",
        "uuid",
        "client",
        "call",
        "url",
        "import",
        "def",
        "x-dashed",
        "with space",
    ),
    *(
        "1st",
        "ünïcode",
        "camelCase",
        "with.dot",
        "$dollar",
        "__dunder__",
        "_private",
        "true",
        "json",
        "body",
        "account_id",
        "check",
    ),
    *(
        "MISMATCH",
        "ABSENT",
        "new",
        "item",
        "whole",
        "decode",
        "hash",
        "repr",
        "copy",
        "Success",
        "UNSET",
        "Response",
        "query",
    ),
)


def odd_specification() -> str:
    properties = ", ".join(f'"{name}": {{type: string}}' for name in ODD)
    typed = "lists: {type: array, items: {type: string}}, when: {type: string, format: date}, count: {type: integer, x-unit: cents}"
    queries = ", ".join(f'{{name: "{name}", in: query, schema: {{type: string}}}}' for name in ODD)
    queries += ", {name: dates, in: query, schema: {type: array, items: {type: string, format: date}}}"
    return f"""
        paths:
          /things:
            get: {{operationId: things.get, tags: [things], parameters: [{queries}], responses: {FINE}}}
            post:
              operationId: things.make
              tags: [things]
              requestBody: {{required: true, content: {{application/json: {{schema: {{type: object, properties: {{{properties}}}}}}}}}}}
              responses: {{"200": {{description: Fine, content: {{application/json: {{schema: {{$ref: "#/components/schemas/Odd"}}}}}}}}}}
        components:
          schemas:
            Odd: {{type: object, properties: {{{properties}, {typed}}}}}
        """


def test_a_property_or_an_argument_may_have_any_name(tmp_path: Path, server: Server) -> None:
    package = load(tmp_path, odd_specification())
    sent = {name: f"v {name}" for name in ODD}
    server.answers(sent | {"lists": ["a"], "when": "2026-01-02", "count": 250})
    with client(package, server) as made:
        names = list(inspect.signature(made.things.make).parameters)
        assert len(names) == len(ODD)
        odd = made.things.make(**{name: sent[wire] for name, wire in zip(names, ODD, strict=True)})
        assert server.last.json == sent
        assert odd.to_dict() == sent | {"lists": ["a"], "when": "2026-01-02", "count": 250}
        assert type(odd).from_dict(odd.to_dict()) == odd
        assert str(odd.count_money) == "$2.50"
        assert odd.type == "v type"
        assert "v classmethod" in repr(odd)
        names = list(inspect.signature(made.things.get).parameters)
        assert names.pop() == "dates"
        made.things.get(
            **{name: sent[wire] for name, wire in zip(names, ODD, strict=True)}, dates=[dt.date(2026, 1, 2)]
        )
        line = server.last.line
        assert line.count("=v+") == len(ODD)
        assert "dates=2026-01-02" in line


def test_an_operation_may_be_called_like_a_builtin_or_like_its_argument(tmp_path: Path, server: Server) -> None:
    package = load(
        tmp_path,
        """
        paths:
          /things:
            get:
              operationId: things.list
              tags: [things]
              parameters: [{name: list, in: query, schema: {type: array, items: {type: string}}}]
              responses: {"200": {description: Fine, content: {application/json: {schema: {type: array, items: {type: integer}}}}}}
            post:
              operationId: things.dict
              tags: [things]
              responses: {"200": {description: Fine, content: {application/json: {schema: {type: object, additionalProperties: {type: array, items: {}}}}}}}
        """,
    )
    with client(package, server) as made:
        server.answers([1])
        assert made.things.list(list_=["a"]) == [1]
        assert server.last.line == "GET /things?list=a"
        server.answers({"a": []})
        assert made.things.dict() == {"a": []}
    text = Path(inspect.getfile(type(made.things))).read_text()
    ast.parse(text)
    assert "-> builtins.list[int]" in text
    assert "-> builtins.dict[str, builtins.list[object]]" in text


NAMED = """
  /billing/credit:
    get: {operationId: billing.credit, tags: [Billing], x-fern-sdk-group-name: ai_gateway.billing, x-fern-sdk-method-name: credit, responses: %s}
  /billing/topup:
    post: {operationId: billing.topup.create, tags: [Billing], x-fern-sdk-group-name: ai_gateway.billing.topup, x-fern-sdk-method-name: create, responses: %s}
""" % (FINE, FINE)  # noqa: UP031 - braces


@pytest.mark.parametrize(
    ("identity", "path"),
    [
        ("operationId: billing.promotionalCredit, ", ("ai_gateway", "billing", "promotional_credit")),
        ("operationId: billing.topup.undo, ", ("ai_gateway", "billing", "topup", "undo")),
        ("operationId: coupons.list, ", ("ai_gateway", "billing", "coupons", "list")),
        ("operationId: redeem, ", ("ai_gateway", "billing", "redeem")),
        ("", ("ai_gateway", "billing", "get_new")),
    ],
)
def test_an_operation_without_names_goes_where_its_neighbours_are(
    tmp_path: Path, server: Server, identity: str, path: tuple[str, ...]
) -> None:
    package = load(tmp_path, f"paths:{NAMED}\n  /new:\n    get: {{{identity}tags: [Billing], responses: {FINE}}}\n")
    with client(package, server) as made:
        found = made
        for name in path:
            found = getattr(found, name)
        found()
        assert server.last.line == "GET /new"
        assert [name for name in vars(package.Client) if not name.startswith("_")] == ["default_base_url", "ai_gateway"]


@pytest.mark.parametrize(
    ("paths", "reason"),
    [
        ("/a: {get: {operationId: close.it, responses: %s}}", "a client has a close of another kind; rename the group"),
        ("/a: {get: {operationId: a.with_raw_response, responses: %s}}", "is the name of something else already"),
        (
            "/a: {get: {operationId: a.b, responses: %s}, put: {operationId: a.b.c, responses: %s}}",
            "a group of the same name",
        ),
        (
            "/a: {get: {operationId: a.bC, responses: %s}, put: {operationId: a.b_c, responses: %s}}",
            r"a\.b_c is the name of",
        ),
        (
            "/a: {get: {operationId: a.b_c, responses: %s}, put: {operationId: a_b.c, responses: %s}}",
            r"api/default/a_b_c\.py: two things would both have this name",
        ),
        (
            "/a: {post: {operationId: a.b, requestBody: {content: {application/json: {schema: {type: object, properties: {xY: {}, x_y: {}}}}}}, responses: %s}}",
            r"schema\.properties: two names would both become 'x_y'",
        ),
        (
            "/a: {get: {operationId: a.b, parameters: [{name: \ufb01x, in: query, schema: {}}, {name: fix, in: query, schema: {}}], responses: %s}}",
            "two names would both become 'fix'",
        ),
        (
            "/a: {get: {operationId: zoo.cats.b, responses: %s}}}\nx-resources: {zoo.dogs: {x-python-mixin: a.B}",
            r"no operation lies in the group zoo\.dogs; known are zoo, zoo\.cats",
        ),
    ],
)
def test_names_that_collide_stop_the_build(tmp_path: Path, paths: str, reason: str) -> None:
    with pytest.raises(BuildError, match=reason):
        build(tmp_path, "paths: {" + paths.replace("%s", FINE) + "}\n")


def test_a_parameter_and_a_field_of_one_name_are_two_arguments(tmp_path: Path, server: Server) -> None:
    package = load(
        tmp_path,
        f"""
        paths:
          /things/{{id}}:
            put:
              operationId: things.set
              tags: [things]
              parameters:
                - {{name: id, in: path, required: true, schema: {{type: string}}}}
                - {{name: mode, in: query, schema: {{type: string}}}}
              requestBody: {{required: true, content: {{application/json: {{schema: {{type: object, required: [id], properties: {{
                id: {{type: string}}, mode: {{type: string}}, client: {{type: string}}}}}}}}}}}}
              responses: {FINE}
        """,
    )
    with client(package, server) as made:
        made.things.set(id="a", id_body="b", mode="c", mode_body="d", client_body="e")
        request = server.last
        assert request.line == "PUT /things/a?mode=c"
        assert request.json == {"id": "b", "mode": "d", "client": "e"}


def test_a_schema_may_be_called_like_what_generated_modules_import(tmp_path: Path, server: Server) -> None:
    names = ("Operation", "Call", "Client", "Response", "Literal", "Money", "Model", "Success", "Unset", "Any", "Dict")
    schemas = "\n".join(
        f"            {name}: {{type: object, required: [a], properties: {{a: {{type: string}}}}}}" for name in names
    )
    paths = "\n".join(
        f"          /{name}:\n            get: {{operationId: things.{name.lower()}, tags: [things], responses: "
        f'{{"200": {{description: Fine, content: {{application/json: {{schema: {{$ref: "#/components/schemas/{name}"}}}}}}}}}}}}'
        for name in names
    )
    package: ModuleType = load(
        tmp_path, f"        paths:\n{paths}\n        components:\n          schemas:\n{schemas}\n"
    )
    server.answers({"a": "x"})
    with client(package, server) as made:
        for name in names:
            result: Any = getattr(made.things, name.lower())()
            assert type(result).__name__ in {name, f"{name}Model"}
            assert result.a == "x"
    assert {"OperationModel", "ModelModel", "Money"} <= set(package.models.__all__)
