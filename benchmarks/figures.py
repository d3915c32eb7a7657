"""The figures that are promised: what each is called, what it is compared with, and its target."""

from collections.abc import Mapping
from enum import Enum

from attrs import field, frozen

from benchmarks.rounds import Spread


class Verdict(Enum):
    """How a figure stands to its target."""

    MET = "met"
    WITHIN_NOISE = "within noise"
    """Past the target, by less than the tolerance that is allowed for noise."""
    MISSED = "NOT met"
    SHOWN = ""
    """There is no target: the figure is there to explain another."""


@frozen
class Target:
    """A limit, and on which side of it a figure should be."""

    limit: float
    at_most: bool = True
    tolerance: float = 0.1
    """How far past the limit noise may push a figure, as a part of the limit."""

    def judge(self, value: float) -> Verdict:
        """Compare a figure with the limit."""
        past = value / self.limit - 1 if self.at_most else 1 - value / self.limit
        if past <= 0:
            return Verdict.MET
        return Verdict.WITHIN_NOISE if past <= self.tolerance else Verdict.MISSED


@frozen(kw_only=True)
class Figure:
    """One row of the table."""

    key: str
    title: str
    ours: Spread
    unit: str = ""
    """Of `ours`, the peers' and the target: empty for a plain ratio."""
    target: Target | None = None
    peers: Mapping[str, Spread] = field(factory=dict)
    remark: str = ""

    @property
    def verdict(self) -> Verdict:
        """How it stands to its target."""
        return self.target.judge(self.ours.median) if self.target else Verdict.SHOWN

    def show(self, value: Spread) -> str:
        """Write a value of this row as people read it, with its spread where there is one."""
        if value.low == value.high:
            return f"{_short(value.median)}{self.unit}"
        return f"{_short(value.median)}{self.unit} ({_short(value.low)}-{_short(value.high)})"

    @property
    def target_in_words(self) -> str:
        """The target as the table shows it."""
        if self.target is None:
            return ""
        return f"{'at most' if self.target.at_most else 'at least'} {_short(self.target.limit)}{self.unit}"


def exactly(value: float) -> Spread:
    """Make a figure that is counted, not measured."""
    return Spread(value, value, value)


def _short(value: float) -> str:
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"
