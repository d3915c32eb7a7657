"""How a command ends: the exit codes, which scripts may rely on, and the errors with a sentence, the next step and such a code."""

from __future__ import annotations

import contextlib
from collections.abc import Generator
from enum import IntEnum
from typing import Self


class ExitCode(IntEnum):
    """How a command ended: the number, and what it means."""

    meaning: str

    def __new__(cls, number: int, meaning: str) -> Self:
        """Make a member that is its number."""
        code = int.__new__(cls, number)
        code._value_ = number
        code.meaning = meaning
        return code

    OK = 0, "done"
    REFUSED = 1, "the API refused; for `doctor`: something needs attention"
    USAGE = 2, "invalid usage or configuration, or a question answered with no"
    CREDENTIALS = 3, "credentials or account missing, or unknown to the API"
    NETWORK = 4, "network: no answer came"
    CHARGE_UNKNOWN = 5, "charge outcome unknown: see `aig-billing charges reconcile`"
    THRESHOLD = 6, "threshold passed: the balance is below what `watch` was given"
    PAYMENT_PENDING = 7, "payment pending: see `aig-billing topup status`"
    OUTPUT = 8, "the answer could not be written; never after a charge"
    INTERRUPTED = 130, "interrupted by Ctrl-C or SIGTERM (5 if a charge was under way)"
    PIPE_CLOSED = 141, "the reader of the output went away"


class CommandError(Exception):
    """An error that ends a command: the exit code, what happened, what to do about it, and the client's error behind it, if any."""

    def __init__(
        self, code: ExitCode, sentence: str, next_step: str = "", *, cause: BaseException | None = None
    ) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
        self.next_step = next_step
        self.cause = cause

    def as_dict(self) -> dict[str, object]:
        """Return it as programs read it; codes, chain and request id are the API's."""
        cause = self.cause
        own = f"{self.code.name.title().replace('_', '')}Error" if type(self) is CommandError else type(self).__name__
        return {
            "type": own if cause is None else type(cause).__name__,
            "message": self.sentence,
            "exit_code": int(self.code),
            "codes": list(getattr(cause, "codes", ())),
            "error_chain": [{"code": link.code, "message": link.message} for link in getattr(cause, "error_chain", ())],
            "request_id": getattr(cause, "request_id", None),
            "hint": self.next_step or None,
        }


class UsageError(CommandError):
    """Invalid arguments."""

    def __init__(self, sentence: str, next_step: str = "") -> None:
        super().__init__(ExitCode.USAGE, sentence, next_step)


class OutputError(CommandError):
    """The answer could not be written to stdout: it is closed, its disk is full, or it is a pipe whose reader has ended."""

    def __init__(self, error: OSError) -> None:
        super().__init__(
            ExitCode.PIPE_CLOSED if isinstance(error, BrokenPipeError) else ExitCode.OUTPUT,
            f"The answer could not be written: {error.strerror or 'its reader went away'}.",
            "Is the disk full, or stdout closed?",
        )


@contextlib.contextmanager
def usage_errors(kind: type[Exception], next_step: str = "") -> Generator[None]:
    """Report errors of this kind as invalid usage, in their own words."""
    try:
        yield
    except kind as error:
        raise UsageError(f"{error}.", next_step) from None
