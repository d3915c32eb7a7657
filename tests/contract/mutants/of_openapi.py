"""Changes to an OpenAPI document: the specification, or the resolved document."""

import copy
import functools
import itertools
from collections.abc import Callable, Iterator
from typing import Any

Change = tuple[str, Callable[[], Any]]
"""What is changed, in words, and what makes the document with it."""

_OTHER_TYPE = {"number": "string", "integer": "boolean", "string": "number", "boolean": "string"}
_OTHER_UNIT = {"cents": "unix-s", "unix-s": "unix-ms", "unix-ms": "unix-s", "unix-auto": "unix-s"}
_OTHER_RETRY = {"safe": "once", "idempotent": "once", "once": "safe", "charge": "safe"}


def drop_a_field(document: Any) -> Iterator[Change]:
    yield from _field_changes(document, _drop)


def _drop(schema: Any, name: str) -> None:
    del schema["properties"][name]
    if name in schema.get("required", ()):
        schema["required"].remove(name)


def flip_required(document: Any) -> Iterator[Change]:
    yield from _field_changes(document, _flip)
    for where in _operations(document):
        for index, parameter in enumerate(_operation(document, where).get("parameters", ())):
            if "$ref" not in parameter:
                edit = functools.partial(_flip_parameter, where, index)
                yield f"{' '.join(where)} {parameter['name']}", functools.partial(_edited, document, edit)


def _flip(schema: Any, name: str) -> None:
    required = schema.setdefault("required", [])
    if name in required:
        required.remove(name)
    else:
        required.append(name)
    if not required:
        del schema["required"]


def _flip_parameter(where: "_Where", index: int, document: Any) -> None:
    parameter = _operation(document, where)["parameters"][index]
    parameter["required"] = not parameter.get("required", False)


def flip_nullable(document: Any) -> Iterator[Change]:
    yield from _field_changes(
        document, _flip_null, lambda field: "enum" not in field and _first(field.get("type")) in _OTHER_TYPE
    )


def _flip_null(schema: Any, name: str) -> None:
    field = schema["properties"][name]
    field["type"] = [field["type"], "null"] if isinstance(field["type"], str) else field["type"][0]


def change_a_type(document: Any) -> Iterator[Change]:
    yield from _field_changes(document, _change_type, lambda field: _first(field.get("type")) in _OTHER_TYPE)


def _change_type(schema: Any, name: str) -> None:
    field = schema["properties"][name]
    types = field["type"]
    field["type"] = _OTHER_TYPE[types] if isinstance(types, str) else [_OTHER_TYPE[types[0]], *types[1:]]
    for keyword in ("enum", "minimum", "const", "format", "x-unit", "x-unit-confidence"):
        field.pop(keyword, None)


def widen_an_enum(document: Any) -> Iterator[Change]:
    for place, _ in _enums(document):
        yield place, functools.partial(_edited, document, functools.partial(_widen, place))


def _widen(place: str, document: Any) -> None:
    dict(_enums(document))[place].append("unheard-of")


def narrow_an_enum(document: Any) -> Iterator[Change]:
    for place, words in _enums(document):
        for word in words:
            edit = functools.partial(_narrow, place, word)
            yield f"{place} {word}", functools.partial(_edited, document, edit)


def _narrow(place: str, word: str, document: Any) -> None:
    dict(_enums(document))[place].remove(word)


def change_a_minimum(document: Any) -> Iterator[Change]:
    for step in (-1, 1):
        yield from _field_changes(document, functools.partial(_move, step), lambda field: "minimum" in field)


def _move(step: int, schema: Any, name: str) -> None:
    schema["properties"][name]["minimum"] += step


def change_a_path(document: Any) -> Iterator[Change]:
    for path in document["paths"]:
        renamed = {f"{one}s" if one == path else one: item for one, item in document["paths"].items()}
        yield path, functools.partial(_with_paths, document, renamed)


def _with_paths(document: Any, paths: Any) -> Any:
    return {**document, "paths": paths}


def change_a_method(document: Any) -> Iterator[Change]:
    for path, item in document["paths"].items():
        for method in item:
            other = "put" if method == "post" else "post"
            if other not in item:
                renamed = {other if one == method else one: value for one, value in item.items()}
                paths = {**document["paths"], path: renamed}
                yield f"{method} {path}", functools.partial(_with_paths, document, paths)


def change_a_unit(document: Any) -> Iterator[Change]:
    yield from _field_changes(document, _change_unit, lambda field: "x-unit" in field)


def _change_unit(schema: Any, name: str) -> None:
    field = schema["properties"][name]
    field["x-unit"] = _OTHER_UNIT[field["x-unit"]]


def change_a_retry_class(document: Any) -> Iterator[Change]:
    yield from _operation_changes(document, "x-retry", lambda retry: _OTHER_RETRY[retry])


def drop_a_permission(document: Any) -> Iterator[Change]:
    yield from _operation_changes(document, "x-api-token-group", lambda groups: groups[:-1] or ["AI Gateway Read"])


def change_a_name(document: Any) -> Iterator[Change]:
    yield from _operation_changes(document, "x-fern-sdk-method-name", lambda name: f"{name}_now")


def flip_deprecated(document: Any) -> Iterator[Change]:
    for where in _operations(document):
        yield " ".join(where), functools.partial(_edited, document, functools.partial(_flip_deprecated, where))


def _flip_deprecated(where: "_Where", document: Any) -> None:
    operation = _operation(document, where)
    operation["deprecated"] = not operation.get("deprecated", False)


def swap_two_descriptions(document: Any) -> Iterator[Change]:
    """Those of two properties that follow each other in a component that calls return."""
    for component, schema in document["components"]["schemas"].items():
        reported = [name for name, field in schema.get("properties", {}).items() if "description" in field]
        for first, second in itertools.pairwise(reported):
            swap = functools.partial(
                _swap, ("components", "schemas", component, "properties"), first, second, "description"
            )
            yield f"{component}.{first} and {second}", functools.partial(_edited, document, swap)


def swap_two_summaries(document: Any) -> Iterator[Change]:
    for (one, path), (other, second) in itertools.pairwise(_operations(document)):
        if one == other:
            swap = functools.partial(_swap_in_paths, one, path, second)
            yield f"{one} {path} and {second}", functools.partial(_edited, document, swap)


def swap_two_examples(document: Any) -> Iterator[Change]:
    """The answers that two operations show."""
    shown = [where for where in _operations(document) if _examples_of(document, where)]
    for one, other in itertools.pairwise(shown):
        yield (
            f"{' '.join(one)} and {' '.join(other)}",
            functools.partial(_edited, document, functools.partial(_swap_examples, one, other)),
        )


def _swap(place: tuple[str, ...], first: str, second: str, keyword: str, document: Any) -> None:
    holder = functools.reduce(lambda node, step: node[step], place, document)
    holder[first][keyword], holder[second][keyword] = holder[second][keyword], holder[first][keyword]


def _swap_in_paths(method: str, first: str, second: str, document: Any) -> None:
    one, other = document["paths"][first][method], document["paths"][second][method]
    one["summary"], other["summary"] = other["summary"], one["summary"]


def _examples_of(document: Any, where: "_Where") -> Any:
    responses = _operation(document, where)["responses"]
    success = next(response for status, response in responses.items() if status.startswith("2"))
    return success["content"]["application/json"].get("examples")


def _swap_examples(one: "_Where", other: "_Where", document: Any) -> None:
    first, second = _examples_of(document, one), _examples_of(document, other)
    kept = dict(first)
    first.clear()
    first.update(second)
    second.clear()
    second.update(kept)


IN_SPEC = (
    drop_a_field,
    flip_required,
    flip_nullable,
    change_a_type,
    widen_an_enum,
    narrow_an_enum,
    change_a_minimum,
    change_a_path,
    change_a_method,
    drop_a_permission,
)
IN_RESOLVED = (
    *IN_SPEC,
    change_a_unit,
    change_a_retry_class,
    change_a_name,
    flip_deprecated,
    swap_two_descriptions,
    swap_two_summaries,
    swap_two_examples,
)


_Where = tuple[str, str]
"""Method and path."""


def _edited(document: Any, edit: Callable[[Any], None]) -> Any:
    new = copy.deepcopy(document)
    edit(new)
    return new


def _field_changes(
    document: Any, edit: Callable[[Any, str], None], only: Callable[[Any], bool] = lambda _: True
) -> Iterator[Change]:
    """One change for each property of each component; `edit` is given the component's schema and the property's name."""
    for component, schema in document["components"]["schemas"].items():
        for name, field in schema.get("properties", {}).items():
            if only(field):
                own = functools.partial(_edit_field, component, name, edit)
                yield f"{component}.{name}", functools.partial(_edited, document, own)


def _edit_field(component: str, name: str, edit: Callable[[Any, str], None], document: Any) -> None:
    edit(document["components"]["schemas"][component], name)


def _operation_changes(document: Any, keyword: str, other: Callable[[Any], Any]) -> Iterator[Change]:
    """One change for each operation that has a keyword."""
    for where in _operations(document):
        if keyword in _operation(document, where):
            edit = functools.partial(_edit_operation, where, keyword, other)
            yield " ".join(where), functools.partial(_edited, document, edit)


def _edit_operation(where: _Where, keyword: str, other: Callable[[Any], Any], document: Any) -> None:
    operation = _operation(document, where)
    operation[keyword] = other(operation[keyword])


def _first(types: Any) -> Any:
    return types[0] if isinstance(types, list) else types


def _operations(document: Any) -> Iterator[_Where]:
    for path, item in document["paths"].items():
        for method in item:
            yield method, path


def _operation(document: Any, where: _Where) -> Any:
    method, path = where
    return document["paths"][path][method]


def _enums(node: Any, place: str = "$") -> Iterator[tuple[str, list[Any]]]:
    if isinstance(node, dict):
        if isinstance(node.get("enum"), list):
            yield place, node["enum"]
        for key, value in node.items():
            yield from _enums(value, f"{place}.{key}")
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from _enums(value, f"{place}[{index}]")
