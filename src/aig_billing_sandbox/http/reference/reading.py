"""What the page shows, read from the document: operations, their parameters, bodies and answers, and fields with their units."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

JsonObject = Mapping[str, Any]

_METHODS = ("get", "post", "put", "patch", "delete")
_UNITS = {
    "cents": "cents",
    "unix-ms": "Unix milliseconds",
    "unix-s": "Unix seconds",
    "unix-auto": "Unix seconds or milliseconds",
}


@dataclass(frozen=True, kw_only=True)
class Field:
    """A value with a name: a parameter, or a property of an object."""

    name: str
    type: str
    """In words: `number or null`, `array of Invoice`."""
    required: bool
    description: str = ""
    unit: str = ""
    unconfirmed: bool = False
    values: tuple[str, ...] = ()
    """What it may be, as JSON, when only a few values are allowed."""
    bounds: str = ""
    place: str = ""
    """Of a parameter: `path` or `query`."""
    example: Any = None
    fields: tuple["Field", ...] = ()
    """What is inside, when it is an object or an array of objects."""


@dataclass(frozen=True, kw_only=True)
class Example:
    """An example value with what it shows."""

    summary: str
    value: Any


@dataclass(frozen=True, kw_only=True)
class Content:
    """A body, of a request or an answer."""

    media_type: str
    description: str
    fields: tuple[Field, ...]
    examples: tuple[Example, ...]


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a status means and brings."""

    status: str
    description: str
    contents: tuple[Content, ...]
    headers: tuple[Field, ...]

    @property
    def is_success(self) -> bool:
        """Whether the call did what was asked."""
        return self.status.startswith("2")


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One operation of the API."""

    id: str
    method: str
    path: str
    summary: str
    description: str
    deprecated: bool
    permissions: tuple[str, ...]
    retry: str
    call: str
    """Its name in the client: `ai_gateway.billing.topup.create`."""
    parameters: tuple[Field, ...]
    body: Content | None
    answers: tuple[Answer, ...]

    @property
    def anchor(self) -> str:
        """Its id on the page."""
        return self.id.replace(".", "-")

    @property
    def group(self) -> str:
        """The part of the client's tree that it belongs to."""
        return self.call.rpartition(".")[0]


@dataclass(frozen=True, kw_only=True)
class Reference:
    """The whole document, as the page shows it."""

    title: str
    version: str
    description: str
    server: str
    schemes: tuple[Field, ...]
    """The ways to sign in, each as the header it goes into."""
    operations: tuple[Operation, ...]

    @property
    def refusals(self) -> dict[str, Answer]:
        """The refusals, by status: the first of each, which others may equal."""
        found: dict[str, Answer] = {}
        for operation in self.operations:
            for answer in operation.answers:
                if not answer.is_success:
                    found.setdefault(answer.status, answer)
        return dict(sorted(found.items()))


def read_reference(document: JsonObject) -> Reference:
    """Read a resolved OpenAPI 3.1 document."""
    return _Reader(document).reference()


class _Reader:
    def __init__(self, document: JsonObject) -> None:
        self._document = document

    def reference(self) -> Reference:
        info, components = self._document["info"], self._document["components"]
        return Reference(
            title=info["title"],
            version=info["version"],
            description=info.get("description", ""),
            server=self._document["servers"][0]["url"],
            schemes=tuple(_scheme(scheme) for scheme in components["securitySchemes"].values()),
            operations=tuple(
                self._operation(path, method, item)
                for path, item in self._document["paths"].items()
                for method in _METHODS
                if method in item
            ),
        )

    def _operation(self, path: str, method: str, item: JsonObject) -> Operation:
        operation: JsonObject = item[method]
        body = self._target(operation.get("requestBody", {}))
        contents = self._contents(body, body.get("description", ""))
        answers = [self._answer(str(status), answer) for status, answer in operation["responses"].items()]
        return Operation(
            id=operation["operationId"],
            method=method.upper(),
            path=path,
            summary=operation.get("summary", operation["operationId"]),
            description=operation.get("description", ""),
            deprecated=operation.get("deprecated", False),
            permissions=tuple(operation.get("x-api-token-group", ())),
            retry=operation.get("x-retry", ""),
            call=f"{operation.get('x-fern-sdk-group-name', '')}.{operation.get('x-fern-sdk-method-name', '')}",
            parameters=tuple(
                self._parameter(entry) for entry in (*item.get("parameters", ()), *operation.get("parameters", ()))
            ),
            body=contents[0] if contents else None,
            answers=tuple(sorted(answers, key=lambda answer: answer.status)),
        )

    def _parameter(self, entry: JsonObject) -> Field:
        parameter = self._target(entry)
        required = parameter.get("required", False)
        return self._field(parameter["name"], parameter["schema"], required=required, beside=parameter)

    def _answer(self, status: str, entry: JsonObject) -> Answer:
        answer = self._target(entry)
        headers = {name: self._target(header) for name, header in answer.get("headers", {}).items()}
        return Answer(
            status=status,
            description=answer.get("description", ""),
            contents=self._contents(answer),
            headers=tuple(
                self._field(name, header["schema"], required=header.get("required", False), beside=header)
                for name, header in headers.items()
            ),
        )

    def _contents(self, holder: JsonObject, said: str = "") -> tuple[Content, ...]:
        return tuple(
            Content(
                media_type=media_type,
                description=said or content["schema"].get("description", ""),
                fields=self._fields(content["schema"]),
                examples=tuple(
                    Example(summary=example.get("summary", name), value=example["value"])
                    for name, example in content.get("examples", {}).items()
                ),
            )
            for media_type, content in holder.get("content", {}).items()
        )

    def _field(self, name: str, schema: JsonObject, *, required: bool, beside: JsonObject | None = None) -> Field:
        told: dict[str, Any] = {**self._core(schema), **schema, **(beside or {})}
        unit: str = told.get("x-unit", "")
        return Field(
            name=name,
            type=self._type(schema),
            required=required,
            description=told.get("description", ""),
            unit=_UNITS.get(unit, unit),
            unconfirmed="x-unit-confidence" in told,
            values=_values(self._core(schema)),
            bounds=_bounds(self._core(schema)),
            place=told.get("in", ""),
            example=told.get("example"),
            fields=self._fields(schema),
        )

    def _fields(self, schema: JsonObject) -> tuple[Field, ...]:
        """The fields inside: of an object, or of the objects in an array."""
        core = self._core(schema)
        if "items" in core:
            return self._fields(core["items"])
        properties, required = dict[str, JsonObject](), set[str]()
        for part in self._parts(core):
            properties.update(part.get("properties", {}))
            required.update(part.get("required", ()))
        return tuple(self._field(name, inner, required=name in required) for name, inner in properties.items())

    def _type(self, schema: JsonObject) -> str:
        """The type in words."""
        name = str(schema.get("$ref", "")).rpartition("/")[2]
        if name:
            return name if "properties" in self._target(schema) else self._type(self._target(schema))
        choices = schema.get("oneOf", schema.get("anyOf"))
        if choices:
            return " or ".join(self._type(choice) for choice in choices)
        if "allOf" in schema:
            return "object"
        if schema.get("type") == "array":
            return f"array of {self._type(schema['items'])}"
        types: list[str] | str = schema.get("type", "any JSON")
        return types if isinstance(types, str) else " or ".join(types)

    def _core(self, schema: JsonObject) -> JsonObject:
        """The schema that says what it is about: references followed, `or null` left aside."""
        schema = self._target(schema)
        choices = schema.get("oneOf", schema.get("anyOf"))
        if choices:
            kept = [choice for choice in choices if choice.get("type") != "null"]
            return self._core(kept[0]) if len(kept) == 1 else schema
        return schema

    def _parts(self, schema: JsonObject) -> Iterator[JsonObject]:
        yield schema
        for part in schema.get("allOf", ()):
            yield from self._parts(self._target(part))

    def _target(self, node: JsonObject) -> JsonObject:
        while "$ref" in node:
            target: Any = self._document
            for part in str(node["$ref"]).removeprefix("#/").split("/"):
                target = target[part.replace("~1", "/").replace("~0", "~")]
            node = cast("JsonObject", target)
        return node


def _scheme(scheme: JsonObject) -> Field:
    header = scheme.get("name", "Authorization")
    return Field(
        name=header,
        type="Bearer token" if scheme["type"] == "http" else "string",
        required=False,
        description=scheme.get("description", ""),
    )


def _values(schema: JsonObject) -> tuple[str, ...]:
    if "const" in schema:
        return (_json_word(schema["const"]),)
    return tuple(_json_word(value) for value in schema.get("enum", ()))


def _json_word(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _bounds(schema: JsonObject) -> str:
    bounds = [
        f"{words} {schema[key]}" for key, words in (("minimum", "at least"), ("maximum", "at most")) if key in schema
    ]
    return ", ".join(bounds)
