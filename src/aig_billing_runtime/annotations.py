"""From a model's annotations to the table of its schema: `float | None`, `list[Invoice]`, `Literal["card"] | str`, ..."""

from __future__ import annotations

import datetime as dt
import importlib
import sys
import types
import typing
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from .schema import Constant, Discriminator, Kind, Object, Schema

_SCALARS: dict[object, Kind] = {
    object: "anything",
    Any: "anything",
    bool: "boolean",
    int: "integer",
    float: "number",
    str: "string",
    None: "null",
    types.NoneType: "null",
    dt.datetime: "date-time",
    dt.date: "date",
}


class Context(NamedTuple):
    """What is needed besides an annotation to make a schema of it."""

    names: Mapping[str, object]
    """Where the names in strings are looked up."""
    table_of: Callable[[type[Any]], Callable[[], Object] | None]
    """Gives the table of a class, or None when the class is not a model."""
    discriminator: tuple[str, Mapping[str, str | type[Any]]] | None = None


class Names(Mapping[str, object]):
    """The names in a module, and behind them those of its package: two models that contain each other cannot import each other."""

    def __init__(self, module: str) -> None:
        self._module = vars(sys.modules[module]) if module in sys.modules else {}

    def __getitem__(self, name: str) -> object:
        if name in self._module:
            return self._module[name]
        package = self._module.get("__package__")
        found: object = getattr(importlib.import_module(package), name, self) if package else self
        if found is self:
            raise KeyError(name)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._module)

    def __len__(self) -> int:
        return len(self._module)


def evaluate(annotations: Mapping[str, object], names: Mapping[str, object], owner: str) -> dict[str, object]:
    """Evaluate annotations that are strings, all at once: compiling one text costs a quarter of compiling each."""
    texts = {attribute: text for attribute, text in annotations.items() if isinstance(text, str)}
    code = compile(f"({''.join(f'({text}),' for text in texts.values())})", f"<annotations of {owner}>", "eval")
    values = eval(code, {}, names)  # noqa: S307 - the annotations of a class that has been imported
    return {**annotations, **dict(zip(texts, values, strict=True))}


def schema_of(annotation: Any, context: Context, *, nullable: bool = False) -> Schema:  # noqa: ANN401 - any type expression
    """Make the schema that an annotation stands for.

    Raises:
        TypeError: When JSON values cannot have that type.
    """
    if isinstance(annotation, str):
        annotation = evaluate({"": annotation}, context.names, annotation)[""]
    kind = _SCALARS.get(annotation) if annotation.__hash__ else None
    if kind is not None:
        return Schema(kind, nullable)
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin in {types.UnionType, typing.Union}:
        return _union_of(arguments, context, nullable=nullable)
    if origin is typing.Literal:
        return _constants(arguments, nullable=nullable)
    if origin is list:
        return Schema("array", nullable, inner=schema_of(arguments[0], context))
    if origin is dict and arguments[0] is str:
        return Schema("map", nullable, inner=schema_of(arguments[1], context))
    if isinstance(annotation, type):
        table = context.table_of(annotation)
        if table is not None:
            return Schema("object", nullable, object=table)
        if (annotation.__module__, annotation.__qualname__) == ("uuid", "UUID"):
            return Schema("uuid", nullable)
    raise TypeError(f"{annotation!r} is not a type that JSON values can have")


def _constants(constants: tuple[Constant, ...], *, nullable: bool) -> Schema:
    return Schema(
        "constant", nullable or None in constants, constants=tuple(one for one in constants if one is not None)
    )


_SPECIFIC: tuple[Kind, ...] = (
    "constant",
    "date-time",
    "date",
    "uuid",
    "null",
    "boolean",
    "integer",
    "number",
    "object",
)
"""Options of a union are tried in this order: a date is also a string, and a model says more than a map does."""


def _union_of(arguments: tuple[Any, ...], context: Context, *, nullable: bool) -> Schema:
    nullable = nullable or any(one in {None, types.NoneType} for one in arguments if one.__hash__)
    options = [schema_of(one, context) for one in arguments if one not in (None, types.NoneType)]
    if nullable:
        options = [option._replace(nullable=False) for option in options]
    kinds: set[Kind] = {option.kind for option in options}
    if "anything" in kinds:
        return Schema("anything")
    # `Literal["a", "b"] | str` is any string: the words only tell people which there are.
    options = [option for option in options if not _is_covered(option, kinds)]
    if len(options) == 1:
        return options[0]._replace(nullable=nullable)
    options.sort(key=lambda option: _SPECIFIC.index(option.kind) if option.kind in _SPECIFIC else len(_SPECIFIC))
    return Schema("union", nullable, options=tuple(options), discriminator=_discriminator(options, context))


def _is_covered(option: Schema, kinds: set[Kind]) -> bool:
    by_type: dict[type[Any], set[Kind]] = {
        str: {"string"},
        int: {"integer", "number"},
        float: {"number"},
        bool: {"boolean"},
    }
    return option.kind == "constant" and all(by_type[type(one)] & kinds for one in option.constants)


def _discriminator(options: list[Schema], context: Context) -> Discriminator | None:
    if context.discriminator is None or sum(option.kind == "object" for option in options) < 2:
        return None
    name, models = context.discriminator
    known = {value: schema_of(model, context._replace(discriminator=None)) for value, model in models.items()}
    return Discriminator(name, known)
