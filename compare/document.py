"""Reads an OpenAPI document into facts: what it says of each place in it, with references, `allOf` and unions taken together."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from attrs import define, evolve, field, frozen

from codegen.extensions import GROUP, METHOD
from codegen.paths import HTTP_METHODS, NodePath, node_at, resolve_pointer
from codegen.schemas import LIMITS, types_of

Name = tuple[str, ...]

_SENT, _RECEIVED = frozenset({True}), frozenset({False})
_TYPES = {bool: "boolean", int: "integer", float: "number", str: "string", type(None): "null", list: "array"}
_NOTES = {
    "dashboard sessions only": r"\bdashboard(?: sessions?)? only\b",
    "not for new accounts": r"\bunavailable to new (?:accounts|users)\b",
    "beta": r"\b(?:beta|experimental)\b",
}


@frozen
class Fact:
    """What a document says of one thing.

    Attributes:
        place: Where it is on the wire: `POST /topup`, `body`, `amount`; `[]` is an item of a list, `*` a value of a map. Empty where other
            documents have nothing to compare it with.
        subject: What it is called in code, in parts: `topup.create`, `(amount)`; `Invoice`, `.created`. Empty where it has no name.
        says: By keyword, and by `kind` (the type in code), `null`, `required`, `note` (what a description warns of), `masked`, `closed` (an
            object), `open` (a class) and words for callers.
        required_at: Where in the document it says whether the thing is required.
        path: Where it says the rest.
        ways: Whether it is sent (True), received (False), or both.
    """

    place: Name
    subject: Name
    says: Mapping[str, Any]
    required_at: NodePath = ()
    path: NodePath = ()
    ways: frozenset[bool] = _RECEIVED


@define
class _Shape:
    """What a schema allows, with its references, `allOf` and unions taken together."""

    path: NodePath
    own: Mapping[str, Any]
    types: set[str] = field(factory=set)
    null: bool = False
    enum: list[Any] | None = None
    inside: dict[str, tuple[Any, NodePath]] = field(factory=dict)
    required: set[str] = field(factory=set)
    name: str = ""
    choices: list["_Shape"] = field(factory=list)
    words: str = ""
    extra: dict[str, Any] = field(factory=dict)


class Document:
    """Reads the facts of an OpenAPI document."""

    def __init__(self, content: Mapping[str, Any]) -> None:
        self._content = content
        schemes = content.get("components", {}).get("securitySchemes", {})
        self._headers = {name: scheme.get("name", "Authorization") for name, scheme in schemes.items()}

    def facts(self, scope: str = "") -> Iterator[Fact]:
        """Everything it says of itself and of operations with `scope` in their route, of each thing after what it lies in."""
        yield Fact((), ("base_url",), self._access(self._content))
        for group, extra in self._content.get("x-resources", {}).items():
            yield Fact((), (group,), {"hand-written methods": extra.get("x-python-mixin")})
        for route, entry in self._content.get("paths", {}).items():
            item, at = self._follow(entry, ("paths", route))
            for method in HTTP_METHODS:
                if scope in route and isinstance(item.get(method), dict):
                    yield from self._operation(f"{method.upper()} {route}", item[method], (*at, method), item)

    def _access(self, item: Mapping[str, Any]) -> dict[str, Any]:
        """The servers and the security that an item states itself; what it does not state is the document's."""
        says: dict[str, Any] = {}
        if "servers" in item:
            says["server"] = " or ".join(str(server.get("url")) for server in item["servers"])
        if "security" in item:
            ways = [
                " and ".join(sorted(self._headers.get(name, name) for name in way)) for way in item["security"] or [{}]
            ]
            says["security"] = frozenset(way or "no credentials" for way in ways)
        return says

    def _follow(self, node: object, path: NodePath) -> tuple[dict[str, Any], NodePath]:
        """What a chain of references leads to; an empty object where it leads nowhere."""
        seen = set()
        while isinstance(node, dict) and isinstance(reference := node.get("$ref"), str) and reference not in seen:
            seen.add(reference)
            target = resolve_pointer(self._content, reference)
            node, path = (node_at(self._content, target), target) if target else ({}, path)
        return (node if isinstance(node, dict) else {}), path

    def _operation(
        self, request: str, operation: Mapping[str, Any], path: NodePath, item: Mapping[str, Any]
    ) -> Iterator[Fact]:
        call = f"{operation.get(GROUP, '')}.{operation.get(METHOD, operation.get('operationId', request))}".lstrip(".")
        responses = {str(status): one for status, one in operation.get("responses", {}).items()}  # YAML has numbers
        successes = sorted(status for status in responses if status.startswith("2"))
        words = f"{operation.get('description', '')} {operation.get('summary', '')}"
        says = {
            **_words_say(words, deprecated=operation.get("deprecated")),
            **self._access(item),
            **self._access(operation),
            "request": request,
            "success status": " or ".join(successes),
            "retry class": operation.get("x-retry"),
            "permission": frozenset(operation.get("x-api-token-group") or ()),
        }
        yield Fact((request,), (call,), says, path=path)
        for owner, at in ((item, path[:-1]), (operation, path)):
            for index, given in enumerate(owner.get("parameters", ())):
                parameter, where = self._follow(given, (*at, "parameters", index))
                shape, name = self._shape(parameter.get("schema", {}), (*where, "schema")), str(parameter.get("name"))
                shape.words += f" {parameter.get('description', '')}"
                shape.extra.setdefault("deprecated", parameter.get("deprecated"))
                place = (request, parameter["in"], name) if parameter.get("in") in {"query", "header"} else ()
                says = {"required": bool(parameter.get("required"))}
                yield from self._value(Fact(place, (call, f"({name})"), says, (*where, "required"), ways=_SENT), shape)
        body, where = self._follow(operation.get("requestBody"), (*path, "requestBody"))
        if body:
            shape, says = self._shape(*self._media(body, where)), {"required": bool(body.get("required"))}
            # Each field of a closed object is an argument of the call; any other body is one argument.
            subject = (call,) if "closed" in shape.extra and shape.inside else (call, "(body)")
            yield from self._value(Fact((request, "body"), subject, says, (*where, "required"), ways=_SENT), shape)
        for status in sorted(responses):
            at = (*path, "responses", status)
            yield Fact((request, f"status {status.upper()}"), (), {}, path=at)
            if status in successes[:1]:
                shape, result = self._shape(*self._media(*self._follow(responses[status], at))), (call, "()")
                if {"success", "result"} <= shape.inside.keys():  # the envelope, in either of its forms
                    info = self._shape(*shape.inside.get("result_info", ({}, at)))
                    yield from self._value(Fact((), (*result, ".result_info"), {}), info)
                    shape = self._shape(*shape.inside["result"])
                yield from self._value(Fact((request, "answer"), result, {}), shape)

    @staticmethod
    def _media(holder: Mapping[str, Any], path: NodePath) -> tuple[Any, NodePath]:
        content = holder.get("content") or {}
        name = next((one for one in content if "json" in one), next(iter(content), ""))
        return (content.get(name) or {}).get("schema", {}), (*path, "content", name, "schema")

    def _shape(self, node: object, path: NodePath, seen: tuple[NodePath, ...] = ()) -> _Shape:
        own, at = self._follow(node, path)
        shape = _Shape(at, own)
        if at in seen:
            return shape
        values = own.get("enum", [own["const"]] if "const" in own else None)
        if values is not None:
            shape.enum = [value for value in values if value is not None]
        types = types_of(own) or {_TYPES.get(type(value), "object") for value in values or ()}
        shape.types = types - {"null"}
        shape.null = "null" in types or own.get("nullable") is True or None in (values or ())
        shape.inside = {name: (inner, (*at, "properties", name)) for name, inner in own.get("properties", {}).items()}
        for name, keyword in (("[]", "items"), ("*", "additionalProperties")):
            if isinstance(own.get(keyword), dict) and own[keyword]:
                shape.inside[name] = (own[keyword], (*at, keyword))
        shape.required = set(own.get("required", ())) if isinstance(own.get("required", ()), list) else set()
        shape.words = " ".join(str(one.get("description", "")) for one in (own, node) if isinstance(one, dict))
        shape.extra = {name: own[name] for name in (*LIMITS, "default", "deprecated", "x-unit") if name in own}
        shape.extra |= {"closed": True} if own.get("additionalProperties") is False else {}
        shape.extra |= {"masked": True} if own.get("format") == "password" else {}
        for keyword in ("allOf", "oneOf", "anyOf"):
            choices = enumerate(own.get(keyword, ()))
            if parts := [self._shape(one, (*at, keyword, index), (*seen, at)) for index, one in choices]:
                _join(shape, parts, every=keyword == "allOf")
        if at[:-1] == ("components", "schemas") and shape.inside and own.keys() & {"properties", "allOf"}:
            shape.name = str(at[-1])
        return shape

    def _value(self, fact: Fact, shape: _Shape, above: tuple[NodePath, ...] = ()) -> Iterator[Fact]:
        """What is said of a value, beside what the fact says already, and of what is in it."""
        if not fact.place and not fact.subject:
            return
        says = {
            **shape.extra,
            **_words_say(shape.words, deprecated=shape.extra.get("deprecated")),
            **fact.says,
            "type": shape.types,
            "null": shape.null,
            "kind": _kind(shape),
        }
        if shape.enum is not None:
            says["enum"] = frozenset(map(repr, shape.enum))
        arguments = len(fact.subject) == 1
        owner = () if shape.choices else fact.subject  # each choice has its own
        if shape.name and not arguments:
            owner = (shape.name,)
            yield Fact((), owner, {"open": "closed" not in shape.extra}, ways=fact.ways)
        yield evolve(fact, says=says, path=shape.path)
        if shape.path in above:
            return
        above = (*above, shape.path)
        for choice in shape.choices:
            yield from self._value(evolve(fact, place=()), choice, above)
        for name, (inner, at) in shape.inside.items():
            part = f"({name})" if arguments else {"[]": "[]", "*": "[*]"}.get(name, f".{name}")
            needed = {"required": name in shape.required} if at[-1] == name else {}
            place, subject = (*fact.place, name) if fact.place else (), (*owner, part) if owner else ()
            below = Fact(place, subject, needed, required_at=(*shape.path, "required"), ways=fact.ways)
            yield from self._value(below, self._shape(inner, at), above)


def _kind(shape: _Shape, *, among: bool = False) -> frozenset[str]:
    """The type in code; among others, what has no name is compared as a whole."""
    if shape.name:
        return frozenset({shape.name})
    if shape.choices:
        return frozenset[str]().union(*(_kind(choice, among=True) for choice in shape.choices))
    whole = {json.dumps(shape.own, sort_keys=True, default=str)} if among and shape.inside else None
    return frozenset(whole or shape.types or {"anything"})


def _words_say(words: str, *, deprecated: object) -> dict[str, Any]:
    text = " ".join(words.split())
    notes = [name for name, pattern in _NOTES.items() if re.search(pattern, text, re.IGNORECASE)]
    old = bool(deprecated) or re.search(r"\bdeprecated\b", text, re.IGNORECASE) is not None
    return {"deprecated": old} | ({"note": ", ".join(notes)} if notes else {})


def _join(shape: _Shape, parts: Sequence[_Shape], *, every: bool) -> None:
    """Take the parts of an `allOf` (`every`), or the choices of a union, into one."""
    choices = [part for part in parts if part.types or part.enum or part.inside or not part.null]
    bearing = [part for part in choices if part.inside or not every]
    if not shape.inside and len(bearing) == 1:
        shape.name, shape.choices = bearing[0].name, bearing[0].choices
    elif not shape.inside and not every:
        shape.choices = choices
    for part in parts:
        shape.types |= part.types
        shape.inside = shape.inside | part.inside if every else part.inside | shape.inside
        shape.extra = part.extra | shape.extra
        shape.words += f" {part.words}"
    if every:
        shape.null |= any(part.null for part in parts) and all(part.null or not part.types for part in parts)
        shape.required.update(*(part.required for part in parts))
        shape.enum = next((part.enum for part in parts if part.enum is not None), shape.enum)
        return
    shape.null |= any(part.null for part in parts)
    objects = [part.required for part in choices if "object" in part.types]
    shape.required |= set.intersection(*objects) if objects else set()
    if len(choices) == 1:
        shape.path = choices[0].path
    if choices and all(part.enum is not None for part in choices):
        shape.enum = [value for part in choices for value in part.enum or ()]
    for name in {name for part in choices for name in part.inside}:
        held = [part.inside[name] for part in choices if name in part.inside]
        if len(held) > 1:
            shape.inside[name] = ({"anyOf": [inner for inner, _ in held]}, held[0][1])


def side_by_side(
    old: Mapping[Name, Fact], new: Mapping[Name, Fact], kind: str
) -> Iterator[tuple[Name, Fact | None, Fact | None]]:
    """The facts of two documents by name; nothing below one that only one of them has, or that is of another `kind`."""
    settled: set[Name] = set()
    for name in {**old, **new}:
        before, after = old.get(name), new.get(name)
        if any(name[:length] in settled for length in range(len(name))):
            continue
        if before is None or after is None or before.says.get(kind) != after.says.get(kind):
            settled.add(name)
        yield name, before, after
