"""What a schema is in Python: its annotation, the test that a decoder makes, and the shape that finds what is wrong.

Built from the resolved document, since the generator's own objects have lost nullability, extensions and limits by then; only the
names of classes come from the generator.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal, cast

from attrs import evolve, frozen

from codegen.errors import BuildError

Scalar = Literal["number", "integer", "string", "boolean", "anything"]
_ANNOTATIONS: dict[str, str] = {
    "number": "float",
    "integer": "int",
    "string": "str",
    "boolean": "bool",
    "anything": "object",
}
_READ = frozenset(
    [
        "$ref",
        "type",
        "enum",
        "oneOf",
        "anyOf",
        "allOf",
        "items",
        "properties",
        "required",
        "additionalProperties",
        "nullable",
        "description",
        "title",
        "example",
        "examples",
        "default",
        "deprecated",
        "format",
        "minimum",
        "maximum",
        "exclusiveMinimum",
        "exclusiveMaximum",
        "pattern",
        "minLength",
        "maxLength",
        "const",
        "$comment",
    ]
)


@frozen(kw_only=True)
class Kind:
    """One of: a scalar (perhaps one of several words), a model, a list of a kind, a map to a kind; with or without null."""

    scalar: Scalar = "anything"
    nullable: bool = False
    words: tuple[str, ...] = ()
    model: str | None = None
    module: str | None = None
    items: "Kind | None" = None
    values: "Kind | None" = None

    @property
    def is_scalar(self) -> bool:
        """Whether one test of its type decides."""
        return self.model is None and self.items is None and self.values is None

    @property
    def is_anything(self) -> bool:
        """Whether any JSON will do."""
        return self.is_scalar and self.scalar == "anything"

    def non_null(self) -> "Kind":
        """The same without null."""
        return evolve(self, nullable=False)

    def models(self) -> set[tuple[str, str]]:
        """The models that it names, each with its module."""
        own = {(self.module or "", self.model)} if self.model else set()
        return own.union(*(inner.models() for inner in (self.items, self.values) if inner))

    def annotation(self, *, argument: bool = False) -> str:
        """Its type hint, in an answer or for an argument, without `None`."""
        if self.model:
            return self.model
        if self.items:
            return f"list[{self.items.full_annotation(argument=argument)}]"
        if self.values:
            return f"dict[str, {self.values.full_annotation(argument=argument)}]"
        if self.words:
            words = f"Literal[{', '.join(map(repr, self.words))}]"
            return words if argument else f"{words} | str"
        return _ANNOTATIONS[self.scalar]

    def full_annotation(self, *, argument: bool = False) -> str:
        """Its type hint with `None` where null may stand."""
        own = self.annotation(argument=argument)
        return f"{own} | None" if self.nullable and not self.is_anything else own

    def test(self, name: str) -> str:
        """The test, as code, that a value of that name is of this scalar kind; null is not looked at."""
        return {
            "number": f"(type({name}) is int or (type({name}) is float and {name} - {name} == 0.0))",
            "integer": f"type({name}) is int",
            "string": f"type({name}) is str",
            "boolean": f"type({name}) is bool",
            "anything": f"is_finite({name})",
        }[self.scalar]

    def loose_test(self, name: str) -> str:
        """Like `test`, in JSON Schema's sense of a whole number, in which 1.0 is one."""
        return f"is_integer({name})" if self.is_scalar and self.scalar == "integer" else self.test(name)

    def decoder(self) -> str:
        """The decoder, as code: a function from JSON to this kind, or MISMATCH."""
        if self.model:
            own = f"decode_{self.module}"
        elif self.items:
            own = f"list_of({self.items.decoder()})"
        elif self.values:
            own = f"map_of({self.values.decoder()})"
        else:
            own = f"decode_{self.scalar}"
        return f"or_null({own})" if self.nullable and not self.is_anything else own

    def shape(self) -> str:
        """The shape, as code."""
        parts = []
        if self.model:
            parts.append(f"record={self.model}.json_fields")
        elif self.items:
            parts.append(f"items={self.items.shape()}")
        elif self.values:
            parts.append(f"values={self.values.shape()}")
        else:
            parts.append(repr(self.scalar))
        if self.nullable:
            parts.append("nullable=True")
        return f"Shape({', '.join(parts)})"


@frozen
class KindReader:
    """Reads kinds out of schemas; `class_of` tells the generator's class and module for a schema at a place."""

    document: Mapping[str, Any]
    path: Path
    class_of: Callable[[str], tuple[str, str] | None]

    def read(self, schema: Mapping[str, Any], place: str) -> Kind:
        """Read the kind of the schema at a place.

        Raises:
            BuildError: When the schema says something that the templates would lose.
        """
        unknown = sorted(key for key in schema if key not in _READ and not key.startswith("x-"))
        if unknown:
            raise self._error(place, f"the keyword {unknown[0]!r} would be lost: the templates do not know it")
        if "$ref" in schema:
            return self._referenced(schema["$ref"], place)
        for keyword in ("oneOf", "anyOf"):
            if keyword in schema:
                return self._either(schema[keyword], f"{place}.{keyword}")
        if "allOf" in schema:
            if len(schema["allOf"]) != 1:
                raise self._error(place, "allOf of several schemas is known only as an envelope around a result")
            return self.read(schema["allOf"][0], f"{place}.allOf[0]")
        return self._typed(schema, place)

    def _referenced(self, reference: str, place: str) -> Kind:
        prefix, _, name = reference.rpartition("/")
        if prefix != "#/components/schemas" or name not in self.document.get("components", {}).get("schemas", {}):
            raise self._error(place, f"the reference {reference!r} leads to no component schema")
        below = f"$.components.schemas.{name}"
        found = self.class_of(below)
        if found:
            return Kind(model=found[0], module=found[1])
        return self.read(self.document["components"]["schemas"][name], below)

    def _either(self, schemas: list[Mapping[str, Any]], place: str) -> Kind:
        others = [(index, schema) for index, schema in enumerate(schemas) if schema.get("type") != "null"]
        if len(others) != 1 or len(schemas) > 2:
            raise self._error(place, "a union is known only of one schema and null")
        index, schema = others[0]
        kind = self.read(schema, f"{place}[{index}]")
        return evolve(kind, nullable=kind.nullable or len(schemas) == 2)

    def _typed(self, schema: Mapping[str, Any], place: str) -> Kind:
        declared = schema.get("type")
        types = [declared] if isinstance(declared, str) else list(declared or [])
        nullable = "null" in types or schema.get("nullable") is True
        others = [name for name in types if name != "null"]
        if len(others) > 1:
            raise self._error(place, f"a union of the types {', '.join(others)} is not known")
        name = others[0] if others else ("object" if "properties" in schema else None)
        if name == "object":
            return self._object(schema, place, nullable=nullable)
        if name == "array":
            if "items" not in schema:
                return Kind(nullable=nullable, items=Kind())
            return Kind(nullable=nullable, items=self.read(schema["items"], f"{place}.items"))
        words = schema.get("enum", [schema["const"]] if isinstance(schema.get("const"), str) else [])
        if words and None in words:
            nullable = True
        words = [word for word in words if word is not None]
        if words and not all(isinstance(word, str) for word in words):
            raise self._error(place, "an enum is known only of strings")
        if words and name is None:
            name = "string"
        if name not in {None, "number", "integer", "string", "boolean"}:
            raise self._error(place, f"the type {name!r} is not known")
        scalar = cast("Scalar", name or "anything")
        return Kind(scalar=scalar, nullable=nullable, words=tuple(words))

    def _object(self, schema: Mapping[str, Any], place: str, *, nullable: bool) -> Kind:
        found = self.class_of(place)
        if schema.get("properties"):
            if not found:
                raise self._error(place, "the generator made no class of this object")
            return Kind(model=found[0], module=found[1], nullable=nullable)
        values = schema.get("additionalProperties")
        inner = self.read(values, f"{place}.additionalProperties") if isinstance(values, Mapping) else Kind()
        return Kind(values=inner, nullable=nullable)

    def _error(self, place: str, reason: str) -> BuildError:
        return BuildError(
            self.path,
            place,
            reason,
            "write it in a form that is known, or teach codegen/kinds.py and the templates about it",
        )
