"""Interleaved rounds: in each round every peer works once, in an order that changes, and is compared within that round."""

import random
import statistics
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple


class Cost(NamedTuple):
    """What one call took: seconds as they pass, and seconds of the processor within the peer's process."""

    seconds: float
    cpu: float = 0.0


Measure = Callable[[int], Cost]
"""Does its work so many times, and gives the cost of one."""


class Spread(NamedTuple):
    """The median of many rounds, with the quartiles around it."""

    median: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.median:.2f} ({self.low:.2f}-{self.high:.2f})"


def spread(values: Sequence[float]) -> Spread:
    """Give median and quartiles."""
    if len(values) == 1:
        return Spread(values[0], values[0], values[0])
    low, _, high = statistics.quantiles(values, n=4, method="inclusive")
    return Spread(statistics.median(values), low, high)


class Timed(NamedTuple):
    """What one peer took, round by round."""

    rounds: tuple[Cost, ...]

    def of(self, other: "Timed") -> Spread:
        """Compare with another, round with round."""
        return spread([mine.seconds / its.seconds for mine, its in zip(self.rounds, other.rounds, strict=True)])

    @property
    def typical(self) -> float:
        """The median, in seconds."""
        return statistics.median(cost.seconds for cost in self.rounds)

    @property
    def cpu(self) -> float:
        """The median of the processor's seconds."""
        return statistics.median(cost.cpu for cost in self.rounds)


def interleave(
    measures: Mapping[str, Measure], rounds: int, slice_seconds: float, note: Callable[[str], None]
) -> dict[str, Timed]:
    """Run all measures in turn, so many rounds, each for about so many seconds a round."""
    counts = {name: _calls_in(measure, slice_seconds) for name, measure in measures.items()}
    costs: dict[str, list[Cost]] = {name: [] for name in measures}
    order = list(measures)
    shuffle = random.Random(8).shuffle  # the same orders in every run
    for index in range(rounds):
        note(f"{index + 1}/{rounds}")
        shuffle(order)
        for name in order:
            costs[name].append(measures[name](counts[name]))
    return {name: Timed(tuple(taken)) for name, taken in costs.items()}


def _calls_in(measure: Measure, slice_seconds: float) -> int:
    """Warm up, and find how many calls fill a slice."""
    measure(3)
    return max(1, round(slice_seconds / measure(5).seconds))
