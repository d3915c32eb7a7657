"""What happens in one schedule of chaos, decided in advance from a seed: who competes, who dies where, and what goes wrong."""

import random
from dataclasses import dataclass
from typing import Any

STEPS = (
    "claim",
    "start_sending",
    "keep_sending",
    "record_sent",
    "record_refused",
    "record_unknown",
    "release",
    "conclude",
)
PHASES = ("before", "inside", "after")
REQUEST_PLACES = ("request before", "request after", "invoices before", "invoices after")

CHARGE_FAULTS: tuple[dict[str, Any], ...] = (
    {"drop": "before"},
    {"drop": "before", "reset": True},
    {"drop": "after"},
    {"drop": "after", "reset": True},
    {"status": 500},
    {"status": 500, "work": True},
    {"status": 502, "body": "<html>bad gateway</html>", "work": True},
    {"status": 409, "work": True},
    {"cut_off_after": 120},
    {"cut_off_after": 5},
    {"delay_before": 0.05},
    {"delay_after": 0.05},
    {"delay_before": 0.35},
    {"delay_after": 0.35},
)
INVOICE_FAULTS: tuple[dict[str, Any], ...] = (
    {"drop": "before"},
    {"status": 503},
    {"delay_before": 0.05},
    {"delay_after": 0.05},
)


SMALL_JUMP = 300.0
"""Seconds by which a clock may jump without an outcome being lost."""


@dataclass(frozen=True)
class Death:
    """Where a process kills itself."""

    place: str
    phase: str = ""

    def __str__(self) -> str:
        return f"{self.place} {self.phase}".strip()


@dataclass(frozen=True)
class Contender:
    """One process: the keys that it charges, one after the other, and how it ends."""

    keys: tuple[str, ...]
    asynchronous: bool
    death: Death | None = None
    killed_after: float | None = None
    """Seconds until it is killed from outside."""
    stopped_after: float | None = None
    """Seconds until it is stopped, for longer than its lease."""
    refused: int = 0
    """How many of its first tries to connect for a charge are refused, so that nothing leaves."""
    forks: bool = False
    """Whether it forks while another of its threads reads the journal, and charges in the child as well."""
    mounts: bool = False
    """Whether it reaches the journal's folder under another name, in its own mount namespace."""
    clock_ahead: float = 0
    """Seconds by which its clock has jumped."""


@dataclass(frozen=True)
class Schedule:
    """What happens, decided in advance."""

    number: int
    amounts: dict[str, int]
    contenders: tuple[Contender, ...]
    faults: tuple[tuple[str, dict[str, Any]], ...]
    invoices_late_by: float = 0
    declines: bool = False
    sandbox_dies_after: float | None = None
    postgresql_dies_after: float | None = None
    contradicts: bool = False
    """Whether a list of invoices contradicts itself while the charges are settled for the first time."""


def plan(number: int, seed: int, *, sandbox_dies: bool = True) -> Schedule:
    """Decide what happens in one schedule."""
    rng = random.Random(f"{seed}/{number}")
    keys = ("a", "b") if rng.random() < 0.3 else ("a",)
    same = rng.random() < 0.3
    amounts = {key: 1000 + (0 if same else 1000 * index) for index, key in enumerate(keys)}
    contenders = tuple(_contender(rng, number, index, keys) for index in range(rng.choice((1, 2, 2, 3, 3, 4))))
    faults: list[tuple[str, dict[str, Any]]] = []
    if rng.random() < 0.6:
        faults.append(("topup.create", rng.choice(CHARGE_FAULTS)))
    if rng.random() < 0.2:
        faults.append(("invoice_history", {**rng.choice(INVOICE_FAULTS), "skip": rng.choice((0, 0, 1))}))
    return Schedule(
        number,
        amounts,
        contenders,
        tuple(faults),
        invoices_late_by=300 if rng.random() < 0.25 else 0,
        declines=rng.random() < 0.05,
        sandbox_dies_after=rng.uniform(0, 0.1) if sandbox_dies and rng.random() < 0.02 else None,
        postgresql_dies_after=rng.uniform(0, 0.1) if rng.random() < 0.01 else None,
        contradicts=rng.random() < 0.1,
    )


def _contender(rng: random.Random, number: int, index: int, keys: tuple[str, ...]) -> Contender:
    mine = tuple(rng.sample(keys, len(keys))) if rng.random() < 0.7 else (rng.choice(keys),)
    asynchronous = rng.random() < 0.25
    if index == 0:
        # Every place in turn, so that none is left to chance.
        places = [Death(step, phase) for step in STEPS for phase in PHASES] + [Death(place) for place in REQUEST_PLACES]
        death = places[number % len(places)]
        return Contender(mine, asynchronous, death=death, refused=int(death.place in {"keep_sending", "release"}))
    kind = rng.random()
    if kind > 0.9:
        return Contender(mine, asynchronous, forks=True)
    if kind > 0.87:
        return Contender(mine, asynchronous, mounts=True)
    if kind > 0.8:
        return Contender(mine, asynchronous, clock_ahead=rng.choice((-86_400.0, -60.0, 60.0, SMALL_JUMP, 86_400.0)))
    if kind < 0.3:
        return Contender(mine, asynchronous, killed_after=rng.uniform(0, 0.12))
    if kind < 0.36:
        return Contender(mine, asynchronous, stopped_after=rng.uniform(0, 0.12))
    if kind < 0.55:
        return Contender(mine, asynchronous, death=Death(rng.choice(STEPS), rng.choice(PHASES)))
    return Contender(mine, asynchronous)
