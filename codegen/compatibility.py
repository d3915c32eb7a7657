"""Which changes between two revisions of the resolved document break code that calls the client, and which fit.

What is sent may only become looser, and what comes back may only become tighter; names, units, retry classes and permissions may
not change at all. A word that an answer can no longer hold counts as broken, too: somebody may be waiting for it.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from codegen.surface import Call, Member, Record, Surface, Value

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Change:
    """One change: what it is about, as people write it in code, and what has become of it."""

    subject: str
    what: str
    breaks: bool

    def __str__(self) -> str:
        return f"`{self.subject}` {self.what}"


def changes(old: Surface, new: Surface) -> Iterator[Change]:
    """Every change that callers can notice, those of calls first."""
    if old.servers != new.servers:
        yield Change("base_url", f"is by default {_told(new.servers)}, and was {_told(old.servers)}", breaks=True)
    for way in sorted(old.ways_in - new.ways_in):
        yield Change(way, "is no longer a way to authenticate", breaks=True)
    for way in sorted(new.ways_in - old.ways_in):
        yield Change(way, "is a new way to authenticate", breaks=False)
    yield from _matched(old.calls, new.calls, "{}", _call)
    for group, mixin in old.hand_written.items():
        if new.hand_written.get(group) != mixin:
            yield Change(group, f"no longer has the methods of {mixin}", breaks=True)
    for group in new.hand_written.keys() - old.hand_written.keys():
        yield Change(group, "has hand-written methods", breaks=False)
    for name in sorted(old.names - new.names):
        yield Change(name, "is gone from models", breaks=True)
    for name in sorted(new.names - old.names):
        yield Change(name, "is new in models", breaks=False)
    for name in sorted(old.names & new.names):
        yield from _model(name, old.records.get(name), new.records.get(name))


def _matched(
    old: Mapping[str, T], new: Mapping[str, T], subject: str, compare: Callable[[str, T, T], Iterator[Change]]
) -> Iterator[Change]:
    """What is gone, what is new, and what differs in what is in both."""
    for name in old:
        if name in new:
            yield from compare(subject.format(name), old[name], new[name])
        else:
            yield Change(subject.format(name), "is gone", breaks=True)
    for name in new:
        if name not in old:
            yield Change(subject.format(name), "is new", breaks=False)


def _call(name: str, old: Call, new: Call) -> Iterator[Change]:
    for attribute, what in _MUST_STAY.items():
        before, after = getattr(old, attribute), getattr(new, attribute)
        if before != after:
            yield Change(name, what.format(after=after, before=before), breaks=True)
    yield from _arguments(name, old, new)
    yield from _received(f"{name}()", old.result, new.result)
    for permission in sorted(old.permissions - new.permissions):
        yield Change(name, f"can no longer be called with the permission {permission!r}", breaks=True)
    for permission in sorted(new.permissions - old.permissions):
        yield Change(name, f"can be called with the permission {permission!r}, too", breaks=False)
    if old.deprecated != new.deprecated:
        yield Change(name, "is deprecated" if new.deprecated else "is no longer deprecated", breaks=False)


_MUST_STAY = {
    "request": "asks for {after}, and asked for {before}",
    "status": "answers {after}, and answered {before}",
    "retry": "is of the retry class {after!r}, and was of {before!r}",
}


def _arguments(name: str, old: Call, new: Call) -> Iterator[Change]:
    for argument, member in old.arguments.items():
        subject = f"{name}({argument})"
        if argument in new.arguments:
            yield from _argument(subject, member, new.arguments[argument])
        else:
            yield Change(subject, "is gone", breaks=True)
    for argument, member in new.arguments.items():
        if argument not in old.arguments:
            what = "is new, and must be given" if member.required else "is new"
            yield Change(f"{name}({argument})", what, breaks=member.required)


def _argument(subject: str, old: Member, new: Member) -> Iterator[Change]:
    """What is sent: everything that was accepted still must be."""
    if old.required != new.required:
        yield Change(subject, "must be given" if new.required else "may be left out", breaks=new.required)
    if not _within(old.value, new.value):
        yield Change(subject, f"takes {new.value}, and took {old.value}", breaks=True)
    elif str(old.value) != str(new.value):
        yield Change(subject, f"takes {new.value}, and took {old.value}", breaks=False)
    yield from _words(subject, old.value.words, new.value.words, "takes")
    for limit in sorted({*old.value.limits, *new.value.limits}):
        before, after = old.value.limits.get(limit), new.value.limits.get(limit)
        if before != after:
            what = f"has the {limit} {after}" if after is not None else f"has no {limit}"
            yield Change(
                subject,
                f"{what}, and had {'none' if before is None else before}",
                breaks=_tighter(limit, before, after),
            )
    yield from _unit(subject, old.value, new.value)


def _model(name: str, old: Record | None, new: Record | None) -> Iterator[Change]:
    if old is None or new is None:
        if old is not new:
            yield Change(name, f"is {'a class' if new else 'any JSON'}, and was not", breaks=True)
        return
    yield from _matched(old.members, new.members, f"{name}.{{}}", _attribute)
    if old.closed != new.closed:
        yield Change(
            f"{name}.additional_properties", "is gone" if new.closed else "keeps unknown fields", breaks=new.closed
        )


def _attribute(subject: str, old: Member, new: Member) -> Iterator[Change]:
    if old.required != new.required:
        yield Change(
            subject, "is always there" if new.required else "may be absent, and so None", breaks=not new.required
        )
    yield from _received(subject, old.value, new.value)


def _received(subject: str, old: Value, new: Value) -> Iterator[Change]:
    """What comes back: nothing may come that could not."""
    if str(old) != str(new):
        yield Change(subject, f"is {new}, and was {old}", breaks=not _within(new, old))
    yield from _words(subject, old.words, new.words, "may be")
    yield from _unit(subject, old, new)
    if old.secret != new.secret:
        yield Change(
            subject, "is masked when shown" if new.secret else "is no longer masked when shown", breaks=old.secret
        )


def _within(inner: Value, outer: Value) -> bool:
    """Say whether everything that `inner` allows is allowed by `outer`; a whole number is a number."""
    types = set(inner.types)
    if "number" in outer.types:
        types.discard("integer")
    return (outer.types == frozenset({"anything"}) and inner.types == outer.types) or (
        types <= outer.types and (outer.nullable or not inner.nullable)
    )


def _words(subject: str, old: frozenset[str] | None, new: frozenset[str] | None, verb: str) -> Iterator[Change]:
    if old == new:
        return
    if old is None or new is None:
        what = f"{verb} only {_told(new)}" if new else f"{verb} any string"
        yield Change(subject, what, breaks=old is None)
        return
    for word in sorted(old - new):
        yield Change(subject, f"{verb} {word!r} no longer", breaks=True)
    for word in sorted(new - old):
        yield Change(subject, f"{verb} {word!r}, too", breaks=False)


def _unit(subject: str, old: Value, new: Value) -> Iterator[Change]:
    if old.unit != new.unit:
        what = f"is in {new.unit}" if new.unit else "has no unit"
        yield Change(
            subject, f"{what}, and {f'was in {old.unit}' if old.unit else 'had none'}", breaks=old.unit is not None
        )


def _tighter(limit: str, before: float | str | None, after: float | str | None) -> bool:
    if after is None:
        return False
    if before is None or isinstance(before, str) or isinstance(after, str):
        return True
    if limit.lower().endswith("minimum") or limit.startswith("min"):
        return after > before
    if limit.lower().endswith("maximum") or limit.startswith("max"):
        return after < before
    return True


def _told(values: frozenset[str] | tuple[str, ...] | None) -> str:
    return ", ".join(sorted(values or ())) or "nowhere"
