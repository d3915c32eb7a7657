"""Fields as HTML: one line each for name, type and what is demanded, the description below, what is inside folded away."""

from collections.abc import Iterable

from aig_billing_sandbox.http.reference.markup import Markup, join, prose, tag
from aig_billing_sandbox.http.reference.reading import Field

_OPEN_DEPTH = 1
"""How deep what is inside is shown without asking."""


def field_list(fields: Iterable[Field], depth: int = 0) -> Markup:
    """Write fields one below the other, each with what is inside it."""
    return tag("ul", (_entry(field, depth) for field in fields), class_="fields")


def _entry(field: Field, depth: int) -> Markup:
    return tag(
        "li",
        tag(
            "div",
            tag("code", field.name, class_="name"),
            tag("span", field.type, class_="type"),
            _badges(field),
            class_="head",
        ),
        tag("p", prose(field.description)) if field.description else None,
        _allowed(field),
        _inside(field, depth),
    )


def _badges(field: Field) -> Markup:
    return join(
        (
            tag("span", "required", class_="badge required") if field.required else None,
            tag("span", field.place, class_="badge") if field.place else None,
            tag("span", field.unit, class_="badge unit") if field.unit else None,
            tag("span", "unit unconfirmed", class_="badge warn") if field.unconfirmed else None,
        )
    )


def _allowed(field: Field) -> Markup | None:
    if field.values:
        listed = [join((", " if index else "", tag("code", value))) for index, value in enumerate(field.values)]
        return tag("p", "One of " if len(field.values) > 1 else "Always ", listed, class_="allowed")
    return (
        tag("p", field.bounds.capitalize(), f" {field.unit}" if field.unit else None, class_="allowed")
        if field.bounds
        else None
    )


def _inside(field: Field, depth: int) -> Markup | None:
    if not field.fields:
        return None
    count = len(field.fields)
    return tag(
        "details",
        tag("summary", f"{count} field{'' if count == 1 else 's'} of ", tag("code", field.name)),
        field_list(field.fields, depth + 1),
        open=depth < _OPEN_DEPTH and field.name == "result",
    )
