"""Says which changes between two revisions break code that calls the client, and which fit.

Of what the documents say: what is sent may only become looser, and what comes back may only become tighter; names, units, retry
classes and permissions may not change at all. A word that an answer can no longer hold counts as broken, too: somebody may be
waiting for it. Of what people wrote by hand, griffe compares the signatures.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import griffe
from attrs import frozen

from codegen.schemas import LIMITS
from codegen.surface import Item, Surface

# What people import; the generated parts of it are compared as the document states them.
PACKAGES = ("aig_billing", "aig_billing_sandbox")
_GENERATED = ("aig_billing.api", "aig_billing.models", "aig_billing.resources")


@frozen
class ApiChange:
    """One change that callers can notice: what it is about, as people write it in code, and what it is now."""

    subject: str
    what: str
    breaks: bool

    def __str__(self) -> str:
        return f"`{self.subject}` {self.what}"


def document_changes(old: Surface, new: Surface) -> Iterator[ApiChange]:
    """Every change between two documents."""
    for subject, item in old.items():
        if subject not in new:
            yield ApiChange(subject, "is gone", breaks=True)
        else:
            yield from _item_changes(subject, item, new[subject])
    for subject, item in new.items():
        if subject not in old:
            required = item.role == "argument" and item.traits["required"]
            # An argument of a new call breaks nothing.
            breaks = required and subject.partition("(")[0] in old
            yield ApiChange(subject, "is new, and must be given" if required else "is new", breaks=breaks)


def _item_changes(subject: str, old: Item, new: Item) -> Iterator[ApiChange]:
    for trait in sorted({*old.traits, *new.traits}):
        before, after = old.traits.get(trait), new.traits.get(trait)
        if before == after or (trait in {*LIMITS, "const"} and old.role != "argument"):
            continue  # limits are for what is sent
        if trait != "type" and isinstance(before, frozenset) and isinstance(after, frozenset):
            for one in sorted(before - after):
                yield ApiChange(subject, f"no longer has the {trait} {one}", breaks=True)
            for one in sorted(after - before):
                yield ApiChange(subject, f"also has the {trait} {one}", breaks=False)
        else:
            yield ApiChange(subject, _in_words(trait, before, after), breaks=_breaks(old.role, trait, before, after))


_IF_TRUE_OR_FALSE = {
    "required": ("must be there", "may be left out"),
    "deprecated": ("is deprecated", "is no longer deprecated"),
    "masked": ("is masked when shown", "is no longer masked when shown"),
    "additional_properties": ("keeps unknown fields", "no longer keeps unknown fields"),
}


def _in_words(trait: str, before: object, after: object) -> str:
    if trait in _IF_TRUE_OR_FALSE:
        return _IF_TRUE_OR_FALSE[trait][0 if after else 1]
    then, now = ("none" if value is None else _text(value) for value in (before, after))
    if trait in {"type", "form"}:
        return f"is {now}, and was {then}"
    return f"has no {trait}, and had {then}" if after is None else f"has the {trait} {now}, and had {then}"


def _text(value: object) -> str:
    if isinstance(value, frozenset):
        return " or ".join(sorted(value, key=lambda one: (one == "null", one)))
    return str(value)


def _breaks(role: str, trait: str, before: Any, after: Any) -> bool:  # noqa: ANN401 - the value of any trait
    sent = role == "argument"
    match trait:
        case "type":
            return not (_within(before, after) if sent else _within(after, before))
        case "required":
            return bool(after) if sent else not after
        case "value":
            return before is None
        case "unit" | "masked":
            return bool(before)
        case "additional_properties":
            return not after
        case "deprecated":
            return False
        case _ if trait in {*LIMITS, "const"}:
            return _tighter(trait, before, after)
        case _:
            return not (role == "group" and before is None)


def _within(inner: frozenset[str], outer: frozenset[str]) -> bool:
    """Whether everything that `inner` allows is allowed by `outer`; a whole number is a number."""
    return inner - ({"integer"} if "number" in outer else set()) <= outer


def _tighter(limit: str, before: Any, after: Any) -> bool:  # noqa: ANN401 - a number or a pattern
    if after is None or before is None or isinstance(before, str) or isinstance(after, str):
        return after is not None
    if "min" in limit.lower():
        return bool(after > before)
    return bool(after < before) if "max" in limit.lower() else True


def signature_changes(old: Path, new: Path) -> Iterator[ApiChange]:
    """What griffe finds broken in the hand-written API of two trees, each with its packages in `generated/` and `src/`."""
    for package in PACKAGES:
        trees = [_load(tree, package) for tree in (old, new)]
        if trees[0] is None or trees[1] is None:
            continue
        for breakage in griffe.find_breaking_changes(trees[0], trees[1]):
            module = breakage.obj.module.path
            if module.startswith(_GENERATED) or breakage.kind is griffe.BreakageKind.ATTRIBUTE_CHANGED_VALUE:
                continue
            subject = breakage.obj.path.removeprefix(f"{module}.")
            parameter = breakage.old_value or breakage.new_value
            if isinstance(parameter, griffe.Parameter):
                subject += f"({parameter.name})"
            yield ApiChange(subject, f"breaks callers: {breakage.kind.value.lower()}", breaks=True)


def _load(tree: Path, package: str) -> griffe.Object | griffe.Alias | None:
    folders = [tree / "generated", tree / "src"]
    if not any((folder / package).is_dir() for folder in folders):
        return None
    return griffe.load(
        package,
        search_paths=folders,
        allow_inspection=False,
        resolve_aliases=True,
        resolve_external=True,
        resolve_implicit=True,
    )
