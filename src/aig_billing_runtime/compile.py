"""Decoders: each gives a value, or MISMATCH, and never raises.

The first values of a type are read by walking its schema, which costs nothing to prepare: a program that reads one balance and ends
compiles nothing. For more, a function is compiled. It reads the fields of an object at once, and lays objects that lack some over the
defaults.
"""

from __future__ import annotations

import itertools
import linecache
import operator
from collections.abc import Callable, Container
from functools import cache, partial
from typing import Any

from .schema import (
    MISMATCH,
    SCALARS,
    FieldSchema,
    Json,
    Kind,
    Misfit,
    Mismatched,
    Object,
    Schema,
    find_constant,
    is_finite,
    is_nested_too_deeply,
    is_recursive,
    knows_most,
    read,
)

Decoder = Callable[[Any], Any]

WALKED = 10
"""How many values are read by walking the schema, unless one is long; walking it ten times takes as long as compiling."""
_ABSENT: Any = object()
"""Stands for a required field that is absent while its object is decoded; null is a value."""


def decoder_of(schema: Schema, replace: Callable[[Decoder], None]) -> Decoder:
    """Make the decoder of a schema; `replace` is called with the compiled one, unless values must be checked before it."""
    endless = is_recursive(schema)
    uses = itertools.count(1)
    compiled: Decoder | None = None

    def decode(value: Json) -> object:
        nonlocal compiled
        if endless and is_nested_too_deeply(value):
            return MISMATCH
        if compiled is not None:
            return compiled(value)
        if next(uses) > WALKED or _is_long(value):
            compiled = compile_schema(schema)
            if not endless:
                replace(compiled)
            return compiled(value)
        found = read(value, schema)
        return MISMATCH if isinstance(found, Misfit) else found

    return decode


def _is_long(value: Json) -> bool:
    """Say whether a value is a long array, or has one among its fields."""
    fields = value.values() if type(value) is dict else (value,)
    return any(type(one) is list and len(one) > WALKED for one in fields)


def compile_schema(schema: Schema) -> Decoder:
    """Compile the decoder of a type."""
    if schema.object is not None and not schema.nullable:
        return compile_model(schema.object)
    source = _Source(schema.kind)
    return source.finish("value", [f"return {source.decoded(schema, 'value')}"])


@cache
def compile_model(describe: Callable[[], Object], *, many: bool = False) -> Decoder:
    """Compile the decoder of a model; or of a list of it, in one loop, because calling a function for each takes 9 % of the time."""
    table = describe()
    model = table.model
    source = _Source(f"{'list of ' if many else ''}{model.__module__}.{model.__qualname__}")
    body = source.object_lines(table)
    if not many:
        return source.finish("value", [*body, "return made"])
    before = ["if type(values) is not list: return MISMATCH", "made_all = []"]
    loop = ["for value in values:", *_indented([*body, "made_all.append(made)"])]
    return source.finish("values", [*before, *loop, "return made_all"])


def _collect_extra(value: dict[str, Json], known: Container[str], number: int) -> dict[str, Json] | Mismatched:
    """Collect so many fields that are not known; MISMATCH when one of them is not JSON, as infinity is not."""
    found: dict[str, Json] = {}
    # What a service adds, it adds at the end: found from there, one more field costs a third of the object and not all of it again.
    for name in reversed(value):
        if name not in known:
            item = value[name]
            if type(item) is not str and not is_finite(item):
                return MISMATCH
            found[name] = item
            if len(found) == number:
                break
    return found if number == 1 else dict(reversed(found.items()))


def _best_of(value: Json, decoders: tuple[Decoder, ...]) -> object:
    """Decode as the model that knows most of the object's fields."""
    return knows_most([one for decode in decoders if (one := decode(value)) is not MISMATCH]) or MISMATCH


_HELPERS: dict[str, object] = {
    "MISMATCH": MISMATCH,
    "ABSENT": _ABSENT,
    "is_finite": is_finite,
    "find_constant": find_constant,
    "collect_extra": _collect_extra,
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
_READERS: dict[Kind, str] = {
    "integer": "({0} if type({0}) is int else read_integer({0}))",
    "date-time": "read_date_time({0})",
    "date": "read_date({0})",
    "uuid": "read_uuid({0})",
}
_LOCALS = "type=type, str=str, int=int, float=float"
"""Names that a decoder has as its own, which takes 5 % less time than looking each up."""


class _Source:
    """The source of one decoder, with the names that it uses."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._names = dict(_HELPERS)
        self._functions: list[str] = []

    def finish(self, parameter: str, body: list[str]) -> Decoder:
        """Compile what has been collected and a function called `decode`."""
        self._add(f"decode({parameter}, {_LOCALS})", body)
        text = "\n".join(self._functions)
        filename = f"<decoder of {self._title}>"
        exec(compile(text, filename, "exec"), self._names)  # noqa: S102 - made above, of a table that is part of the code
        # Tracebacks and debuggers show its lines.
        linecache.cache[filename] = (len(text), None, text.splitlines(keepends=True), filename)
        decode: Decoder = self._names["decode"]  # type: ignore[assignment]  # the text defines it
        return decode

    def decoded(self, schema: Schema, value: str) -> str:
        """Give an expression for a value decoded, or MISMATCH."""
        inner = schema.inner
        if schema.kind in _TESTS:
            found = f"({value} if {_TESTS[schema.kind].format(value)} else MISMATCH)"
        elif schema.kind in _READERS:
            found = _READERS[schema.kind].format(value)
        elif schema.kind == "constant":
            found = f"find_constant({value}, {self._name_for(schema.constants)})"
        elif schema.object is not None:
            found = f"{self._name_later(partial(compile_model, schema.object))}({value})"
        elif schema.kind == "array" and inner is not None and inner.object is not None and not inner.nullable:
            many = self._name_later(partial(compile_model, inner.object, many=True))
            found = f"([] if {value} == [] else {many}({value}))"
        else:
            name = self._name_for(None)
            self._add(f"{name}(value)", self._union(schema) if schema.kind == "union" else self._all(schema))
            found = f"{name}({value})"
        return f"(None if {value} is None else {found})" if schema.nullable else found

    def _add(self, signature: str, body: list[str]) -> None:
        self._functions.append("\n".join([f"def {signature}:", *_indented(body), ""]))

    def _name_for(self, value: object) -> str:
        name = f"_{len(self._names)}"
        self._names[name] = value
        return name

    def _name_later(self, make: Callable[[], Decoder]) -> str:
        """Name a decoder that is compiled when it is first called: a model may contain itself."""

        def decode_first(value: Json) -> object:
            self._names[name] = decode = make()
            return decode(value)

        name = self._name_for(decode_first)
        return name

    def _all(self, schema: Schema) -> list[str]:
        """Decode all items of an array, or all values of a map."""
        one = f"(item_ := {self.decoded(schema.inner or Schema(), 'item')}) is not MISMATCH"
        if schema.kind == "array":
            kind, made = "list", f"[item_ for item in value if {one}]"
        else:
            kind, made = "dict", f"{{name: item_ for name, item in value.items() if {one}}}"
        return [
            f"if type(value) is not {kind}: return MISMATCH",
            f"made = {made}",
            "return made if len(made) == len(value) else MISMATCH",
        ]

    def _union(self, schema: Schema) -> list[str]:
        body: list[str] = []
        known = schema.discriminator
        models = [self._name_later(partial(compile_model, one.object)) for one in schema.options if one.object]
        if known is not None:
            name, named = known
            body += ["if type(value) is dict:", f"    tag = value.get({name!r})"]
            body += [f"    if tag == {tag!r}: return {self.decoded(one, 'value')}" for tag, one in named.items()]
        elif models:
            body += [
                f"if type(value) is dict and (one := best_of(value, ({', '.join(models)},))) is not MISMATCH: return one"
            ]
        for option in schema.options:
            if option.object is None:
                body.append(f"if (one := {self.decoded(option, 'value')}) is not MISMATCH: return one")
        return [*body, "return MISMATCH"]

    def object_lines(self, table: Object) -> list[str]:
        """Write what makes `made` of `value`."""
        fields, count = table.fields, len(table.fields)
        self._names["new"] = partial(object.__new__, table.model)
        self._names["DEFAULTS"] = {field.name: _ABSENT if field.required else field.default for field in fields}
        lines = ["if type(value) is not dict: return MISMATCH", "whole = value", "size = len(value)"]
        reads = [f"{_local(field)} = whole[{field.name!r}]" for field in fields]
        if count > 5:  # at once: for 14 fields a fifth less time, for less than six no less
            self._names["get"] = operator.itemgetter(*(field.name for field in fields))
            reads = [f"{', '.join(map(_local, fields))} = get(whole)"]
        if reads:
            # Laid over the defaults it can be read straight through as well: a fifth less time than asking for each field.
            overlay = _indented(["whole = DEFAULTS | value", "size = len(whole)"])
            lines += [f"if size < {count}:", *overlay]
            lines += ["try:", *_indented(reads), "except KeyError:", *overlay, *_indented(reads)]
        if table.extra is None:
            lines.append(f"if size > {count}: return MISMATCH")
        tests = [_test(field) for field in fields if field.schema.kind in _TESTS]
        if tests:
            lines.append(f"if not ({' and '.join(tests)}): return MISMATCH")
        for field in fields:
            if field.schema.kind not in _TESTS:
                local = _local(field)
                decode = [f"{local} = {self.decoded(field.schema, local)}", f"if {local} is MISMATCH: return MISMATCH"]
                lines += decode if field.required else [f"if {field.name!r} in value:", *_indented(decode)]
        # Assigned here rather than in __init__: a fifth less time for a model of 14 fields.
        lines += ["made = new()", *(f"made.{field.slot} = {_local(field)}" for field in fields)]
        if table.extra is not None:
            # One more text, at the end, needs no call: a tenth less time for such an object.
            one = f"size == {count + 1} and (name := next(reversed(value))) not in DEFAULTS and type(item := value[name]) is str"
            extra = f"{{name: item}} if {one} else collect_extra(value, DEFAULTS, size - {count})"
            if table.extra.kind != "anything":
                others = "{name: item for name, item in value.items() if name not in DEFAULTS}"
                extra = self.decoded(Schema("map", inner=table.extra), others)
            collect = [
                f"extra = {extra}",
                "if extra is MISMATCH: return MISMATCH",
                "made.additional_properties = extra",
            ]
            lines += [f"if size > {count}:", *_indented(collect)]
        return lines


def _test(field: FieldSchema) -> str:
    local = _local(field)
    test = _TESTS[field.schema.kind].format(local)
    if field.schema.nullable:
        test = f"({test} or {local} is None)"
    if not field.required:
        return f"({test} or {field.name!r} not in value)"
    return f"{local} is not ABSENT and {test}" if field.schema.kind in {"anything", "unchecked"} else test


def _local(field: FieldSchema) -> str:
    return f"v_{field.attribute}"


def _indented(lines: list[str]) -> list[str]:
    return [f"    {line}" for line in lines]
