"""What the client cannot carry stops the build, in words for people; and what guards the build itself."""

import importlib.metadata
import re
import shutil
from pathlib import Path
from typing import Any

import attrs
import pytest
from openapi_python_client.parser import GeneratorData
from openapi_python_client.parser.properties.int import IntProperty
from openapi_python_client.parser.properties.string import StringProperty

from codegen import carried, driver
from codegen.errors import BuildError
from codegen.resolve import resolve
from tests.codegen.inline import HEAD, TEMPLATES, build, load

FINE = "{'200': {description: Fine, content: {application/json: {schema: {}}}}}"


def spec_of(*, operation: str = "", sent: str = "", answered: str = "", parameter: str = "", rest: str = "") -> str:
    """A specification of one operation, with one thing put into it."""
    answers = (
        f"{{'200': {{description: Fine, content: {{application/json: {{schema: {answered}}}}}}}}}" if answered else FINE
    )
    parts = ["operationId: things.make", "tags: [things]"]
    parts += [] if "responses:" in operation else [f"responses: {answers}"]
    parts += [operation] if operation else []
    parts += [f"requestBody: {{required: true, content: {{application/json: {{schema: {sent}}}}}}}"] if sent else []
    parts += [f"parameters: [{parameter}]"] if parameter else []
    return f"paths: {{/things: {{post: {{{', '.join(parts)}}}}}}}\n{rest}"


POST = r"\$\.paths\['/things'\]\.post"
SENT = rf"{POST}\.requestBody\.content\['application/json'\]\.schema"
ANSWER = rf"{POST}\.responses\['200'\]\.content\['application/json'\]\.schema"
LOST: list[tuple[dict[str, str], str, str]] = [
    (
        {
            "answered": "{$ref: '#/components/schemas/Loop'}",
            "rest": "components: {schemas: {Loop: {type: array, items: {$ref: '#/components/schemas/Loop'}}}}",
        },
        r"\$\.components\.schemas\.Loop",
        "circular references are not su",
    ),
    (
        {"answered": "{type: object, patternProperties: {a: {type: string}}}"},
        rf"{ANSWER}\.patternProperties",
        "no Python type says this",
    ),
    (
        {"answered": "{type: array, prefixItems: [{type: string}]}"},
        rf"{ANSWER}\.prefixItems",
        "no Python type says this",
    ),
    ({"answered": "{not: {type: string}}"}, rf"{ANSWER}\.not", "no Python type says this"),
    (
        {"answered": "{type: object, properties: {a: {type: string, writeOnly: true}}}"},
        rf"{ANSWER}\.properties\.a\.writeOnly",
        "two schemas",
    ),
    (
        {"sent": "{type: object, properties: {a: {type: string, readOnly: true}}}"},
        rf"{SENT}\.properties\.a\.readOnly",
        "would be an argument",
    ),
    ({"answered": "{enum: [1, a]}"}, rf"{ANSWER}\.enum", "an enum is known of strings or of whole numbers"),
    ({"answered": "{enum: [1.5, 2.5]}"}, rf"{ANSWER}\.enum", "an enum is known of strings or of whole numbers"),
    ({"answered": "{const: null}"}, rf"{ANSWER}\.const", "a constant is known of"),
    ({"answered": "{type: string, format: binary}"}, rf"{ANSWER}\.format", "JSON holds no bytes"),
    ({"answered": "{allOf: [{type: string}, {enum: [a]}]}"}, rf"{ANSWER}\.allOf\[0\]", "allOf is known of objects"),
    (
        {"answered": "{allOf: [{type: object, additionalProperties: false}, {type: object}]}"},
        rf"{ANSWER}\.allOf\[0\]",
        "exclude those",
    ),
    ({"answered": "{oneOf: [{type: string}], anyOf: [{type: string}]}"}, ANSWER, "oneOf and anyOf together"),
    (
        {"answered": "{oneOf: [{type: object}, {type: string}], properties: {a: {}}}"},
        rf"{ANSWER}\.properties",
        "beside oneOf would be lost",
    ),
    (
        {"answered": "{allOf: [{type: object}], oneOf: [{type: object}, {type: string}]}"},
        rf"{ANSWER}\.(allOf|oneOf)",
        "beside (oneOf|allOf) would be lost",
    ),
    (
        {
            "answered": "{$ref: '#/components/schemas/A', properties: {b: {}}}",
            "rest": "components: {schemas: {A: {type: object}}}",
        },
        rf"{ANSWER}\.properties",
        "beside a reference would be lost",
    ),
    (
        {
            "answered": "{$ref: '#/components/schemas/A/properties/b'}",
            "rest": "components: {schemas: {A: {type: object, properties: {b: {}}}}}",
        },
        rf"{ANSWER}\['\$ref'\]",
        "not a schema under #/components/schemas",
    ),
    (
        {
            "answered": "{$ref: '#/components/schemas/A'}",
            "rest": "components: {schemas: {A: {type: object, propertyNames: {pattern: a}}}}",
        },
        r"\$\.components\.schemas\.A\.propertyNames",
        "no Python type says this",
    ),
    (
        {"sent": "{oneOf: [{type: string, maxLength: 3}, {type: string, pattern: a}]}"},
        rf"{SENT}\.oneOf",
        "cannot be distinguished",
    ),
    (
        {"parameter": "{name: a, in: cookie, schema: {type: string}}"},
        rf"{POST}\.parameters\[0\]",
        "cookies are not sent",
    ),
    (
        {
            "parameter": "{name: a, in: query, style: spaceDelimited, explode: true, schema: {type: array, items: {type: string}}}"
        },
        r"parameters\[0\]\.explode",
        "is for lists in one parameter",
    ),
    (
        {"parameter": "{name: a, in: query, schema: {type: array, items: {type: object, properties: {b: {}}}}}"},
        r"parameters\[0\]",
        "cannot be written in a query",
    ),
    (
        {"operation": "requestBody: {content: {multipart/form-data: {schema: {type: object}}}}"},
        rf"{POST}\.requestBody\.content",
        "a body is sent as JSON",
    ),
    (
        {"operation": "requestBody: {content: {application/x-www-form-urlencoded: {schema: {type: object}}}}"},
        r"requestBody\.content",
        "a body is sent as JSON",
    ),
    (
        {"operation": "requestBody: {content: {application/json: {schema: {}}, text/plain: {schema: {}}}}"},
        r"requestBody\.content",
        "a body is sent as JSON",
    ),
    (
        {"operation": "servers: [{url: 'https://{a}.example.com', variables: {a: {default: b}}}]"},
        rf"{POST}\.servers\[0\]\.url",
        "variables",
    ),
    (
        {"operation": "servers: [{url: 'https://a.example.com'}, {url: 'https://b.example.com'}]"},
        rf"{POST}\.servers\[1\]",
        "never be used",
    ),
    ({"operation": "responses: {'302': {description: Elsewhere}}"}, POST, "no successful answer is described"),
    (
        {
            "operation": "responses: {'200': {description: Fine, content: {application/json: {schema: {}}, text/csv: {schema: {type: string}}}}}"
        },
        r"responses\['200'\]\.content",
        "one answer in several forms",
    ),
    (
        {"operation": "responses: {'200': {description: Fine, content: {'*/*': {schema: {}}}}}"},
        r"content\['\*/\*'\]",
        "says too little",
    ),
    (
        {"operation": "responses: {'200': {description: Fine, content: {text/csv: {schema: {type: integer}}}}}"},
        r"\.schema",
        "is a string, or bytes",
    ),
    (
        {"operation": "servers: [{url: 'ftp://a.example.com'}]"},
        rf"{POST}\.servers\[0\]\.url",
        "credentials are not sent",
    ),
    ({"rest": "security: [{o: []}]"}, r"\$\.security", "no credentials of the kind o"),
    (
        {"operation": "security: [{nowhere: []}]"},
        rf"{POST}\.security",
        "no credentials of the kind nowhere",
    ),
    (
        {"parameter": "{name: Content-Length, in: header, schema: {type: string}}"},
        rf"{POST}\.parameters\[0\]",
        "the client sends the header Content-Length itself",
    ),
    (
        {"parameter": "{name: a, in: header, schema: {type: array, items: {type: string}}}"},
        rf"{POST}\.parameters\[0\]\.schema",
        "a header holds one string, number or boolean, and this may be array",
    ),
    (
        {"parameter": "{name: a, in: header, schema: {type: string, format: date}}"},
        rf"{POST}\.parameters\[0\]\.schema",
        "no dates in a header",
    ),
    (
        {"parameter": "{name: a, in: query, required: true, schema: {type: [string, 'null']}}"},
        rf"{POST}\.parameters\[0\]\.schema",
        "null cannot be written in a query",
    ),
    (
        {"parameter": "{name: a, in: query, style: deepObject, schema: {type: array, items: {type: string}}}"},
        rf"{POST}\.parameters\[0\]\.schema",
        "deepObject is for objects",
    ),
    (
        {
            "parameter": "{name: a, in: query, schema: {$ref: '#/components/schemas/A'}}",
            "rest": "components: {schemas: {A: {type: array, items: {type: [array, 'null'], items: {}}}}}",
        },
        rf"{POST}\.parameters\[0\]\.schema",
        "lists and objects inside of others cannot be written",
    ),
    (
        {"operation": "responses: {'200': {description: Fine, content: {text/csv: {schema: false}}}}"},
        r"content\['text/csv'\]\.schema",
        "nothing fits this schema",
    ),
    ({"answered": "{oneOf: [false, {type: string}]}"}, rf"{ANSWER}\.oneOf\[0\]", "nothing fits this schema"),
    (
        {"parameter": "{name: a, in: query, schema: false}"},
        rf"{POST}\.parameters\[0\]\.schema",
        "nothing fits this schema",
    ),
    ({"sent": "{type: array, items: {const: 1.5}}"}, SENT, "a constant with a fraction is known of a property"),
    ({"answered": "{type: array, items: {const: 1.5}}"}, ANSWER, "a constant with a fraction is known of a property"),
    (
        {"sent": "{allOf: [{properties: {n: {type: string, maxLength: 5}}}, {properties: {n: {maxLength: 9}}}]}"},
        rf"{POST}\.requestBody\.n",
        "two limits for one place",
    ),
    (
        {
            "sent": "{oneOf: [{$ref: '#/components/schemas/A'}, {type: object, properties: {n: {type: string}}}]}",
            "rest": "components: {schemas: {A: {type: object, properties: {n: {type: string, minLength: 3}}}}}",
        },
        rf"{SENT}\.oneOf",
        "cannot be distinguished",
    ),
    (
        {
            "sent": "{type: object, properties: {t: {$ref: '#/components/schemas/T'}}}",
            "rest": "components: {schemas: {T: {type: object, properties: {n: {type: string, minLength: 2}, below: {type: array, items: {$ref: '#/components/schemas/T'}}}}}}",
        },
        rf"{POST}\.requestBody\.t",
        "at the first level only",
    ),
    (
        {"answered": "{type: object, discriminator: {propertyName: kind}, properties: {kind: {type: string}}}"},
        rf"{ANSWER}\.discriminator",
        "which class an object has would not be seen",
    ),
    (
        {"answered": "{type: object, properties: {a: {}}, additionalProperties: {type: string, format: password}}"},
        rf"{ANSWER}\.additionalProperties",
        "cannot be hidden beside others",
    ),
    (
        {
            "answered": "{type: object, properties: {success: {type: boolean}, result: {type: integer}, trace: {type: string}}}",
        },
        ANSWER,
        "trace beside the API's envelope would be lost",
    ),
    (
        {
            "operation": "security: [{o: []}]",
            "rest": "components: {securitySchemes: {o: {type: apiKey, in: query, name: key}}}",
        },
        rf"{POST}\.security",
        "no credentials of the kind o",
    ),
]


@pytest.mark.parametrize(("put", "place", "reason"), LOST)
def test_what_would_be_lost_stops_the_build_with_its_place_and_a_way_out(
    tmp_path: Path, put: dict[str, str], place: str, reason: str
) -> None:
    with pytest.raises(BuildError, match=f"{place}.*: .*{reason}") as caught:
        build(tmp_path, spec_of(**put))
    assert caught.value.hint
    assert "object at 0x" not in str(caught.value)
    assert not (tmp_path / "out").exists() or not list((tmp_path / "out").iterdir())


@pytest.mark.parametrize(
    ("head", "paths", "reason"),
    [
        ("", "paths: {}", r"\$\.paths: no operation is described"),
        ("", "components: {schemas: {A: {type: string}}}", r"\$\.paths: no operation is described"),
        ("servers", spec_of(), r"\$\.servers: the document names no server"),
        ("https", spec_of(), r"\$\.servers\[0\]\.url: credentials are not sent to 'http://api\.example\.com'"),
    ],
)
def test_a_document_without_operations_or_a_safe_server_stops_the_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, head: str, paths: str, reason: str
) -> None:
    written = HEAD.replace("https:", "http:") if head == "https" else HEAD
    written = "".join(line for line in written.splitlines(keepends=True) if head != "servers" or "servers" not in line)
    monkeypatch.setattr("tests.codegen.inline.HEAD", written)
    with pytest.raises(BuildError, match=reason):
        build(tmp_path, f"{paths}\n")


def test_a_failure_of_the_parser_is_reported_with_its_place(tmp_path: Path) -> None:
    conflict = "{allOf: [{properties: {c: {type: string}}}, {properties: {c: {type: integer}}}]}"
    with pytest.raises(BuildError, match="str can't be merged with int") as caught:
        build(tmp_path, spec_of(answered=conflict))
    assert caught.value.place == "$.paths['/things'].post"


def test_methods_that_are_not_sent_stop_the_build(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match="only get, put, post, delete and patch are sent"):
        build(
            tmp_path, f"paths: {{/things: {{head: {{operationId: things.look, tags: [things], responses: {FINE}}}}}}}\n"
        )


UNCHECKED = (
    *(
        "not: {type: string}",
        "if: {}",
        "then: {}",
        "else: {}",
        "contains: {type: string}",
        "minContains: 1",
        "maxContains: 1",
    ),
    *("prefixItems: [{}]", "propertyNames: {type: string}", "$defs: {A: {type: string}}", "patternProperties: {a: {}}"),
    *(
        "dependentSchemas: {a: {}}",
        "dependentRequired: {a: [b]}",
        "unevaluatedItems: false",
        "unevaluatedProperties: false",
    ),
    "contentSchema: {}",
)


@pytest.mark.parametrize("keyword", UNCHECKED)
@pytest.mark.parametrize("position", ["sent", "answered"])
def test_what_no_type_says_stops_the_build(tmp_path: Path, keyword: str, position: str) -> None:
    spec = tmp_path / "spec.yaml"
    spec.write_text(HEAD + spec_of(**{position: f"{{{keyword}}}"}))
    first = next(carried.losses(resolve(spec, None).document))
    assert first.path[-1] == keyword.partition(":")[0]
    assert "no Python type says this" in first.reason


@pytest.mark.parametrize(
    "answered",
    [
        "{type: string, minLength: 1, pattern: a, examples: [a]}",
        "{type: array, maxItems: 3, uniqueItems: true, items: {type: integer, minimum: 1}}",
        "{type: object, properties: {a: {type: string, readOnly: true, externalDocs: {url: 'https://example.com'}}}}",
    ],
)
def test_what_cannot_matter_does_not_stop_the_build(tmp_path: Path, answered: str) -> None:
    spec = tmp_path / "spec.yaml"
    spec.write_text(HEAD + spec_of(answered=answered))
    assert list(carried.losses(resolve(spec, None).document)) == []


def test_an_overlay_is_blamed_only_for_what_it_put_there(tmp_path: Path) -> None:
    spec, folder = tmp_path / "spec.yaml", tmp_path / "overlays"
    folder.mkdir()
    head = 'overlay: "1.0.0"\ninfo: {title: T, version: "1"}\nactions:\n'
    actions = [
        "  - {target: \"$.paths['/things'].post\", description: Evidence., update: {summary: Make}}\n",
        "  - {target: \"$.paths['/things'].post\", description: Evidence., update: {servers: [{url: 'https://{a}.example.com', variables: {a: {default: b}}}]}}\n",
    ]
    for number, (written, action, blamed) in enumerate(
        [
            (spec_of(operation="responses: {'302': {description: Elsewhere}}"), actions[0], "spec.yaml"),
            (spec_of(), actions[1], "10-test.yaml"),
        ]
    ):
        spec.write_text(HEAD + written)
        (folder / "10-test.yaml").write_text(head + action)
        with pytest.raises(BuildError) as caught:
            driver.check_carried(resolve(spec, folder))
        assert caught.value.file is not None, number
        assert caught.value.file.name == blamed


def test_what_the_parser_warns_of_is_reported_by_its_place_and_without_its_objects(tmp_path: Path) -> None:
    rest = "components: {schemas: {Things: {type: object, properties: {a: {type: string}}}, things: {type: object, properties: {a: {type: string}}}}}"
    with pytest.raises(BuildError, match=r"openapi-python-client cannot express this: .*duplicate") as caught:
        build(tmp_path, spec_of(answered="{$ref: '#/components/schemas/things'}", rest=rest))
    assert caught.value.place == "$.components.schemas.things"
    assert "object at 0x" not in str(caught.value)


@pytest.mark.slow
def test_the_parser_decides_which_type_a_value_has(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With one of its objects changed, the client changes: nothing beside it reads types."""
    specification = spec_of(
        answered="{type: object, required: [a], properties: {a: {type: string}}}",
        parameter="{name: q, in: query, schema: {type: string}}",
    )
    (tmp_path / "as_it_is").mkdir()
    before = build(tmp_path / "as_it_is", specification, name="same")
    original = GeneratorData.from_dict

    def changed(data: dict[str, Any], *, config: Any) -> Any:
        parsed: Any = original(data, config=config)
        (model,) = parsed.models
        model.required_properties[:] = [_as_integer(one) for one in model.required_properties]
        (endpoint,) = parsed.endpoint_collections_by_tag["things"].endpoints
        endpoint.query_parameters[:] = [_as_integer(one) for one in endpoint.query_parameters]
        endpoint.query_parameters[0].required = True
        return parsed

    monkeypatch.setattr(GeneratorData, "from_dict", changed)
    (tmp_path / "changed").mkdir()
    after = build(tmp_path / "changed", specification, name="same")
    model = "models/things_make_response_200.py"
    assert "a: str = prop()" in (before / model).read_text()
    assert "a: int = prop()" in (after / model).read_text()
    operation = "api/things/make.py"
    assert "def call(*, q: str | None = None)" in (before / operation).read_text()
    assert "def call(*, q: int)" in (after / operation).read_text()


def _as_integer(prop: StringProperty) -> IntProperty:
    values = {
        name: getattr(prop, name) for name in ("name", "required", "default", "python_name", "description", "example")
    }
    return IntProperty(**values)


def test_another_version_of_the_generator_is_refused_by_both_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        driver,
        "version",
        lambda name: "0.30.0" if name == "openapi-python-client" else importlib.metadata.version(name),
    )
    with pytest.raises(
        BuildError,
        match=rf"0\.30\.0 is installed, and this client is made by {re.escape(driver.GENERATOR_VERSION)}; .*Upgrading the generator",
    ):
        build(tmp_path, spec_of())


@pytest.mark.slow
@pytest.mark.parametrize(
    ("template", "wrong", "reason"),
    [
        ("model.py.jinja", "\nraise ImportError('no')\n", ": ImportError: no"),
        ("model.py.jinja", "    wrong: Nothing = prop(default=None)\n", ": NameError: "),
        (
            "model.py.jinja",
            "    def (\n",
            r"models/thing\.py line \d+: the templates made something that is not Python",
        ),
        ("types.py.jinja", "\n1 / 0\n", r"types: ZeroDivisionError"),
        ("endpoint_module.py.jinja", "{% if %}", r"endpoint_module\.py\.jinja"),
    ],
)
def test_a_client_that_does_not_work_is_not_swapped_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, template: str, wrong: str, reason: str
) -> None:
    rest = "components: {schemas: {Thing: {type: object, properties: {a: {type: string}}}}}"
    specification = spec_of(answered="{$ref: '#/components/schemas/Thing'}", rest=rest)
    target = build(tmp_path, specification, name="kept")
    before = {path: path.read_bytes() for path in target.rglob("*") if path.is_file()}
    folder = tmp_path / "templates"
    shutil.copytree(TEMPLATES, folder)
    (folder / template).write_text((folder / template).read_text() + wrong)
    monkeypatch.setattr("tests.codegen.inline.TEMPLATES", folder)
    with pytest.raises(BuildError, match=reason):
        build(tmp_path, specification, name="kept")
    assert {path: path.read_bytes() for path in target.rglob("*") if path.is_file()} == before
    assert [path.name for path in target.parent.iterdir()] == ["kept"]


def test_every_table_of_what_is_carried_names_known_outcomes() -> None:
    for position, table in carried.TABLE.items():
        for keyword, rule in table.items():
            stops = isinstance(rule, carried.Stops) and rule.reason and rule.hint
            assert stops or rule in {carried.CARRIED, carried.IRRELEVANT}, (position, keyword)


def test_models_that_no_call_returns_or_takes_are_not_made(tmp_path: Path) -> None:
    rest = "components: {schemas: {Unused: {type: object, properties: {a: {type: string}}}}}"
    assert attrs.__version__
    package = load(tmp_path, spec_of(rest=rest))
    assert package.models.__all__ == ()
