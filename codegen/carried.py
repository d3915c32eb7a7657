"""What the client carries of a document, keyword by keyword: what is neither carried nor irrelevant stops the build.

One table for each kind of node and position, one visitor that follows references. It runs before anything is generated.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from attrs import define, field

from codegen.errors import Violation
from codegen.names import collision
from codegen.paths import HTTP_METHODS, NodePath, resolve_pointer, types_of

Node = dict[str, Any]


_Rule = str | tuple[str, str]
"""CARRIED, IRRELEVANT, or why it stops the build and the way out."""
CARRIED = "carried"
IRRELEVANT = "cannot matter there"
"""For people or for the service alone: examples, remarks, limits of what the service itself sends."""


def stops(reason: str, hint: str) -> _Rule:
    """Say why a keyword stops the build, and the way out."""
    return reason, hint


_OTHER_FORM = "write it in another form, or remove it in an overlay"
_LIMITS = (
    *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength", "pattern"),
    *("minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties"),
)
_TYPES = (
    "$ref",
    "type",
    "enum",
    "const",
    "oneOf",
    "anyOf",
    "allOf",
    "items",
    "properties",
    "required",
    "discriminator",
)
_SAID = ("description", "title", "default", "deprecated", "format", "additionalProperties")
_FOR_PEOPLE = ("example", "examples", "$comment", "externalDocs", "xml", "summary")
_NOT_IN_TYPES = {
    keyword: stops("no Python type says this, so it would not be checked", _OTHER_FORM)
    for keyword in (
        *("not", "if", "then", "else", "contains", "minContains", "maxContains", "prefixItems", "propertyNames"),
        *("patternProperties", "dependentSchemas", "dependentRequired", "unevaluatedItems", "unevaluatedProperties"),
        *("$defs", "contentSchema"),
    )
}
_SCHEMA: dict[str, _Rule] = {
    **dict.fromkeys((*_TYPES, *_SAID), CARRIED),
    **dict.fromkeys((*_FOR_PEOPLE, "contentEncoding", "contentMediaType"), IRRELEVANT),
    **_NOT_IN_TYPES,
}
_ONE_WAY = "leave it out of this schema: what is sent and what is answered are two schemas then"

_NO_METHODS: Mapping[str, _Rule] = dict.fromkeys(
    ("head", "options", "trace"), stops("only get, put, post, delete and patch are sent", "remove the operation")
)

TABLE: Mapping[str, Mapping[str, _Rule]] = {
    "document": {
        **dict.fromkeys(("openapi", "info", "servers", "paths", "components", "security"), CARRIED),
        **dict.fromkeys(("tags", "externalDocs", "jsonSchemaDialect"), IRRELEVANT),
        "webhooks": IRRELEVANT,  # a client is not called
    },
    "path item": {
        **dict.fromkeys(("$ref", "servers", "parameters", "get", "put", "post", "delete", "patch"), CARRIED),
        **dict.fromkeys(("summary", "description"), IRRELEVANT),
        **_NO_METHODS,
    },
    "operation": {
        **dict.fromkeys(
            ("operationId", "tags", "summary", "description", "parameters", "requestBody", "responses"), CARRIED
        ),
        **dict.fromkeys(("deprecated", "security", "servers"), CARRIED),
        **dict.fromkeys(("callbacks", "externalDocs"), IRRELEVANT),
    },
    "parameter": {
        **dict.fromkeys(
            ("$ref", "name", "in", "description", "required", "deprecated", "schema", "style", "explode"), CARRIED
        ),
        **dict.fromkeys(("example", "examples", "allowEmptyValue", "allowReserved"), IRRELEVANT),
        "content": stops("a parameter written as a media type is not known", "describe it by `schema`"),
    },
    "request body": {
        **dict.fromkeys(("$ref", "required", "content"), CARRIED),
        "description": IRRELEVANT,
    },
    "response": {
        **dict.fromkeys(("$ref", "content"), CARRIED),
        **dict.fromkeys(
            ("description", "headers", "links", "summary"), IRRELEVANT
        ),  # with_raw_response has the headers
    },
    "media type": {
        "schema": CARRIED,
        **dict.fromkeys(("example", "examples"), IRRELEVANT),
        "encoding": stops("how parts of a body are encoded would be lost", "remove it"),
    },
    "schema that is sent": {
        **_SCHEMA,
        **dict.fromkeys(_LIMITS, CARRIED),
        "writeOnly": IRRELEVANT,
        "readOnly": stops("the service does not take this, and it would be an argument", _ONE_WAY),
    },
    "schema of an answer": {
        **_SCHEMA,
        **dict.fromkeys(_LIMITS, IRRELEVANT),
        "readOnly": IRRELEVANT,
        "writeOnly": stops("the service does not answer this, and it would be an attribute", _ONE_WAY),
    },
}
SENT, ANSWERED = "schema that is sent", "schema of an answer"
KEYWORDS = frozenset(TABLE[SENT])
"""What a schema may say at all, carried or not."""
_BESIDE_UNION = frozenset({*_FOR_PEOPLE, *_SAID, "oneOf", "anyOf", "discriminator", "type"}) - {"additionalProperties"}
_BESIDE_REFERENCE = frozenset({*_FOR_PEOPLE, *_SAID, *_LIMITS, "$ref", "readOnly", "writeOnly"}) - {
    "additionalProperties"
}
_OF_OBJECTS = frozenset({"type", "properties", "required", "allOf", "additionalProperties", *_SAID, *_FOR_PEOPLE})
_DATES = frozenset({"date", "date-time"})
_STYLES = {
    "query": {"form", "spaceDelimited", "pipeDelimited", "deepObject"},
    "path": {"simple"},
    "header": {"simple"},
}
_NOT_PARAMETERS = frozenset({"accept", "content-type", "authorization"})
_SENT_ANYWAY = frozenset(
    {"accept-encoding", "connection", "content-encoding", "content-length", "cookie", "host", "transfer-encoding"}
    | {"user-agent", "x-auth-email", "x-auth-key"}
)
_ADDRESSES = ("https://", "http://127.0.0.1", "http://localhost", "http://[::1]")
"""Where credentials may be sent: by https, and on this machine."""


def losses(document: Node) -> Iterator[Violation]:
    """Everything in the document that the client would lose."""
    return _Visitor(document).document()


@define
class _Visitor:
    root: Node
    seen: set[tuple[NodePath, str]] = field(factory=set)

    def document(self) -> Iterator[Violation]:
        yield from self._keywords((), self.root, "document")
        if not self.root.get("servers"):
            yield Violation(("servers",), "the document names no server", "say where its operations are sent to")
        yield from self._servers(("servers",), self.root.get("servers", []), of_document=True)
        for path, item in self.root.get("paths", {}).items():
            yield from self._path_item(("paths", path), item)
        if not any(position == "operation" for _, position in self.seen):
            yield Violation(("paths",), "no operation is described", "describe one")

    def _path_item(self, path: NodePath, item: Node) -> Iterator[Violation]:
        path, item = self._followed(path, item)
        yield from self._keywords(path, item, "path item")
        yield from self._servers((*path, "servers"), item.get("servers", []))
        for index, parameter in enumerate(item.get("parameters", [])):
            yield from self._parameter((*path, "parameters", index), parameter)
        for method in HTTP_METHODS:
            if method in item:
                yield from self._operation((*path, method), item[method])

    def _operation(self, path: NodePath, operation: Node) -> Iterator[Violation]:
        self.seen.add((path, "operation"))
        yield from self._keywords(path, operation, "operation")
        yield from self._servers((*path, "servers"), operation.get("servers", []))
        for index, parameter in enumerate(operation.get("parameters", [])):
            yield from self._parameter((*path, "parameters", index), parameter)
        if "requestBody" in operation:
            yield from self._request_body((*path, "requestBody"), operation["requestBody"])
        answers = operation.get("responses", {})
        successes = [status for status in answers if status.startswith("2")] or [
            status for status in answers if status == "default"
        ]
        if not successes:
            yield Violation(path, "no successful answer is described", "describe one under `responses`")
        for status in successes:
            yield from self._response((*path, "responses", status), answers[status])

    def _servers(self, path: NodePath, servers: list[Node], *, of_document: bool = False) -> Iterator[Violation]:
        for index, server in enumerate(servers):
            place, url = (*path, index, "url"), server["url"]
            if "{" in url:
                yield Violation(place, "variables in the address of a server are not known", "write the address out")
            elif not url.startswith(_ADDRESSES if of_document else (*_ADDRESSES, "/")) or {"?", "#"} & {*url}:
                yield Violation(
                    place,
                    f"credentials are not sent to {url!r}",
                    "write an https:// address without query and fragment",
                )
        if not of_document and len(servers) > 1:
            yield Violation((*path, 1), "a second server of an operation would never be used", "keep one")

    def _parameter(self, path: NodePath, parameter: Node) -> Iterator[Violation]:
        path, parameter = self._followed(path, parameter)
        yield from self._keywords(path, parameter, "parameter")
        name, location = parameter["name"], parameter["in"]
        if location == "cookie":
            yield Violation(path, "cookies are not sent", "remove the parameter, or describe it as a header or a query")
        elif location == "header" and name.lower() in _NOT_PARAMETERS:
            reason = f"OpenAPI has the header {name} ignored as a parameter"
            yield Violation(path, reason, "remove it: media types and `security` say what is sent there")
        elif location == "header" and name.lower() in _SENT_ANYWAY:
            yield Violation(path, f"the client sends the header {name} itself", "remove the parameter")
        elif (style := parameter.get("style", "")) and style not in _STYLES[location]:
            yield Violation((*path, "style"), f"the style {style!r} is not known in the {location}", _OTHER_FORM)
        elif style in {"spaceDelimited", "pipeDelimited"} and parameter.get("explode", False):
            yield Violation((*path, "explode"), f"{style} is for lists in one parameter", "leave explode out")
        yield from self._parameter_types((*path, "schema"), parameter)
        if parameter.get("allowReserved"):
            yield Violation((*path, "allowReserved"), "reserved characters are always encoded", "remove it")
        if "schema" not in parameter and "content" not in parameter:
            yield Violation(path, "the parameter says nothing of its type", "describe it by `schema`")
        yield from self._schema((*path, "schema"), parameter.get("schema", {}), SENT)

    def _parameter_types(self, path: NodePath, parameter: Node) -> Iterator[Violation]:
        """What cannot be written where the parameter is."""
        location, schema = parameter["in"], parameter.get("schema", {})
        types = self._types(schema)
        nested = {"array", "object"} & types
        within = set().union(*(self._types(inner) for one in self._variants(schema) for inner in _inner(one)))
        if "null" in types and parameter.get("required"):
            yield Violation(path, f"null cannot be written in a {location}", "take null out, or the requirement")
        elif location in {"path", "header"} and (nested or "null" in types):
            reason = f"a {location} holds one string, number or boolean, and this may be {' or '.join(sorted(types))}"
            yield Violation(path, reason, "describe it as a string")
        elif location == "header" and any(
            "format" in one and one["format"] in _DATES for one in self._variants(schema)
        ):
            reason = "openapi-python-client writes no dates in a header"
            yield Violation(path, reason, "leave the format out, so that it is a string")
        elif parameter.get("style") == "deepObject" and types - {"null"} != {"object"}:
            yield Violation(path, "deepObject is for objects, and this may be another thing", "leave the style out")
        elif {"array", "object"} & within:
            reason = "lists and objects inside of others cannot be written in a query"
            yield Violation(path, reason, "describe it as a string")

    def _types(self, schema: Node) -> set[str]:
        """Give the types of JSON that a value may have, as far as the schema says."""
        found: set[str] = set()
        for one in self._variants(schema):
            found |= types_of(one)
            found |= {"object"} if {"properties", "additionalProperties"} & one.keys() else set()
            found |= {"array"} if "items" in one else set()
            found |= {"null"} if None in one.get("enum", []) else set()
        return found

    def _variants(self, schema: Node) -> list[Node]:
        """Give the schemas that describe a value: behind references, options and parts, each once."""
        found: list[Node] = []
        waiting = [schema]
        while waiting:
            one = self._target(waiting.pop())
            if one not in found:
                found.append(one)
                waiting += [part for keyword in ("oneOf", "anyOf", "allOf") for part in one.get(keyword, [])]
        return found

    def _is_limited(self, schema: Node) -> bool:
        """Say whether there are limits of the value, or of anything in it."""
        found: list[Node] = []
        waiting = [schema]
        while waiting:
            new = [one for one in self._variants(waiting.pop()) if one not in found]
            found += new
            waiting += [inner for one in new for inner in _inner(one)]
        return any(limit in one for one in found for limit in _LIMITS)

    def _request_body(self, path: NodePath, body: Node) -> Iterator[Violation]:
        path, body = self._followed(path, body)
        yield from self._keywords(path, body, "request body")
        types = list(body["content"])
        if len(types) != 1 or not is_json(types[0]):
            reason = f"a body is sent as JSON, and this one is {' or '.join(types) or 'of no type'}"
            yield Violation((*path, "content"), reason, "keep a JSON form alone")
        for name, media in body["content"].items():
            yield from self._media_type((*path, "content", name), media, SENT)

    def _response(self, path: NodePath, response: Node) -> Iterator[Violation]:
        path, response = self._followed(path, response)
        yield from self._keywords(path, response, "response")
        content = response.get("content", {})
        if len(content) > 1:
            reason = f"one answer in several forms ({', '.join(content)}), and only one is asked for"
            yield Violation((*path, "content"), reason, "keep one of them")
        for name, media in content.items():
            if "*" in name:
                yield Violation((*path, "content", name), "a range of media types says too little", "name the type")
            yield from self._media_type((*path, "content", name), media, ANSWERED, in_json=is_json(name))

    def _media_type(self, path: NodePath, media: Node, position: str, *, in_json: bool = True) -> Iterator[Violation]:
        yield from self._keywords(path, media, "media type")
        schema = media.get("schema", {})
        if in_json or not isinstance(schema, dict):
            yield from self._schema((*path, "schema"), schema, position)
        elif schema and (schema.get("type", "string") != "string" or "$ref" in schema):
            reason = "an answer that is not JSON is a string, or bytes"
            yield Violation((*path, "schema"), reason, "write `type: string`, or leave the schema out")

    def _schema(self, path: NodePath, schema: Any, position: str) -> Iterator[Violation]:  # noqa: ANN401 - true and false are schemas, too
        if schema is False:
            yield Violation(path, "nothing fits this schema", _OTHER_FORM)
        if not isinstance(schema, dict) or (path, position) in self.seen:
            return
        self.seen.add((path, position))
        yield from self._keywords(path, schema, position)
        yield from self._forms(path, schema, position)
        yield from self._below(path, schema, position)

    def _below(self, path: NodePath, schema: Node, position: str) -> Iterator[Violation]:
        if "$ref" in schema:
            target = resolve_pointer(self.root, schema["$ref"])
            if target is None or target[:2] != ("components", "schemas") or len(target) != 3:
                reason = f"{schema['$ref']!r} is not a schema under #/components/schemas"
                yield Violation((*path, "$ref"), reason, "move what it points to there")
            else:
                yield from self._schema(target, self._at(target), position)
        for keyword in ("oneOf", "anyOf", "allOf"):
            for index, inner in enumerate(schema.get(keyword, [])):
                yield from self._schema((*path, keyword, index), inner, position)
        if again := collision(schema.get("properties", {})):
            yield Violation((*path, "properties"), f"two names would both become {again!r}", "rename one of them")
        for name, inner in schema.get("properties", {}).items():
            yield from self._schema((*path, "properties", name), inner, position)
        for keyword in ("items", "additionalProperties"):
            if isinstance(schema.get(keyword), dict):
                yield from self._schema((*path, keyword), schema[keyword], position)

    def _forms(self, path: NodePath, schema: Node, position: str) -> Iterator[Violation]:
        """What is wrong with keywords together, where openapi-python-client would read some of them and drop others."""
        if "$ref" in schema:
            yield from self._beside(path, schema, _BESIDE_REFERENCE, "a reference")
            return
        unions = [keyword for keyword in ("oneOf", "anyOf") if schema.get(keyword)]
        if len(unions) > 1:
            yield Violation(path, "oneOf and anyOf together", "keep one of them")
        elif not unions and "discriminator" in schema:
            hint = "list the classes by oneOf beside it"
            yield Violation((*path, "discriminator"), "which class an object has would not be seen", hint)
        if unions:
            yield from self._beside(path, schema, _BESIDE_UNION, unions[0])
            yield from self._union(path, schema, unions[0], position)
        if schema.get("allOf"):
            yield from self._beside(path, schema, _OF_OBJECTS, "allOf", unless_single=len(schema["allOf"]) == 1)
            yield from self._all_of(path, schema)
        yield from self._values(path, schema)

    def _beside(
        self, path: NodePath, schema: Node, allowed: frozenset[str], what: str, *, unless_single: bool = False
    ) -> Iterator[Violation]:
        for keyword in schema:
            if keyword not in allowed and not keyword.startswith("x-") and not unless_single:
                yield Violation(
                    (*path, keyword), f"{keyword} beside {what} would be lost", f"move it into what {what} names"
                )

    def _union(self, path: NodePath, schema: Node, keyword: str, position: str) -> Iterator[Violation]:
        options = [option for option in schema[keyword] if option != {"type": "null"}]
        types = [one for option in options for one in self._types(option) - {"null"}]
        if position == SENT and len(set(types)) < len(types) and any(map(self._is_limited, options)):
            reason = "limits of several options of one type cannot be distinguished"
            yield Violation((*path, keyword), reason, _OTHER_FORM)
        if "discriminator" in schema and not all(
            "$ref" in option for option in schema[keyword] if option != {"type": "null"}
        ):
            reason = "a discriminator names components, and an option is written in place"
            yield Violation((*path, "discriminator"), reason, "move the option to #/components/schemas")

    def _all_of(self, path: NodePath, schema: Node) -> Iterator[Violation]:
        parts = schema["allOf"]
        if len(parts) == 1 and not {"properties", "required", "additionalProperties"} & schema.keys():
            return  # another way to write the part itself
        for index, part in enumerate(parts):
            target = self._target(part)
            wrong = next((key for key in target if key not in _OF_OBJECTS and not key.startswith("x-")), None)
            if wrong is not None or target.get("type", "object") != "object":
                reason = f"allOf is known of objects, and a part has {wrong or 'another type'}"
                yield Violation((*path, "allOf", index), reason, _OTHER_FORM)
            elif target.get("additionalProperties", True) is not True:
                reason = "a part of allOf that limits other properties would exclude those of its neighbours"
                yield Violation((*path, "allOf", index), reason, "say it beside allOf")

    def _values(self, path: NodePath, schema: Node) -> Iterator[Violation]:
        if "const" in schema and not isinstance(schema["const"], (str, int, float)):
            yield Violation((*path, "const"), "a constant is known of strings, numbers and booleans", _OTHER_FORM)
        words = [word for word in schema.get("enum", []) if word is not None]
        mixed = len({type(word) for word in words}) > 1 or not all(isinstance(word, (str, int)) for word in words)
        if mixed or (None in schema.get("enum", []) and any(isinstance(word, bool) for word in words)):
            yield Violation(
                (*path, "enum"), "an enum is known of strings or of whole numbers, not of both", _OTHER_FORM
            )
        if schema.get("format") == "binary":
            yield Violation(
                (*path, "format"), "JSON holds no bytes", "describe how the string is encoded, or drop the format"
            )

    def _target(self, schema: Any) -> Node:  # noqa: ANN401 - true and false are schemas, too
        if not isinstance(schema, dict):
            return {}
        found: Node = schema
        while "$ref" in found:
            found = self._at(resolve_pointer(self.root, found["$ref"]) or ())
        return found

    def _followed(self, path: NodePath, item: Node) -> tuple[NodePath, Node]:
        while "$ref" in item:
            path = resolve_pointer(self.root, item["$ref"]) or ()
            item = self._at(path)
        return path, item

    def _at(self, path: NodePath) -> Node:
        node: Any = self.root
        for step in path:
            node = node[step]
        return dict(node) if isinstance(node, dict) else {}

    def _keywords(self, path: NodePath, node: Node, position: str) -> Iterator[Violation]:
        table = TABLE[position]
        for keyword in node:
            found = CARRIED if keyword.startswith("x-") else table.get(keyword)
            if found is None:
                yield Violation((*path, keyword), f"{keyword!r} is not known in a {position}", _OTHER_FORM)
            elif isinstance(found, tuple):
                yield Violation((*path, keyword), *found)


def _inner(schema: Node) -> list[Node]:
    """Give the schemas of what is in a list or an object."""
    inner = [*schema.get("properties", {}).values(), schema.get("items"), schema.get("additionalProperties")]
    return [one for one in inner if isinstance(one, dict)]


def is_json(media_type: str) -> bool:
    """Say whether a media type is JSON, or built on it."""
    name = media_type.partition(";")[0].strip().lower()
    return name == "application/json" or name.endswith("+json")
