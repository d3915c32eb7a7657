"""Says which changes between two revisions break code that calls the client, and which fit.

Of what the documents say: what is sent may only become looser, and what comes back may only become tighter; names, units, retry
classes and permissions may not change at all. A word that an answer can no longer hold counts as broken, too: somebody may be
waiting for it. Of what people wrote by hand, griffe compares the signatures.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import griffe
from attrs import evolve, frozen

from codegen.schemas import LIMITS
from compare.document import Document, Fact, Name, side_by_side

_NOT_COMPARED = {"type", "closed", "default", "note"}  # or not under this name
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


def read_surface(document: Mapping[str, Any]) -> dict[Name, Fact]:
    """What callers of the generated client can rely on, by its name in code, in parts.

    Names are `base_url`, a call (`ai_gateway.billing.topup.create`), its argument (`...create(amount)`), its result (`...create()`), a
    class (`Invoice`) and its attribute (`Invoice.created`).
    """
    found: dict[Name, Fact] = {}
    for fact in Document(document).facts():
        if fact.subject:
            known = found.get(fact.subject, fact)
            found[fact.subject] = evolve(known, ways=known.ways | fact.ways)
    return found


def document_changes(old: Mapping[Name, Fact], new: Mapping[Name, Fact]) -> Iterator[ApiChange]:
    """Every change between two documents; below a thing that only one of them has, or whose type differs, nothing more is said."""
    for name, before, after in side_by_side(old, new, "kind"):
        subject = "".join(name)
        if before and after:
            yield from _fact_changes(subject, before, after)
        elif before:
            yield ApiChange(subject, "is gone", breaks=True)
        elif after:
            needed = True in after.ways and bool(after.says.get("required"))
            yield ApiChange(subject, "is new, and must be given" if needed else "is new", breaks=needed)


def _fact_changes(subject: str, old: Fact, new: Fact) -> Iterator[ApiChange]:
    for trait in sorted({*old.says, *new.says} - _NOT_COMPARED):
        before, after = old.says.get(trait), new.says.get(trait)
        if before == after or (trait in LIMITS and True not in old.ways):
            continue  # limits are for what is sent
        noun = {"enum": "value", "x-unit": "unit"}.get(trait, trait)
        if trait != "kind" and isinstance(before, frozenset) and isinstance(after, frozenset):
            for one in sorted(before - after):
                yield ApiChange(subject, f"no longer has the {noun} {one}", breaks=True)
            for one in sorted(after - before):
                yield ApiChange(subject, f"also has the {noun} {one}", breaks=False)
        else:
            breaks = any(_breaks(trait, before, after, sent=sent) for sent in old.ways)
            yield ApiChange(subject, _in_words(trait, noun, before, after), breaks=breaks)


# Of what is so or not so: what to say of either, and whether it breaks callers, by what is so now and whether the thing is sent.
_YES_OR_NO: Mapping[str, tuple[str, str, Callable[[bool, bool], bool]]] = {
    "required": ("must be there", "may be left out", lambda now, sent: now == sent),
    "null": ("may be null", "may not be null", lambda now, sent: now != sent),
    "deprecated": ("is deprecated", "is no longer deprecated", lambda _now, _sent: False),
    "masked": ("is masked when shown", "is no longer masked when shown", lambda now, _sent: not now),
    "open": ("keeps unknown fields", "no longer keeps unknown fields", lambda now, _sent: not now),
}


def _in_words(trait: str, noun: str, before: object, after: object) -> str:
    if trait in _YES_OR_NO:
        yes, no, _ = _YES_OR_NO[trait]
        return yes if after else no
    values = ("none" if value is None else value for value in (before, after))
    then, now = (" or ".join(sorted(value)) if isinstance(value, frozenset) else value for value in values)
    if trait == "kind":
        return f"is {now}, and was {then}"
    return f"has no {noun}, and had {then}" if after is None else f"has the {noun} {now}, and had {then}"


def _breaks(trait: str, before: Any, after: Any, *, sent: bool) -> bool:  # noqa: ANN401 - the value of any trait
    if trait in _YES_OR_NO:
        return _YES_OR_NO[trait][2](bool(after), sent)
    if trait == "kind":
        narrow, wide = (before, after) if sent else (after, before)
        return not narrow - ({"integer"} if "number" in wide else set()) <= wide  # a whole number is a number
    if trait in LIMITS:
        return sent and _tighter(trait, before, after)
    return {"enum": before is None, "x-unit": before is not None}.get(trait, True)


def _tighter(limit: str, before: Any, after: Any) -> bool:  # noqa: ANN401 - a number or a pattern
    if before is not None and after is not None and re.search("m(in|ax)", limit, re.IGNORECASE):
        return bool(after > before if "min" in limit.lower() else after < before)
    return after is not None


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
