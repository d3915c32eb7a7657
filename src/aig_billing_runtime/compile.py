"""Decoders: each gives a value, or MISMATCH, and never raises.

The first objects of a model are decoded by walking its table, which costs nothing to prepare: a program that reads one balance and ends
compiles nothing. For more, a function is compiled from the table. It takes the straight way through objects that have every field as the
document writes it; anything else goes to a second function, which is compiled only when such an object is met.
"""

from __future__ import annotations

import itertools
import linecache
from collections.abc import Callable, Container
from typing import Any

from .schema import (
    MISMATCH,
    SCALARS,
    FieldSchema,
    Json,
    Kind,
    Object,
    Schema,
    find_constant,
    is_finite,
    is_nested_too_deeply,
    is_recursive,
)

Decoder = Callable[[Any], Any]

WALKED = 10
"""How many objects of a model are decoded by its table; walking it ten times takes as long as compiling."""
_ABSENT: Any = object()
"""Stands for a required field that is absent while its object is decoded; null is a value."""
_new = object.__new__


def decoder_of(schema: Schema) -> Decoder:
    """Make the decoder of a schema."""
    endless = is_recursive(schema)
    uses = itertools.count(1)
    compiled: Decoder | None = None

    def decode(value: Json) -> object:
        nonlocal compiled
        if endless and is_nested_too_deeply(value):
            return MISMATCH
        if compiled is not None:
            return compiled(value)
        if next(uses) > WALKED:
            compiled = _Source(repr(schema.kind)).finish_schema(schema)
        return _walk(value, schema)

    return decode


def model_decoder(table: Object) -> Decoder:
    """Give the decoder of a model, which is called `decode` once it has been compiled."""
    found: Decoder | None = vars(table.model).get("__decoder__")
    if found is not None:
        return found
    uses = itertools.count()

    def walk(value: Json) -> object:
        if next(uses) < WALKED:
            return _walk_object(value, table)
        if table.model.__decoder__ is walk:
            compile_model(table)
        result: object = table.model.__decoder__(value)
        return result

    table.model.__decoder__ = walk
    return walk


def compile_model(table: Object) -> None:
    """Compile the decoder of a model."""
    table.model.__decoder__ = _Source(_title(table)).finish_model(table)


def list_decoder(table: Object) -> Decoder:
    """Give the decoder of a list of a model: in one loop, because calling a function for each object takes 9 % of the time."""
    found: Decoder | None = vars(table.model).get("__list_decoder__")
    if found is None:
        table.model.__list_decoder__ = found = _Source(f"list of {_title(table)}").finish_model(table, many=True)
    return found


def _title(table: Object) -> str:
    return f"{table.model.__module__}.{table.model.__qualname__}"


def _walk(value: Json, schema: Schema) -> Any:  # noqa: ANN401 - of any type
    """Decode a value as its schema says."""
    kind, inner = schema.kind, schema.inner or Schema()
    if schema.nullable and value is None:
        return None
    if kind in SCALARS:
        return SCALARS[kind](value)
    if schema.object is not None:
        return model_decoder(schema.object())(value)
    if kind == "constant":
        return find_constant(value, schema.constants)
    if kind == "union":
        return _walk_union(value, schema)
    if kind == "array" and type(value) is list:
        if _is_list_of_models(schema) and len(value) > WALKED and inner.object is not None:
            return list_decoder(inner.object())(value)
        items = [one for item in value if (one := _walk(item, inner)) is not MISMATCH]
        return items if len(items) == len(value) else MISMATCH
    if kind == "map" and type(value) is dict:
        values = {name: one for name, item in value.items() if (one := _walk(item, inner)) is not MISMATCH}
        return values if len(values) == len(value) else MISMATCH
    return MISMATCH


def _walk_union(value: Json, schema: Schema) -> Any:  # noqa: ANN401 - of any type
    options, known = schema.options, schema.discriminator
    if type(value) is dict:
        models = [option.object() for option in options if option.object is not None]
        if known is not None:
            tag = value.get(known[0])
            if type(tag) is str and tag in known[1]:
                return _walk(value, known[1][tag])
        elif (one := _best_of(value, tuple(map(model_decoder, models)))) is not MISMATCH:
            return one
    others = (option for option in options if option.object is None)
    return next((one for option in others if (one := _walk(value, option)) is not MISMATCH), MISMATCH)


def _walk_object(value: Json, table: Object) -> Any:  # noqa: ANN401 - of any type
    if type(value) is not dict:
        return MISMATCH
    made, known = _new(table.model), 0
    for field in table.fields:
        if field.name in value:
            known += 1
            one = _walk(value[field.name], field.schema)
            if one is MISMATCH:
                return MISMATCH
        elif field.required:
            return MISMATCH
        else:
            one = field.default
        setattr(made, field.slot, one)
    if table.extra is None:
        return made if known == len(value) else MISMATCH
    if known < len(value):
        names, extra = {field.name for field in table.fields}, table.extra
        if not _collect_typed(made.additional_properties, value, names, lambda item: _walk(item, extra)):
            return MISMATCH
    return made


def _collect_extra(found: dict[str, object], value: dict[str, Json], known: Container[str], number: int) -> bool:
    """Collect so many fields that are not known; False when one of them is not JSON, as infinity is not."""
    # What a service adds, it adds at the end: found from there, one more field costs a third of the object and not all of it again.
    for name in reversed(value):
        if name not in known:
            item = value[name]
            if type(item) is not str and not is_finite(item):
                return False
            found[name] = item
            if len(found) == number:
                break
    if number > 1:
        in_order = [*reversed(found.items())]
        found.clear()
        found.update(in_order)
    return True


def _collect_typed(found: dict[str, object], value: dict[str, Json], known: Container[str], decode: Decoder) -> bool:
    """Collect the fields that are not known; False when one of them does not have the type that they must have."""
    for name, item in value.items():
        if name not in known:
            one = decode(item)
            if one is MISMATCH:
                return False
            found[name] = one
    return True


def _best_of(value: Json, decoders: tuple[Decoder, ...]) -> object:
    """Decode as the model that knows most of the object's fields; of several, the first."""
    decoded = [one for decode in decoders if (one := decode(value)) is not MISMATCH]
    return min(decoded, key=lambda one: len(getattr(one, "additional_properties", ()))) if decoded else MISMATCH


_HELPERS: dict[str, object] = {
    "MISMATCH": MISMATCH,
    "ABSENT": _ABSENT,
    "new": _new,
    "is_finite": is_finite,
    "find_constant": find_constant,
    "collect_extra": _collect_extra,
    "collect_typed": _collect_typed,
    "best_of": _best_of,
    "read_integer": SCALARS["integer"],
    "read_date_time": SCALARS["date-time"],
    "read_date": SCALARS["date"],
    "read_uuid": SCALARS["uuid"],
}
_TESTS: dict[Kind, str] = {
    "anything": "(type({0}) is str or is_finite({0}))",
    "unchecked": "True",
    "null": "{0} is None",
    "boolean": "type({0}) is bool",
    "number": "(type({0}) is int or isinstance({0}, float) and {0} - {0} == 0.0)",
    "string": "type({0}) is str",
}
"""For types whose values are kept as they are."""
_QUICK_TESTS: dict[Kind, str] = {
    **_TESTS,
    # Not of a subclass that keeps a long number's text, nor 1.0 for 1: those are left to the second function.
    "number": "(type({0}) is int or type({0}) is float and {0} - {0} == 0.0)",
    "integer": "type({0}) is int",
}
_READERS: dict[Kind, str] = {
    "integer": "read_integer({0})",
    "date-time": "read_date_time({0})",
    "date": "read_date({0})",
    "uuid": "read_uuid({0})",
}


_LOCALS = "type=type, str=str, int=int, float=float"
"""Names that a decoder has as its own, which takes 5 % less time than looking each up."""


class _Source:
    """The source of one compilation, with the names that it uses."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._names = dict(_HELPERS)
        self._functions: list[str] = []

    def finish(self, function: str) -> Decoder:
        """Compile what has been collected and a function called `decode`."""
        text = "\n".join((*self._functions, function))
        filename = f"<decoder of {self._title}>"
        exec(compile(text, filename, "exec"), self._names)  # noqa: S102 - made above, of a table that is part of the code
        # Tracebacks and debuggers show its lines.
        linecache.cache[filename] = (len(text), None, text.splitlines(keepends=True), filename)
        decode: Decoder = self._names["decode"]  # type: ignore[assignment]  # the text defines it
        return decode

    def finish_schema(self, schema: Schema) -> Decoder:
        """Compile the decoder of a type that is not a model."""
        return self.finish(f"def decode(value):\n    return {self.decoded(schema, 'value')}\n")

    def finish_model(self, table: Object, *, many: bool = False) -> Decoder:
        """Compile the decoder of a model, or of a list of it."""
        defaults = {field.name: _ABSENT if field.required else field.default for field in table.fields}
        self._names.update(cls=table.model, DEFAULTS=defaults)

        def decode_slow(value: dict[str, Json]) -> object:
            slow = _Source(f"{self._title}, irregular")
            slow._names.update(cls=table.model, DEFAULTS=defaults)
            self._names["decode_slow"] = found = slow.finish(slow.slow_function(table))
            return found(value)

        self._names["decode_slow"] = decode_slow
        return self.finish(self._quick_function(table, many=many))

    def decoded(self, schema: Schema, value: str) -> str:
        """Give an expression for a value decoded, or MISMATCH."""
        decoded = self._decoded_without_null(schema, value)
        return f"(None if {value} is None else {decoded})" if schema.nullable else decoded

    def _decoded_without_null(self, schema: Schema, value: str) -> str:
        if schema.kind in _TESTS:
            return f"({value} if {_TESTS[schema.kind].format(value)} else MISMATCH)"
        if schema.kind in _READERS:
            return _READERS[schema.kind].format(value)
        if schema.kind == "constant":
            return f"find_constant({value}, {self._name_for(schema.constants)})"
        if schema.object is not None:
            return f"{self._name_for_model(schema.object())}({value})"
        return f"{self._function(schema)}({value})"

    def _name_for(self, value: object) -> str:
        name = f"_{len(self._names)}"
        self._names[name] = value
        return name

    def _name_for_model(self, table: Object, *, many: bool = False) -> str:
        name = f"decode_{table.model.__name__}_{len(self._names)}"

        def decode_first(value: Json) -> object:
            """Call the decoder of the model, and put it here itself once it has been compiled."""
            decode = list_decoder(table) if many else model_decoder(table)
            if decode.__name__ == "decode":
                self._names[name] = decode
            return decode(value)

        self._names[name] = decode_first
        return name

    def _function(self, schema: Schema) -> str:
        """Make a function for a value that contains others."""
        name = self._name_for(None)
        if schema.kind == "union":
            body = self._union(schema)
        elif schema.inner is not None and schema.inner.object is not None and _is_list_of_models(schema):
            decode = self._name_for_model(schema.inner.object(), many=True)
            body = [f"return {decode}(value) if type(value) is list else MISMATCH"]
        else:
            one = f"(item_ := {self.decoded(schema.inner or Schema(), 'item')}) is not MISMATCH"
            if schema.kind == "array":
                kind, made = "list", f"[item_ for item in value if {one}]"
            else:
                kind, made = "dict", f"{{name: item_ for name, item in value.items() if {one}}}"
            body = [
                f"if type(value) is not {kind}: return MISMATCH",
                f"made = {made}",
                "return made if len(made) == len(value) else MISMATCH",
            ]
        self._functions.append("\n    ".join((f"def {name}(value):", *body)) + "\n")
        return name

    def _union(self, schema: Schema) -> list[str]:
        body: list[str] = []
        known = schema.discriminator
        models = [one.object() for one in schema.options if one.object is not None]
        if known is not None:
            name, named = known
            body += ["if type(value) is dict:", f"    tag = value.get({name!r})"]
            body += [f"    if tag == {tag!r}: return {self.decoded(one, 'value')}" for tag, one in named.items()]
        elif len(models) > 1:
            decoders = ", ".join(self._name_for_model(table) for table in models)
            body += [f"if type(value) is dict and (one := best_of(value, ({decoders}))) is not MISMATCH: return one"]
        for option in schema.options:
            if option.object is None or (known is None and len(models) == 1):
                body.append(f"if (one := {self.decoded(option, 'value')}) is not MISMATCH: return one")
        return [*body, "return MISMATCH"]

    def _quick_function(self, table: Object, *, many: bool) -> str:
        """Write the function for objects that have every field as the document writes it; for one, or a list of them."""
        fields = table.fields
        leave = ["return decode_slow(value)"]
        if many:
            leave = ["if (made := decode_slow(value)) is MISMATCH: return MISMATCH", "append(made)", "continue"]
        tests = [self._quick_test(field) for field in fields if field.schema.kind in _QUICK_TESTS]
        lines = ["if type(value) is not dict: return MISMATCH", "size = len(value)"]
        lines += [f"if size {'!=' if table.extra is None else '<'} {len(fields)}:", *_indented(leave)]
        if fields:
            lines += ["try:", *(f"    {_local(field)} = value[{field.name!r}]" for field in fields)]
            lines += ["except KeyError:", *_indented(leave)]
        if tests:
            lines += [f"if not ({' and '.join(tests)}):", *_indented(leave)]
        for field in fields:
            if field.schema.kind not in _QUICK_TESTS:
                lines += self._assign(field)
        lines += self._make(table)
        if not many:
            return "\n    ".join((f"def decode(value, {_LOCALS}):", *lines, "return made")) + "\n"
        loop = [
            "made_all = []",
            "append = made_all.append",
            "for value in values:",
            *_indented([*lines, "append(made)"]),
        ]
        return "\n    ".join((f"def decode(values, {_LOCALS}):", *loop, "return made_all")) + "\n"

    def slow_function(self, table: Object) -> str:
        """Write the function for objects where optional fields are absent, or a whole number is written as 1.0."""
        fields = table.fields
        # Laid over the defaults it can be read straight through as well: a fifth less time than asking for each field.
        lines = [f"def decode(value, {_LOCALS}):", "whole = DEFAULTS | value", "size = len(whole)"]
        if table.extra is None:
            lines.append(f"if size != {len(fields)}: return MISMATCH")
        lines += [f"{_local(field)} = whole[{field.name!r}]" for field in fields]
        tests = [self._slow_test(field) for field in fields if field.schema.kind in _TESTS]
        if tests:
            lines.append(f"if not ({' and '.join(tests)}): return MISMATCH")
        for field in fields:
            if field.schema.kind in _TESTS:
                continue
            if field.required or (field.schema.nullable and field.default is None):
                lines += self._assign(field)
            else:
                lines += [f"if {field.name!r} in value:", *(f"    {line}" for line in self._assign(field))]
        return "\n    ".join((*lines, *self._make(table), "return made")) + "\n"

    def _assign(self, field: FieldSchema) -> list[str]:
        local = _local(field)
        return [f"{local} = {self.decoded(field.schema, local)}", f"if {local} is MISMATCH: return MISMATCH"]

    @staticmethod
    def _quick_test(field: FieldSchema) -> str:
        test = _QUICK_TESTS[field.schema.kind].format(_local(field))
        return f"({test} or {_local(field)} is None)" if field.schema.nullable else test

    @staticmethod
    def _slow_test(field: FieldSchema) -> str:
        local = _local(field)
        test = _TESTS[field.schema.kind].format(local)
        if field.schema.nullable:
            test = f"({test} or {local} is None)"
        if not field.required:
            return f"({test} or {field.name!r} not in value)"
        return f"{local} is not ABSENT and {test}" if field.schema.kind in {"anything", "unchecked"} else test

    def _make(self, table: Object) -> list[str]:
        # Assigned here rather than in __init__: a fifth less time for a model of 14 fields.
        lines = ["made = new(cls)", *(f"made.{field.slot} = {_local(field)}" for field in table.fields)]
        if table.extra is not None:
            known = len(table.fields)
            if table.extra.kind == "anything":
                collected = f"collect_extra(extra, value, DEFAULTS, size - {known})"
            else:
                decode = self._name_for(decoder_of(table.extra))
                collected = f"collect_typed(extra, value, DEFAULTS, {decode})"
            lines += [f"if size > {known}:", "    made.additional_properties = extra = {}"]
            lines.append(f"    if not {collected}: return MISMATCH")
        return lines


def _local(field: FieldSchema) -> str:
    return f"v_{field.attribute}"


def _indented(lines: list[str]) -> list[str]:
    return [f"    {line}" for line in lines]


def _is_list_of_models(schema: Schema) -> bool:
    inner = schema.inner
    return schema.kind == "array" and inner is not None and inner.object is not None and not inner.nullable
