"""HTML that cannot be broken by what it shows: text is escaped wherever it comes in, only `Markup` is taken as it is."""

from collections.abc import Iterable
from html import escape

_VOID = frozenset({"input", "meta", "link", "hr", "br"})


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


Child = str | None | Iterable["Child"]
Attribute = str | int | bool | None


def tag(name: str, /, *children: Child, **attributes: Attribute) -> Markup:
    """Write one element. `class_` and `for_` lose their underscore, other underscores become hyphens; None and False are left out."""
    written = "".join(
        f" {key.rstrip('_').replace('_', '-')}" + ("" if value is True else f'="{escape(str(value))}"')
        for key, value in attributes.items()
        if value is not None and value is not False
    )
    if name in _VOID:
        return Markup(f"<{name}{written}>")
    return Markup(f"<{name}{written}>{join(children)}</{name}>")


def join(children: Child) -> Markup:
    """Write children one after the other, escaping what is not markup."""
    if children is None:
        return Markup("")
    if isinstance(children, Markup):
        return children
    if isinstance(children, str):
        return Markup(escape(children, quote=False))
    return Markup("".join(join(child) for child in children))


def prose(text: str) -> Markup:
    """Write a description: what stands between backticks is code."""
    parts = text.split("`")
    return join(tag("code", part) if index % 2 else part for index, part in enumerate(parts))
