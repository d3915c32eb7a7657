"""Changes to overlays: an action less, or one that says something else."""

import copy
import functools
from collections.abc import Iterator, Sequence
from typing import Any

from tests.contract.mutants.of_openapi import Change

_RETRIES = ("safe", "idempotent", "once", "charge")


def remove_an_overlay_action(overlay: Any) -> Iterator[Change]:
    for index, action in enumerate(overlay["actions"]):
        rest = [*overlay["actions"][:index], *overlay["actions"][index + 1 :]]
        if rest:
            yield _described(index, action), functools.partial(_with_actions, overlay, rest)


def _with_actions(overlay: Any, actions: Any) -> Any:
    return {**overlay, "actions": actions}


def swap_two_units(overlay: Any) -> Iterator[Change]:
    """Each unit with the next one that is another, wherever in the overlay that stands."""
    units = list(_found(overlay["actions"], "x-unit"))
    for number, (place, unit) in enumerate(units):
        later = [*units[number + 1 :], *units[:number]]
        other = next(((at, one) for at, one in later if one != unit), None)
        if other is not None:
            what = f"action {int(place[0]) + 1} ({unit}) and action {int(other[0][0]) + 1} ({other[1]})"
            yield what, functools.partial(_with, overlay, [(place, "x-unit", other[1]), (other[0], "x-unit", unit)])


def change_a_retry_class(overlay: Any) -> Iterator[Change]:
    for place, retry in _found(overlay["actions"], "x-retry"):
        for other in _RETRIES:
            if other != retry:
                yield _replaced(overlay, place, "x-retry", other)


def change_a_name(overlay: Any) -> Iterator[Change]:
    for keyword in ("x-fern-sdk-method-name", "x-fern-sdk-group-name"):
        for place, name in _found(overlay["actions"], keyword):
            yield _replaced(overlay, place, keyword, f"{name}_now")


def drop_a_permission(overlay: Any) -> Iterator[Change]:
    for place, permissions in _found(overlay["actions"], "x-api-token-group"):
        for other in ([permissions[0]], ["AI Gateway Read"]):
            if other != permissions:
                yield _replaced(overlay, place, "x-api-token-group", other)


def flip_required(overlay: Any) -> Iterator[Change]:
    for place, required in _found(overlay["actions"], "required"):
        if isinstance(required, list):
            for name in required:
                if len(required) > 1:
                    yield _replaced(overlay, place, "required", [one for one in required if one != name])


def drop_a_field(overlay: Any) -> Iterator[Change]:
    for place, properties in _found(overlay["actions"], "properties"):
        for name in properties:
            if len(properties) > 1:
                rest = {key: value for key, value in properties.items() if key != name}
                yield _replaced(overlay, place, "properties", rest)


def change_a_value(overlay: Any) -> Iterator[Change]:
    """What closes a body, makes whole numbers, masks a secret, deprecates, or marks a guess."""
    others: dict[str, Any] = {
        "additionalProperties": True,
        "type": "number",
        "format": "date-time",
        "deprecated": False,
        "const": True,
        "x-python-mixin": "aig_billing_charges.billing.Billing",
        "$ref": "#/components/schemas/ResultInfo",
    }
    for keyword, other in others.items():
        for place, value in _found(overlay["actions"], keyword):
            if value != other and (keyword != "type" or value == "integer") and not str(value).startswith(_NOT_SCHEMAS):
                yield _replaced(overlay, place, keyword, other)


_NOT_SCHEMAS = ("#/components/headers", "#/components/parameters", "#/components/responses")

KINDS = (
    remove_an_overlay_action,
    swap_two_units,
    change_a_retry_class,
    change_a_name,
    drop_a_permission,
    flip_required,
    drop_a_field,
    change_a_value,
)

_Place = tuple[str | int, ...]


def _found(node: Any, keyword: str, place: _Place = ()) -> Iterator[tuple[_Place, Any]]:
    """Each value under a keyword, with the place of the mapping that holds it; examples aside."""
    if isinstance(node, dict):
        if keyword in node and place[-1:] != ("properties",):
            yield place, node[keyword]
        for key, value in node.items():
            if key not in {"example", "examples"}:
                yield from _found(value, keyword, (*place, key))
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from _found(value, keyword, (*place, index))


def _holder(node: Any, place: _Place) -> Any:
    for key in place:
        node = node[key]
    return node


def _replaced(overlay: Any, place: _Place, keyword: str, value: Any) -> Change:
    index = int(place[0])
    what = f"{_described(index, overlay['actions'][index])}: {keyword} = {value!r}"[:220]
    return what, functools.partial(_with, overlay, [(place, keyword, value)])


def _with(overlay: Any, values: Sequence[tuple[_Place, str, Any]]) -> Any:
    new = copy.deepcopy(overlay)
    for place, keyword, value in values:
        _holder(new["actions"], place)[keyword] = value
    return new


def _described(index: int, action: Any) -> str:
    return f"action {index + 1} ({action['target']})"
