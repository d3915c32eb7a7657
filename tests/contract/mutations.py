"""Small changes to a JSON document, made everywhere they can be made, to prove that a comparison notices each of them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.contract.strict_reading import child

Path = tuple[str | int, ...]

NAMING: Sequence[Path] = (("paths",), ("properties",))


@dataclass(frozen=True, slots=True)
class Mutation:
    """A copy of a document with one change in it, and the place of the change."""

    place: str
    document: Any


def drop_keys(document: Any) -> Iterator[Mutation]:
    """Each key of each mapping, gone."""
    for at, mapping in _nodes(document, Mapping):
        for key in mapping:
            yield _changed(document, (*at, key), {name: value for name, value in mapping.items() if name != key})


def add_keys(document: Any) -> Iterator[Mutation]:
    """A key that nobody has heard of, in each mapping."""
    for at, mapping in _nodes(document, Mapping):
        yield _changed(document, (*at, "x-unheard-of"), {**mapping, "x-unheard-of": True})


def rename_names(document: Any) -> Iterator[Mutation]:
    """Each path, field, component and scheme, called something else; renaming a keyword is dropping it and adding another."""
    for at, mapping in _nodes(document, Mapping):
        named = at[-1:] in NAMING or at[:-1] == ("components",)
        for key in mapping if named else ():
            renamed = {f"{name}Z" if name == key else name: value for name, value in mapping.items()}
            yield _changed(document, (*at, key), renamed)


def swap_fields(document: Any) -> Iterator[Mutation]:
    """Each property of each schema, in the place of the next. Other mappings have no order that means anything."""
    for at, mapping in _nodes(document, Mapping):
        entries = list(mapping.items()) if at[-1:] == ("properties",) else []
        for index in range(len(entries) - 1):
            swapped = [*entries[:index], entries[index + 1], entries[index], *entries[index + 2 :]]
            yield _changed(document, (*at, entries[index][0]), dict(swapped))


def drop_items(document: Any) -> Iterator[Mutation]:
    """Each item of each list, gone."""
    for at, items in _nodes(document, list):
        for index in range(len(items)):
            yield _changed(document, (*at, index), [*items[:index], *items[index + 1 :]])


def repeat_items(document: Any) -> Iterator[Mutation]:
    """Each item of each list, twice; and a string in each empty list."""
    for at, items in _nodes(document, list):
        for index in range(len(items)):
            yield _changed(document, (*at, index), [*items[: index + 1], *items[index:]])
        if not items:
            yield _changed(document, (*at, 0), ["unheard-of"])


def swap_items(document: Any) -> Iterator[Mutation]:
    """Each item of each list, in the place of the next."""
    for at, items in _nodes(document, list):
        for index in range(len(items) - 1):
            swapped = [*items[:index], items[index + 1], items[index], *items[index + 2 :]]
            yield _changed(document, (*at, index), swapped)


def change_values(document: Any) -> Iterator[Mutation]:
    """Each string, number and boolean, replaced by another one."""
    for at, value in _leaves(document):
        yield _replaced(document, at, _another(value))


def change_kinds(document: Any) -> Iterator[Mutation]:
    """Each value, replaced by one of another kind: null, or, where null is, a string."""
    for at, value in [*_leaves(document), *_nodes(document, Mapping), *_nodes(document, list)]:
        yield _replaced(document, at, "unheard-of" if value is None else None)


def repoint_references(document: Any) -> Iterator[Mutation]:
    """Each `$ref`, leading to each other component of its section."""
    for at, mapping in _nodes(document, Mapping):
        match mapping.get("$ref"):
            case str(reference):
                _, _, section, name = reference.split("/")
                for other in document["components"][section]:
                    if other != name:
                        yield _replaced(document, (*at, "$ref"), f"#/components/{section}/{other}")
            case _:
                pass


KINDS: Sequence[Callable[[Any], Iterator[Mutation]]] = (
    drop_keys,
    add_keys,
    rename_names,
    swap_fields,
    drop_items,
    repeat_items,
    swap_items,
    change_values,
    change_kinds,
    repoint_references,
)


def _nodes(document: Any, kind: type, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """The mappings, or the lists, from the top downwards."""
    if isinstance(document, kind):
        yield path, document
    for key, value in _children(document):
        yield from _nodes(value, kind, (*path, key))


def _leaves(document: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    if not isinstance(document, Mapping | list):
        yield path, document
    for key, value in _children(document):
        yield from _leaves(value, (*path, key))


def _children(node: Any) -> Iterator[tuple[str | int, Any]]:
    if isinstance(node, Mapping):
        yield from node.items()
    elif isinstance(node, list):
        yield from enumerate(node)


def _another(value: Any) -> Any:
    match value:
        case bool():
            return not value
        case int() | float():
            return value + 1
        case str():
            return f"{value}Z"
        case _:
            return "unheard-of"


def _changed(document: Any, place: Path, parent: Any) -> Mutation:
    """The document with another mapping or list in it; the place is that of the member the change is about."""
    return Mutation(child("$", *place), _with(document, place[:-1], parent))


def _replaced(document: Any, at: Path, value: Any) -> Mutation:
    return Mutation(child("$", *at), _with(document, at, value))


def _with(node: Any, at: Path, value: Any) -> Any:
    """The document with one value replaced; what lies beside the way to it is shared with the original."""
    if not at:
        return value
    copy: Any = dict(node) if isinstance(node, Mapping) else list(node)
    copy[at[0]] = _with(node[at[0]], at[1:], value)
    return copy
