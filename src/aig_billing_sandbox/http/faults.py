"""Faults: what goes wrong with the next calls of an operation, and at which point."""

from collections.abc import Mapping
from typing import Literal, TypedDict

import attrs

ANY_OPERATION = "*"

_FRAMING = frozenset({"content-length", "transfer-encoding", "connection"})


class FaultTerms(TypedDict, total=False):
    """The arguments of a fault; `Fault` describes each."""

    times: int | None
    skip: int
    delay_before: float
    delay_after: float
    drop: Literal["before", "after"] | None
    reset: bool
    status: int | None
    body: object
    headers: Mapping[str, str]
    work: bool
    cut_off_after: int | None
    trickle: float | None


@attrs.frozen(kw_only=True)
class Fault:
    """What goes wrong with the next `times` calls of `operation` (None: with all, until cleared).

    A fault with a `status` answers instead of the operation, which is not carried out; with `work=True` it is carried out and
    only its answer is replaced.
    """

    operation: str = ANY_OPERATION
    """An operation by its name in the client, such as `topup.create`, or `*` for any."""
    times: int | None = 1
    skip: int = 0
    """How many calls of the operation are left alone first."""
    delay_before: float = 0
    """Seconds before the operation is carried out, even if the caller has gone by then."""
    delay_after: float = 0
    """Seconds between carrying out the operation and answering."""
    drop: Literal["before", "after"] | None = None
    """Closes the connection without an answer, before or after the operation is carried out."""
    reset: bool = False
    """Drops and cut-offs end with a TCP reset instead of an orderly close."""
    status: int | None = None
    body: object = None
    """With `status`: text as it is, anything else as JSON; None for an error envelope."""
    headers: Mapping[str, str] = attrs.field(
        factory=dict[str, str],
        validator=attrs.validators.deep_mapping(attrs.validators.instance_of(str), attrs.validators.instance_of(str)),
    )
    """With `status`: headers that are added to the usual ones or replace them."""
    work: bool = False
    """With `status`: whether the operation is carried out all the same."""
    cut_off_after: int | None = None
    """How many bytes of the answer's body arrive before the connection ends."""
    trickle: float | None = None
    """Seconds between one byte of the answer's body and the next."""

    def __attrs_post_init__(self) -> None:
        cut, headers = self.cut_off_after, self.headers
        replaces = self.body is not None or headers or self.work
        answers = self.status or cut is not None or self.trickle
        frames = any(name.lower() in _FRAMING for name in headers)
        printable = all(text.isascii() and text.isprintable() for pair in headers.items() for text in pair)
        for invalid, why in (
            (self.times is not None and self.times < 1, "times is 1 or more, or None for every call"),
            (self.skip < 0, "skip is a number of calls, 0 or more"),
            (min(self.delay_before, self.delay_after, self.trickle or 0) < 0, "seconds are 0 or more"),
            (cut is not None and cut < 0, "cut_off_after is a number of bytes, 0 or more"),
            (self.drop not in {None, "before", "after"}, "drop is before or after"),
            (self.status is not None and not 200 <= self.status <= 599, "status is between 200 and 599"),
            (
                self.status is None and replaces,
                "body, headers and work say how a status is answered: give a status too",
            ),
            (self.drop and answers, "a dropped connection has no answer: leave status, cut_off_after and trickle out"),
            (frames, "length and connection are not set by headers: cut_off_after ends the answer early"),
            (not printable, "headers are printable ASCII"),
        ):
            if invalid:
                raise ValueError(f"invalid fault: {why}")

    @property
    def delivery(self) -> Literal["answered", "dropped", "cut off"]:
        """The word for it in the log of charges."""
        if self.drop is not None:
            return "dropped"
        return "answered" if self.cut_off_after is None else "cut off"

    @property
    def works(self) -> bool:
        """Whether the operation is carried out."""
        if self.drop is not None:
            return self.drop == "after"
        return self.status is None or self.work


def take_fault(waiting: list[Fault], operation: str | None) -> Fault | None:
    """The fault that strikes a call that has just arrived, or None. Several for one operation take effect one after the other."""
    for index, fault in enumerate(waiting):
        if fault.operation not in {ANY_OPERATION, operation}:
            continue
        if fault.skip:
            waiting[index] = attrs.evolve(fault, skip=fault.skip - 1)
            return None
        if fault.times == 1:
            del waiting[index]
        elif fault.times is not None:
            waiting[index] = attrs.evolve(fault, times=fault.times - 1)
        return fault
    return None
