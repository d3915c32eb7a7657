"""A fact about the API, addressed the same way wherever it was read, and how two sets of facts are compared."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

SPEC = "openapi/billing.yaml"
HINT = f"correct {SPEC}; what is known from elsewhere than the documents belongs in overlays/spec/"

Address = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """What one side says, and where it says it: a JSON path in the spec, or a declaration in the documents."""

    value: Any
    place: str


@dataclass(frozen=True, slots=True)
class Problem:
    """One difference: where it is, what it is, and what to do about it."""

    place: str
    reason: str
    hint: str = HINT

    def __str__(self) -> str:
        return f"{SPEC}: {self.place}: {self.reason}; {self.hint}"


class Facts:
    """Facts by address. `("GET /x", "result", "balance")` says that the field is there, `(..., "type")` what its type is."""

    def __init__(self) -> None:
        self._facts: dict[Address, Fact] = {}

    def add(self, address: Address, value: Any, place: str) -> None:
        self._facts[address] = Fact(value, place)

    def get(self, address: Address) -> Fact | None:
        return self._facts.get(address)

    def __iter__(self) -> Iterator[tuple[Address, Fact]]:
        return iter(self._facts.items())

    def __len__(self) -> int:
        return len(self._facts)


def differences(documented: Facts, specified: Facts) -> Iterator[Problem]:
    """What the documents say and the spec does not, then what both say differently, then what the spec alone says.

    Below a thing that is missing, superfluous or of another type nothing more is said: one fault gives one message.
    """
    settled: set[Address] = set()
    for address, fact in documented:
        if _lies_below(address, settled):
            continue
        said = specified.get(address)
        if said is None:
            settled.add(address)
            reason = f"{shown(address)} is missing; the documents have {fact.place}"
            yield Problem(_nearest_place(address, specified), reason)
        elif not _same(fact.value, said.value) and not _is_order_of_others(fact.value, said.value, address):
            if address[-1] == "type":
                settled.add(address[:-1])
            reason = f"{shown(address)} is {_json(said.value)}, in the documents {_json(fact.value)} ({fact.place})"
            yield Problem(said.place, reason)
    for address, said in specified:
        if documented.get(address) is None and not _lies_below(address, settled):
            settled.add(address)
            yield Problem(said.place, f"{shown(address)} is in no document")


def shown(address: Address) -> str:
    """An address as people read it: `GET /x > result > topup_config > amount > nullable`."""
    return " > ".join(address[1:] if address[0] == "operations" else address)


def declaration(source: Mapping[str, Any]) -> str:
    """How the documents put it."""
    return f"`{source['declared']}`"


def _lies_below(address: Address, settled: set[Address]) -> bool:
    return bool(settled) and any(address[:length] in settled for length in range(1, len(address)))


def _nearest_place(address: Address, specified: Facts) -> str:
    """Where in the spec the missing thing would have to be put."""
    for length in range(len(address) - 1, 0, -1):
        siblings = specified.get((*address[:length], "order"))
        if fact := siblings or specified.get(address[:length]):
            return fact.place
    return "$"


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, list):
        return _json(one) == _json(other)
    return type(one) is type(other) and one == other


def _is_order_of_others(one: Any, other: Any, address: Address) -> bool:
    """Whether two orders differ because their members do, which is said of each member already."""
    return address[-1] == "order" and sorted(one) != sorted(other)


def _json(value: Any) -> str:
    return json.dumps(value, sort_keys=True)
