"""Interleaved rounds, what they come to, and the targets: in each round every peer works once, and is compared within that round."""

import random
import statistics
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from attrs import field, frozen

Measure = Callable[[int], float]
"""Does its work so many times, and gives the seconds of one."""


def progress(title: str, number: int = 1, of: int = 1) -> None:
    """Show what is being done: on one line that is written over where there is a terminal, else once."""
    if sys.stderr.isatty():
        print(f"\r\033[K{title}{f': {number}/{of}' if of > 1 else ''}", end="", file=sys.stderr, flush=True)
    elif title and number == 1:
        print(title, file=sys.stderr, flush=True)


class Spread(NamedTuple):
    """The median of many rounds, with the quartiles around it."""

    median: float
    low: float
    high: float


def spread(values: Sequence[float]) -> Spread:
    """Give median and quartiles."""
    if len(values) == 1:
        return exactly(values[0])
    low, _, high = statistics.quantiles(values, n=4, method="inclusive")
    return Spread(statistics.median(values), low, high)


def exactly(value: float) -> Spread:
    """Make a figure that is counted, not measured."""
    return Spread(value, value, value)


def interleave(
    title: str, measures: Mapping[str, Measure], rounds: int, slice_seconds: float
) -> dict[str, list[float]]:
    """Run all measures in turn, in an order that changes, each for about so many seconds a round."""
    counts = {name: _calls_in(measure, slice_seconds) for name, measure in measures.items()}
    seconds: dict[str, list[float]] = {name: [] for name in measures}
    order = list(measures)
    shuffle = random.Random(8).shuffle  # the same orders in every run
    for index in range(rounds):
        progress(title, index + 1, rounds)
        shuffle(order)
        for name in order:
            seconds[name].append(measures[name](counts[name]))
    return seconds


def _calls_in(measure: Measure, slice_seconds: float) -> int:
    """Warm up, and find how many calls fill a slice."""
    measure(3)
    return max(1, round(slice_seconds / measure(5)))


def ratios(seconds: Mapping[str, list[float]], base: str) -> dict[str, Spread]:
    """Compare each with the base, round with round."""
    return {
        name: spread([mine / its for mine, its in zip(taken, seconds[base], strict=True)])
        for name, taken in seconds.items()
    }


MET, MISSED = "met", "NOT met"
UNCERTAIN = "not certain: the quartiles lie on both sides"


@frozen(kw_only=True)
class Figure:
    """One row of the table: ours beside the target and the peers, and what it means for a user."""

    key: str
    title: str
    means: str
    ours: Spread
    limit: float
    """The target."""
    at_most: bool = True
    """On which side of it the figure should be."""
    unit: str = ""
    """Of `ours`, the peers' and the target: empty for a ratio."""
    peers: Mapping[str, Spread] = field(factory=dict)

    @property
    def verdict(self) -> str:
        """How it stands to its target, which is met or missed when the quartiles agree."""
        quartiles = (self.ours.low, self.ours.high)
        inside = [(side <= self.limit) is self.at_most or side == self.limit for side in quartiles]
        return MET if all(inside) else UNCERTAIN if any(inside) else MISSED

    def show(self, value: Spread) -> str:
        """Write a value of this row, with its quartiles where there are some."""
        if value.low == value.high:
            return f"{_short(value.median)}{self.unit}"
        return f"{_short(value.median)}{self.unit} ({_short(value.low)}-{_short(value.high)})"

    @property
    def target(self) -> str:
        """The target as the table shows it."""
        return f"{'at most' if self.at_most else 'at least'} {_short(self.limit)}{self.unit}"


def _short(value: float) -> str:
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"
