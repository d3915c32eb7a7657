"""What the client carries of a document, keyword by keyword: what is neither carried nor irrelevant stops the build.

One table for each kind of node and position, one visitor that follows references. It runs before anything is generated.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from attrs import define, field, frozen
from openapi_python_client.strings import PythonIdentifier

from codegen.errors import Violation
from codegen.names import MODEL_MEMBERS, doubled, name_in_python
from codegen.paths import NodePath, children, dereference, node_at, resolve_pointer
from codegen.schemas import LIMITS, all_in, below, successes, types_of

Node = dict[str, Any]

CARRIED = "carried"
IRRELEVANT = "cannot matter there"
"""For people or for the service alone: examples, remarks, limits of what the service itself sends."""
_OTHER_FORM = "write it in another form, or remove it in an overlay"


@frozen
class Stops:
    """Why a keyword stops the build, and the way out."""

    reason: str
    hint: str = _OTHER_FORM
    when: Callable[[Any], bool] = lambda _: True
    """Of which values that is so."""


_Rule = str | Stops


def _mixed(words: list[Any]) -> bool:
    kinds = {type(word) for word in words if word is not None}
    return len(kinds) > 1 or not kinds <= {str, int, bool} or (bool in kinds and None in words)


_TYPES = ("$ref", "type", "oneOf", "anyOf", "allOf", "items", "properties", "required", "additionalProperties")
_SAID = ("description", "title", "default", "deprecated", "format")
_FOR_PEOPLE = ("example", "examples", "$comment", "externalDocs", "xml", "summary")
_UNCHECKED = (
    *("not", "if", "then", "else", "contains", "minContains", "maxContains", "prefixItems", "propertyNames", "$defs"),
    *("patternProperties", "dependentSchemas", "dependentRequired", "unevaluatedItems", "unevaluatedProperties"),
    "contentSchema",
)
_SCHEMA: Mapping[str, _Rule] = {
    **dict.fromkeys((*_TYPES, *_SAID, "discriminator"), CARRIED),
    **dict.fromkeys((*_FOR_PEOPLE, "contentEncoding", "contentMediaType"), IRRELEVANT),
    **dict.fromkeys(_UNCHECKED, Stops("no Python type says this, so it would not be checked")),
    "enum": Stops("an enum is known of strings or of whole numbers, not of both", when=_mixed),
    "const": Stops(
        "a constant is known of strings, numbers and booleans", when=lambda one: not isinstance(one, (str, int, float))
    ),
    "format": Stops(
        "JSON holds no bytes",
        "describe how the string is encoded, or drop the format",
        when=lambda one: one == "binary",
    ),
}
_ONE_WAY = "leave it out of this schema: what is sent and what is answered are two schemas then"
SENT, ANSWERED = "schema that is sent", "schema of an answer"

TABLE: Mapping[str, Mapping[str, _Rule]] = {
    "document": {
        **dict.fromkeys(("openapi", "info", "servers", "paths", "components", "security"), CARRIED),
        # A client is not called.
        **dict.fromkeys(("tags", "externalDocs", "jsonSchemaDialect", "webhooks"), IRRELEVANT),
    },
    "path item": {
        **dict.fromkeys(("$ref", "servers", "parameters", "get", "put", "post", "delete", "patch"), CARRIED),
        **dict.fromkeys(("summary", "description"), IRRELEVANT),
        **dict.fromkeys(
            ("head", "options", "trace"),
            Stops("only get, put, post, delete and patch are sent", "remove the operation"),
        ),
    },
    "operation": {
        **dict.fromkeys(
            ("operationId", "tags", "summary", "description", "deprecated", "security", "servers"), CARRIED
        ),
        **dict.fromkeys(("parameters", "requestBody", "responses"), CARRIED),
        **dict.fromkeys(("callbacks", "externalDocs"), IRRELEVANT),
    },
    "parameter": {
        **dict.fromkeys(("$ref", "name", "in", "description", "required", "deprecated"), CARRIED),
        **dict.fromkeys(("schema", "style", "explode"), CARRIED),
        **dict.fromkeys(("example", "examples", "allowEmptyValue"), IRRELEVANT),
        "allowReserved": Stops("reserved characters are always encoded", "remove it", when=bool),
        "content": Stops("a parameter written as a media type is not known", "describe it by `schema`"),
    },
    "request body": {**dict.fromkeys(("$ref", "required", "content"), CARRIED), "description": IRRELEVANT},
    "response": {
        **dict.fromkeys(("$ref", "content"), CARRIED),
        # `with_raw_response` has the headers.
        **dict.fromkeys(("description", "headers", "links", "summary"), IRRELEVANT),
    },
    "media type": {
        "schema": CARRIED,
        **dict.fromkeys(("example", "examples"), IRRELEVANT),
        "encoding": Stops("how parts of a body are encoded would be lost", "remove it"),
    },
    SENT: {
        **_SCHEMA,
        **dict.fromkeys(LIMITS, CARRIED),
        "writeOnly": IRRELEVANT,
        "readOnly": Stops("the service does not take this, and it would be an argument", _ONE_WAY),
    },
    ANSWERED: {
        **_SCHEMA,
        **dict.fromkeys(LIMITS, IRRELEVANT),
        "readOnly": IRRELEVANT,
        "writeOnly": Stops("the service does not answer this, and it would be an attribute", _ONE_WAY),
    },
}
KEYWORDS = frozenset(TABLE[SENT])
"""What a schema may say at all, carried or not."""
_OF_OBJECTS = frozenset({"type", "properties", "required", "additionalProperties", "allOf", *_SAID, *_FOR_PEOPLE})
_BESIDE_UNION = frozenset({*_FOR_PEOPLE, *_SAID, "oneOf", "anyOf", "discriminator", "type"})
_BESIDE_REFERENCE = frozenset({*_FOR_PEOPLE, *_SAID, *LIMITS, "$ref", "readOnly", "writeOnly"})
_STYLES = {"query": {"form", "spaceDelimited", "pipeDelimited", "deepObject"}, "path": {"simple"}, "header": {"simple"}}
_SENT_ANYWAY = frozenset(
    {"accept", "accept-encoding", "authorization", "connection", "content-encoding", "content-length", "content-type"}
    | {"cookie", "host", "transfer-encoding", "user-agent", "x-auth-email", "x-auth-key"}
)
_ADDRESSES = ("https://", "http://127.0.0.1", "http://localhost", "http://[::1]")
"""Where credentials may be sent: by https, and on this machine."""


def losses(document: Node) -> Iterator[Violation]:
    """Everything in the document that the client would lose."""
    visitor = _Visitor(document)
    if not document.get("servers"):
        yield Violation(("servers",), "the document names no server", "say where its operations are sent to")
    yield from visitor.visit("document", (), document, SENT)
    if not any(row == "operation" for _, row in visitor.seen):
        yield Violation(("paths",), "no operation is described", "describe one")


@define
class _Visitor:
    root: Node
    seen: set[tuple[NodePath, str]] = field(factory=set)

    def visit(self, kind: str, path: NodePath, node: Any, position: str) -> Iterator[Violation]:  # noqa: ANN401 - JSON
        """Apply the table to a node, and to what stands under the keywords that are carried."""
        while kind != "schema" and "$ref" in node:
            path = resolve_pointer(self.root, node["$ref"]) or ()
            node = node_at(self.root, path)
        row = position if kind == "schema" else kind
        # Components are looked at where they are used.
        if row not in TABLE or not isinstance(node, dict) or (path, row) in self.seen:
            return
        self.seen.add((path, row))
        for keyword, value in node.items():
            rule = CARRIED if keyword.startswith("x-") else TABLE[row].get(keyword)
            if rule is None:
                yield Violation((*path, keyword), f"{keyword!r} is not known in a {row}", _OTHER_FORM)
            elif isinstance(rule, Stops) and rule.when(value):
                yield Violation((*path, keyword), rule.reason, rule.hint)
        yield from self._servers((*path, "servers"), node.get("servers", []))
        yield from self._together(kind, path, node, position)
        for inner_kind, inner_path, inner in children(kind, path, node):
            if inner is False and inner_path != (*path, "additionalProperties"):
                yield Violation(inner_path, "nothing fits this schema", _OTHER_FORM)
            elif self._is_carried(row, path, inner_path):
                within = ANSWERED if inner_kind == "response" else position
                yield from self.visit(inner_kind, inner_path, inner, within)

    def _is_carried(self, row: str, path: NodePath, inner: NodePath) -> bool:
        """Say whether what lies at the inner path comes out of the client, or goes into it."""
        if row == "media type":
            return is_json(str(path[-1]))
        if row == "operation" and inner[-2] == "responses":
            return inner[-1] in successes(node_at(self.root, inner[:-1]))
        return TABLE[row].get(str(inner[len(path)])) == CARRIED

    def _together(self, kind: str, path: NodePath, node: Node, position: str) -> Iterator[Violation]:
        """What is wrong with keywords together, each of which may be right."""
        match kind:
            case "operation" if not successes(node.get("responses", {})):
                yield Violation(path, "no successful answer is described", "describe one under `responses`")
            case "parameter":
                yield from self._parameter(path, node)
            case "request body" if len(node["content"]) != 1 or not is_json(next(iter(node["content"]))):
                reason = f"a body is sent as JSON, and this one is {' or '.join(node['content']) or 'of no type'}"
                yield Violation((*path, "content"), reason, "keep a JSON form alone")
            case "response" if len(node.get("content", {})) > 1:
                reason = f"one answer in several forms ({', '.join(node['content'])}), and only one is asked for"
                yield Violation((*path, "content"), reason, "keep one of them")
            case "media type":
                yield from self._media_type(path, node.get("schema", {}))
            case "schema":
                yield from self._schema(path, node, position)

    def _servers(self, path: NodePath, servers: list[Node]) -> Iterator[Violation]:
        of_document = len(path) == 1
        for index, server in enumerate(servers):
            place, url = (*path, index, "url"), server["url"]
            if "{" in url:
                yield Violation(place, "variables in the address of a server are not known", "write the address out")
            elif not url.startswith(_ADDRESSES if of_document else (*_ADDRESSES, "/")) or {"?", "#"} & {*url}:
                hint = "write an https:// address without query and fragment"
                yield Violation(place, f"credentials are not sent to {url!r}", hint)
        if not of_document and len(servers) > 1:
            yield Violation((*path, 1), "a second server of an operation would never be used", "keep one")

    def _parameter(self, path: NodePath, parameter: Node) -> Iterator[Violation]:
        name, location, style = parameter["name"], parameter["in"], parameter.get("style", "")
        if location == "cookie":
            yield Violation(path, "cookies are not sent", "remove the parameter, or describe it as a header or a query")
        elif location == "header" and name.lower() in _SENT_ANYWAY:
            hint = "remove the parameter; media types and `security` may say what is sent there"
            yield Violation(path, f"the client sends the header {name} itself", hint)
        elif style and style not in _STYLES[location]:
            yield Violation((*path, "style"), f"the style {style!r} is not known in the {location}", _OTHER_FORM)
        elif style in {"spaceDelimited", "pipeDelimited"} and parameter.get("explode", False):
            yield Violation((*path, "explode"), f"{style} is for lists in one parameter", "leave explode out")
        else:
            yield from self._parameter_types((*path, "schema"), parameter)

    def _parameter_types(self, path: NodePath, parameter: Node) -> Iterator[Violation]:
        """What cannot be written where the parameter is."""
        location, schema = parameter["in"], parameter.get("schema", {})
        variants, types = all_in(self.root, schema, itself=True), self._types(schema)
        inner = [one for variant in variants for one, way in below(self.root, variant) if way]
        if "null" in types and parameter.get("required"):
            yield Violation(path, f"null cannot be written in a {location}", "take null out, or the requirement")
        elif location in {"path", "header"} and {"array", "object", "null"} & types:
            reason = f"a {location} holds one string, number or boolean, and this may be {' or '.join(sorted(types))}"
            yield Violation(path, reason, "describe it as a string")
        elif location == "header" and any(one.get("format") in {"date", "date-time"} for one in variants):
            reason = "openapi-python-client writes no dates in a header"
            yield Violation(path, reason, "leave the format out, so that it is a string")
        elif parameter.get("style") == "deepObject" and types - {"null"} != {"object"}:
            yield Violation(path, "deepObject is for objects, and this may be another thing", "leave the style out")
        elif any({"array", "object"} & self._types(one) for one in inner):
            reason = "lists and objects inside of others cannot be written in a query"
            yield Violation(path, reason, "describe it as a string")

    def _types(self, schema: Node) -> set[str]:
        """Give the types of JSON that a value may have, as far as the schema says."""
        variants = all_in(self.root, schema, itself=True)
        null = {"null"} if any(None in one.get("enum", []) for one in variants) else set()
        return null.union(*(types_of(one) for one in variants))

    def _media_type(self, path: NodePath, schema: Any) -> Iterator[Violation]:  # noqa: ANN401 - true and false are schemas, too
        if "*" in str(path[-1]):
            yield Violation(path, "a range of media types says too little", "name the type")
        of_text = isinstance(schema, dict) and schema.get("type", "string") == "string" and "$ref" not in schema
        if schema and not of_text and not is_json(str(path[-1])):
            reason = "an answer that is not JSON is a string, or bytes"
            yield Violation((*path, "schema"), reason, "write `type: string`, or leave the schema out")

    def _schema(self, path: NodePath, schema: Node, position: str) -> Iterator[Violation]:
        properties = schema.get("properties", {})
        if again := doubled(name_in_python(PythonIdentifier(name, "field_"), MODEL_MEMBERS) for name in properties):
            yield Violation((*path, "properties"), f"two names would both become {again!r}", "rename one of them")
        unions = [keyword for keyword in ("oneOf", "anyOf") if schema.get(keyword)]
        if "$ref" in schema:
            yield from self._reference(path, schema, position)
        elif len(unions) > 1:
            yield Violation(path, "oneOf and anyOf together", "keep one of them")
        elif unions:
            yield from _beside(path, schema, _BESIDE_UNION, unions[0])
            yield from self._union((*path, unions[0]), schema[unions[0]], schema, position)
        elif "discriminator" in schema:
            hint = "list the classes by oneOf beside it"
            yield Violation((*path, "discriminator"), "which class an object has would not be seen", hint)
        if schema.get("allOf"):
            yield from self._all_of(path, schema)

    def _reference(self, path: NodePath, schema: Node, position: str) -> Iterator[Violation]:
        yield from _beside(path, schema, _BESIDE_REFERENCE, "a reference")
        target = resolve_pointer(self.root, schema["$ref"]) or ()
        if target[:2] != ("components", "schemas") or len(target) != 3:
            reason = f"{schema['$ref']!r} is not a schema under #/components/schemas"
            yield Violation((*path, "$ref"), reason, "move what it points to there")
        else:
            yield from self.visit("schema", target, node_at(self.root, target), position)

    def _union(self, path: NodePath, options: list[Node], schema: Node, position: str) -> Iterator[Violation]:
        options = [option for option in options if option != {"type": "null"}]
        types = [one for option in options for one in self._types(option) - {"null"}]
        limited = any(limit in one for option in options for one in all_in(self.root, option) for limit in LIMITS)
        if position == SENT and len(set(types)) < len(types) and limited:
            yield Violation(path, "limits of several options of one type cannot be distinguished", _OTHER_FORM)
        if "discriminator" in schema and not all("$ref" in option for option in options):
            reason = "a discriminator names components, and an option is written in place"
            yield Violation((*path[:-1], "discriminator"), reason, "move the option to #/components/schemas")

    def _all_of(self, path: NodePath, schema: Node) -> Iterator[Violation]:
        parts = schema["allOf"]
        if len(parts) == 1 and not {"properties", "required", "additionalProperties"} & schema.keys():
            return  # another way to write the part itself
        yield from _beside(path, schema, _OF_OBJECTS, "allOf") if len(parts) > 1 else ()
        for index, part in enumerate(parts):
            target = dereference(self.root, part) if isinstance(part, dict) else {}
            wrong = next((key for key in target if key not in _OF_OBJECTS and not key.startswith("x-")), None)
            if wrong is not None or target.get("type", "object") != "object":
                reason = f"allOf is known of objects, and a part has {wrong or 'another type'}"
                yield Violation((*path, "allOf", index), reason, _OTHER_FORM)
            elif target.get("additionalProperties", True) is not True:
                reason = "a part of allOf that limits other properties would exclude those of its neighbours"
                yield Violation((*path, "allOf", index), reason, "say it beside allOf")


def _beside(path: NodePath, schema: Node, allowed: frozenset[str], what: str) -> Iterator[Violation]:
    for keyword in schema:
        if keyword not in allowed and not keyword.startswith("x-"):
            yield Violation(
                (*path, keyword), f"{keyword} beside {what} would be lost", f"move it into what {what} names"
            )


def is_json(media_type: str) -> bool:
    """Say whether a media type is JSON, or built on it."""
    name = media_type.partition(";")[0].strip().lower()
    return name == "application/json" or name.endswith("+json")
