"""From annotations to schemas: `float | None`, `list[Invoice]`, `dict[str, Card | Bank]`, `Literal["card"] | str`, ..."""

from __future__ import annotations

import datetime as dt
import importlib
import sys
import types
import typing
from typing import Any

from .schema import Constant, Discriminator, Kind, Schema

_BUILT_IN: dict[Any, Kind] = {object: "anything", bool: "boolean", int: "integer", float: "number", str: "string"}
_SCALARS: dict[object, Kind] = {
    **_BUILT_IN,
    Any: "anything",
    None: "null",
    types.NoneType: "null",
    dt.datetime: "date-time",
    dt.date: "date",
}
_PLAIN = {
    "dict[str, object]": Schema("map", inner=Schema()),
    **{one.__name__: Schema(kind) for one, kind in _BUILT_IN.items()},
    **{f"{one.__name__} | None": Schema(kind, kind != "anything") for one, kind in _BUILT_IN.items()},
}
"""The annotations of most fields, which are known without evaluating them."""
_SPECIFIC = ("constant", "date-time", "date", "uuid", "null", "boolean", "integer", "number", "object")
"""Options of a union are tried in this order: a date is also a string, and a model says more than a map does."""
_COVERED_BY: dict[type[Any], set[Kind]] = {
    str: {"string"},
    int: {"integer", "number"},
    float: {"number"},
    bool: {"boolean"},
}


class _Names(dict[str, Any]):
    """The names in a module, and behind them those of its package: two models that contain each other cannot import each other."""

    def __missing__(self, name: str) -> object:
        try:
            return getattr(importlib.import_module(self.get("__package__") or ""), name)
        except (AttributeError, ValueError):  # ValueError: the module is in no package
            raise KeyError(name) from None


class AnnotationReader:
    """Reads the annotations of one module."""

    def __init__(self, module: str) -> None:
        self._names = _Names(vars(sys.modules[module]))

    def read(self, annotation: Any, discriminator: Discriminator | None = None) -> Schema:  # noqa: ANN401 - any type expression
        """Make the schema that an annotation stands for.

        Raises:
            TypeError: When JSON values cannot have that type.
        """
        if isinstance(annotation, str):
            plain = _PLAIN.get(annotation)
            if plain is not None:
                return plain
            annotation = eval(annotation, {}, self._names)  # noqa: S307 - a part of a module that has been imported
        kind = _SCALARS.get(annotation) if annotation.__hash__ else None
        if kind is not None:
            return Schema(kind)
        origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
        if origin in {types.UnionType, typing.Union}:
            return self._union(arguments, discriminator)
        if origin is typing.Literal:
            constants: tuple[Constant, ...] = tuple(one for one in arguments if one is not None)
            return Schema("constant", None in arguments, constants=constants)
        if origin is list:
            return Schema("array", inner=self.read(arguments[0], discriminator))
        if origin is dict and arguments[0] is str:
            return Schema("map", inner=self.read(arguments[1], discriminator))
        return self._read_class(annotation)

    def _read_class(self, annotation: Any) -> Schema:  # noqa: ANN401 - any type expression
        if isinstance(annotation, type):
            table = getattr(annotation, "__table__", None)
            if table is not None:  # a model
                return Schema("object", object=table)
            if (annotation.__module__, annotation.__qualname__) == ("uuid", "UUID"):
                return Schema("uuid")
        raise TypeError(f"{annotation!r} is not a type that JSON values can have")

    def _union(self, arguments: tuple[Any, ...], discriminator: Discriminator | None) -> Schema:
        options = [self.read(one, discriminator) for one in arguments]
        kinds: set[Kind] = {option.kind for option in options}
        if "anything" in kinds:
            return Schema("anything")
        nullable = "null" in kinds or any(option.nullable for option in options)
        # `Literal["a", "b"] | str` is any string: the words only tell people which are known.
        options = [option._replace(nullable=False) for option in options if not _is_covered(option, kinds)]
        if len(options) == 1:
            return options[0]._replace(nullable=nullable)
        options.sort(key=lambda option: _SPECIFIC.index(option.kind) if option.kind in _SPECIFIC else len(_SPECIFIC))
        models: tuple[str, dict[str, Schema]] | None = None
        if discriminator is not None and sum(option.kind == "object" for option in options) > 1:
            models = discriminator[0], {value: self.read(model) for value, model in discriminator[1].items()}
        return Schema("union", nullable, options=tuple(options), discriminator=models)


def _is_covered(option: Schema, kinds: set[Kind]) -> bool:
    """Say whether an option of a union adds nothing to the others."""
    if option.kind == "constant":
        return all(_COVERED_BY[type(one)] & kinds for one in option.constants)
    return option.kind == "null"
