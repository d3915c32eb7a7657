"""Compares a published description of the API with the resolved document, as far as it lies under /ai-gateway/.

`python -m codegen drift --schema FILE` reads an OpenAPI document (Cloudflare's whole one or a part of it, JSON or YAML), `--sdk PATH` the
installed `cloudflare` package. A line a difference, with the text of ours to look at; exit code 0 for none, 1 for some, 2 for a file that
cannot be read. What `kept-differences.yaml` lists does not count. Names of components and operation ids do not matter.
"""

import argparse
import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml
from attrs import define, evolve, field, frozen

from codegen.errors import BuildError, display_path, shorten
from codegen.paths import HTTP_METHODS, NodePath, node_at, resolve_pointer
from codegen.resolve import Resolved, resolve
from codegen.schemas import LIMITS, types_of
from codegen.sdk_types import read_sdk
from codegen.yaml_io import load_yaml

SCOPE = "/ai-gateway/"
KEPT = Path(__file__).with_name("kept-differences.yaml")
ONLY_PUBLISHED, ONLY_HERE = "only published", "only here"

_NOTES = {
    "dashboard sessions only": r"\bdashboard(?: sessions?)? only\b",
    "not for new accounts": r"\bunavailable to new (?:accounts|users)\b",
    "beta": r"\b(?:beta|experimental)\b",
}
# The keyword under which ours says what an attribute compares; it leads to the text to look at.
_KEYWORDS = {"null": "type", "note": "description", "closed": "additionalProperties"}
_UNKNOWN_TO_SDKS = {*LIMITS, "closed", "default"}


@frozen
class Fact:
    """What a document says of one place: attributes in words, where in the document, and where it says what is required."""

    says: Mapping[str, str]
    path: NodePath
    required_at: NodePath = ()


@frozen
class Difference:
    """One difference: the place, what differs, and our text to look at."""

    place: str
    what: str
    text: str

    @property
    def key(self) -> str:
        """What kept differences are matched with: without the names of path parameters."""
        return re.sub(r"\{[^}]*\}", "{}", f"{self.place}: {self.what}")

    def __str__(self) -> str:
        return f"{self.place}: {self.what}; look at {self.text}"


@define
class _Shape:
    """What a schema allows, with its references, `allOf` and unions taken together."""

    path: NodePath
    types: set[str] = field(factory=set)
    null: bool = False
    enum: list[Any] | None = None
    fields: dict[str, tuple[Any, NodePath]] = field(factory=dict)
    required: set[str] = field(factory=set)
    items: tuple[Any, NodePath] | None = None
    values: tuple[Any, NodePath] | None = None
    closed: bool = False
    words: str = ""
    extra: dict[str, Any] = field(factory=dict)


class Document:
    """Reads the facts of an OpenAPI document."""

    def __init__(self, content: Mapping[str, Any]) -> None:
        self._content = content

    def facts(self) -> dict[str, Fact]:
        """Everything it says of operations under /ai-gateway/, by place, each after what it lies in."""
        found: dict[str, Fact] = {}
        for route, entry in self._content.get("paths", {}).items():
            item, at = self._follow(entry, ("paths", route))
            for method in HTTP_METHODS:
                if SCOPE in route and isinstance(item.get(method), dict):
                    found.update(self._operation(f"{method.upper()} {route}", item[method], (*at, method), item))
        return found

    def _follow(self, node: object, path: NodePath) -> tuple[dict[str, Any], NodePath]:
        """What a chain of references leads to; an empty object where it leads nowhere."""
        seen = set()
        while isinstance(node, dict) and isinstance(reference := node.get("$ref"), str) and reference not in seen:
            seen.add(reference)
            target = resolve_pointer(self._content, reference)
            node, path = (node_at(self._content, target), target) if target else ({}, path)
        return (node if isinstance(node, dict) else {}), path

    def _operation(
        self, place: str, operation: Mapping[str, Any], path: NodePath, item: Mapping[str, Any]
    ) -> Iterator[tuple[str, Fact]]:
        words = str(operation.get("description", "")) + " " + str(operation.get("summary", ""))
        yield place, Fact(_words_say(words, deprecated=operation.get("deprecated")), path)
        for owner, at in ((item, path[:-1]), (operation, path)):
            for index, given in enumerate(owner.get("parameters", ())):
                parameter, where = self._follow(given, (*at, "parameters", index))
                if parameter.get("in") in {"query", "header"}:
                    shape = self._shape(parameter.get("schema", {}), (*where, "schema"))
                    shape.words += f" {parameter.get('description', '')}"
                    shape.extra.setdefault("deprecated", parameter.get("deprecated"))
                    here = f"{place} > {parameter['in']} > {parameter.get('name')}"
                    required = bool(parameter.get("required"))
                    yield from self._value(here, shape, required, (*where, "required"), sent=True)
        body, where = self._follow(operation.get("requestBody"), (*path, "requestBody"))
        if body:
            media, at = self._media(body, where)
            yield from self._value(f"{place} > body", self._shape(media, at), sent=True)
        yield from self._responses(place, operation.get("responses", {}), (*path, "responses"))

    def _responses(self, place: str, responses: Mapping[str, Any], path: NodePath) -> Iterator[tuple[str, Fact]]:
        given = {str(status): response for status, response in responses.items()}  # YAML reads a bare 200 as a number
        for status in sorted(given):
            yield f"{place} > status {status.upper()}", Fact({}, (*path, status))
        success = next((status for status in sorted(given) if status.startswith("2")), None)
        if success is None:
            return
        response, at = self._follow(given[success], (*path, success))
        shape = self._shape(*self._media(response, at))
        if {"success", "result"} <= shape.fields.keys():  # the envelope, in either of its forms
            shape = self._shape(*shape.fields["result"])
        yield from self._value(f"{place} > answer", shape, sent=False)

    @staticmethod
    def _media(holder: Mapping[str, Any], path: NodePath) -> tuple[Any, NodePath]:
        content = holder.get("content") or {}
        name = next((one for one in content if "json" in one), next(iter(content), ""))
        return (content.get(name) or {}).get("schema", {}), (*path, "content", name, "schema")

    def _shape(self, node: object, path: NodePath, seen: tuple[NodePath, ...] = ()) -> _Shape:
        own, at = self._follow(node, path)
        shape = _Shape(at)
        if at in seen:
            return shape
        seen = (*seen, at)
        types = types_of(own)
        values = own.get("enum", [own["const"]] if "const" in own else None)
        if values is not None:
            shape.enum = [value for value in values if value is not None]
            types = types or {_type_of(value) for value in values}
        shape.null = "null" in types or own.get("nullable") is True or (values is not None and None in values)
        shape.types = types - {"null"}
        shape.fields = {name: (inner, (*at, "properties", name)) for name, inner in own.get("properties", {}).items()}
        shape.required = set(own.get("required", ())) if isinstance(own.get("required", ()), list) else set()
        shape.items = (own["items"], (*at, "items")) if "items" in own else None
        extra = own.get("additionalProperties")
        shape.values = (extra, (*at, "additionalProperties")) if isinstance(extra, dict) and extra else None
        shape.closed = extra is False
        shape.words = " ".join(str(one.get("description", "")) for one in (own, node) if isinstance(one, dict))
        shape.extra = {name: own[name] for name in (*LIMITS, "default", "deprecated") if name in own}
        for keyword in ("allOf", "oneOf", "anyOf"):
            parts = [self._shape(one, (*at, keyword, index), seen) for index, one in enumerate(own.get(keyword, ()))]
            if parts:
                _join(shape, parts, every=keyword == "allOf")
        return shape

    def _value(
        self,
        place: str,
        shape: _Shape,
        required: bool | None = None,  # noqa: FBT001 - or unknown
        required_at: NodePath = (),
        above: tuple[NodePath, ...] = (),
        *,
        sent: bool,
    ) -> Iterator[tuple[str, Fact]]:
        says = {
            "type": " or ".join(sorted(shape.types)) or "anything",
            "null": "allowed" if shape.null else "not allowed",
            **_words_say(shape.words, deprecated=shape.extra.get("deprecated")),
        }
        if shape.enum is not None:
            says["enum"] = ", ".join(sorted(map(str, shape.enum)))
        if required is not None:
            says["always present"] = "yes" if required else "no"
        if not sent:
            says["always a value"] = "yes" if required is not False and not shape.null else "no"
        if sent and shape.closed:
            says["closed"] = "yes"
        says.update({name: str(shape.extra[name]) for name in (*LIMITS, "default") if sent and name in shape.extra})
        yield place, Fact(says, shape.path, required_at)
        if shape.path in above:
            return
        above = (*above, shape.path)
        for name, (inner, at) in shape.fields.items():
            here, required_at = self._shape(inner, at), (*shape.path, "required")
            yield from self._value(f"{place} > {name}", here, name in shape.required, required_at, above, sent=sent)
        for name, below in (("[]", shape.items), ("*", shape.values)):
            if below is not None:
                yield from self._value(f"{place} > {name}", self._shape(*below), above=above, sent=sent)


def _words_say(words: str, *, deprecated: object) -> dict[str, str]:
    text = " ".join(words.split())
    notes = [name for name, pattern in _NOTES.items() if re.search(pattern, text, re.IGNORECASE)]
    old = bool(deprecated) or re.search(r"\bdeprecated\b", text, re.IGNORECASE)
    return {"deprecated": "yes" if old else "no"} | ({"note": ", ".join(notes)} if notes else {})


def _join(shape: _Shape, parts: Sequence[_Shape], *, every: bool) -> None:
    """Take the parts of an `allOf` (`every`), or the choices of a union, into one."""
    choices = [part for part in parts if part.types or part.enum or part.fields or not part.null]
    for part in parts:
        shape.types |= part.types
        shape.fields = {**part.fields, **shape.fields} if not every else {**shape.fields, **part.fields}
        shape.items, shape.values = shape.items or part.items, shape.values or part.values
        shape.closed |= part.closed
        shape.extra = {**part.extra, **shape.extra}
        shape.words += f" {part.words}"
    if every:
        shape.null |= any(part.null for part in parts) and all(part.null or not part.types for part in parts)
        shape.required = shape.required.union(*(part.required for part in parts))
        shape.enum = next((part.enum for part in parts if part.enum is not None), shape.enum)
        return
    shape.null |= any(part.null for part in parts)
    objects = [part for part in choices if part.fields]
    shape.required |= set.intersection(*(part.required for part in objects)) if objects else set()
    if len(choices) == 1:
        shape.path = choices[0].path
    if choices and all(part.enum is not None for part in choices):
        shape.enum = [value for part in choices for value in part.enum or ()]
    for name in {name for part in objects for name in part.fields}:
        held = [part.fields[name] for part in objects if name in part.fields]
        if len(held) > 1:
            shape.fields[name] = ({"anyOf": [inner for inner, _ in held]}, held[0][1])


def _type_of(value: object) -> str:
    names = {bool: "boolean", int: "integer", float: "number", str: "string", type(None): "null", list: "array"}
    return names.get(type(value), "object")


def differences(resolved: Resolved, published: Mapping[str, Any], *, of_sdk: bool = False) -> Iterator[Difference]:
    """What the two say differently; below a place that only one of them has, or whose type differs, nothing more is said."""
    ours = _by_key(Document(resolved.document).facts(), of_sdk)
    theirs = _by_key(Document(published).facts(), of_sdk)
    settled: list[str] = []
    for key in {**ours, **theirs}:
        if any(key.startswith(f"{above} > ") for above in settled):
            continue
        (place, here), (their_place, there) = ours.get(key, ("", None)), theirs.get(key, ("", None))
        if here is None or there is None:
            settled.append(key)
            above = key
            while above and above not in ours:
                above = above.rpartition(" > ")[0]
            nearest = here or (ours[above][1] if above else None)
            what = ONLY_HERE if there is None else ONLY_PUBLISHED
            yield Difference(place or their_place, what, _text(resolved, nearest.path if nearest else None))
            continue
        for name in sorted({*here.says, *there.says}):
            mine, other = here.says.get(name, "none"), there.says.get(name, "none")
            if mine != other:
                settled += [key] if name == "type" else []
                at = here.required_at if name == "always present" else (*here.path, _KEYWORDS.get(name, name))
                yield Difference(place, f"{name}: here {mine}, published {other}", _text(resolved, at))


def _by_key(facts: Mapping[str, Fact], of_sdk: bool) -> dict[str, tuple[str, Fact]]:  # noqa: FBT001 - internal
    """Facts by place without the names of path parameters, with the attributes that both sides can know."""
    found = {}
    for place, fact in facts.items():
        if of_sdk and " > status " in place:
            continue  # an SDK knows neither statuses nor limits
        # What is absent and what is null are one thing to an SDK, in an answer.
        absent = {"null", "always present"} if "always a value" in fact.says else set()
        hidden = _UNKNOWN_TO_SDKS | absent if of_sdk else {"always a value"}
        kept = {name: value for name, value in fact.says.items() if name not in hidden}
        found[re.sub(r"\{[^}]*\}", "{}", place)] = (place, evolve(fact, says=kept))
    return found


def _text(resolved: Resolved, path: NodePath | None) -> str:
    """Our text that says something at a path: the overlay action that last set it, else the specification."""
    spec = display_path(resolved.spec_path)
    if path is None:
        return f"{spec} if the documents show it, else at overlays/spec/20-live-service.yaml"
    change = next((one for one in reversed(resolved.changes) if one.path == path[: len(one.path)]), None)
    return spec if change is None else f"{display_path(change.action.file)}, action {change.action.number}"


def _matches(pattern: str, difference: Difference) -> bool:
    return re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), difference.key) is not None


def read_kept(file: Path, source: str) -> list[str]:
    """The kept differences from one kind of source, `schema` or `sdk`; `*` in them stands for any text.

    Raises:
        BuildError: An entry has another form.
    """
    found: list[str] = []
    for number, entry in enumerate(load_yaml(file).get("kept", []), 1):
        listed, reason, sources = (entry.get(name) for name in ("differences", "reason", "published in"))
        if not listed or not reason or not set(sources or ()) <= {"schema", "sdk"}:
            raise BuildError(file, f"entry {number}", "an entry needs differences and a reason", "correct it")
        if source in (sources or (source,)):
            found += listed
    return found


def read_published(file: Path) -> dict[str, Any]:
    """A published OpenAPI document.

    Raises:
        BuildError: It cannot be read, or is not one.
    """
    try:
        text = file.read_bytes().decode("utf-8-sig")
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        document = json.loads(text) if text.lstrip()[:1] == "{" else yaml.load(text, loader)  # noqa: S506 - either is a safe one
    except (OSError, ValueError, yaml.YAMLError, RecursionError) as error:
        raise BuildError(file, "", f"it cannot be read: {shorten(str(error))}", "give a JSON or YAML file") from error
    if not isinstance(document, dict) or not isinstance(document.get("paths"), dict):
        raise BuildError(file, "", "this is not an OpenAPI document: it has no paths", "give another file")
    return document


def drift(resolved: Resolved, *, schema: Path | None = None, sdk: Path | None = None, kept: Path = KEPT) -> int:
    """Print the differences from a schema or an SDK; give the exit code."""
    source = schema or sdk or Path()
    try:
        known = read_kept(kept, "schema" if schema else "sdk")
        published = read_published(source) if schema else read_sdk(source)
        found = list(differences(resolved, published, of_sdk=schema is None))
    except BuildError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except (AttributeError, TypeError, ValueError) as error:
        print(f"error: {source}: not in the form of OpenAPI: {shorten(str(error))}", file=sys.stderr)
        return 2
    counted = [one for one in found if not any(_matches(pattern, one) for pattern in known)]
    for difference in counted:
        print(difference)
    for pattern in known:
        if not any(_matches(pattern, one) for one in found):
            print(f"remark: a kept difference no longer exists: {pattern}; drop it from {display_path(kept)}")
    print(f"{len(counted)} differences, and {len(found) - len(counted)} kept on purpose", file=sys.stderr)
    return 1 if counted else 0


def main(arguments: Sequence[str], root: Path) -> int:
    """Run `python -m codegen drift`; give the exit code."""
    parser = argparse.ArgumentParser(prog="python -m codegen drift", description=__doc__)
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--schema", type=Path, help="an OpenAPI document, JSON or YAML")
    source.add_argument("--sdk", type=Path, help="where the cloudflare package is installed")
    folder = "the folder with openapi/ and overlays/ (default: this one)"
    parser.add_argument("--root", type=Path, default=root, help=folder)
    chosen = parser.parse_args(arguments)
    try:
        resolved = resolve(chosen.root / "openapi" / "billing.yaml", chosen.root / "overlays" / "spec")
    except BuildError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return drift(resolved, schema=chosen.schema, sdk=chosen.sdk)
