"""How a command ends: the exit codes, which scripts may rely on, and the errors with a sentence, the next step and such a code."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """How a command ended."""

    OK = 0
    REFUSED = 1
    USAGE = 2
    CREDENTIALS = 3
    NETWORK = 4
    CHARGE_UNKNOWN = 5
    THRESHOLD = 6
    PAYMENT_PENDING = 7
    OUTPUT = 8
    INTERRUPTED = 130
    PIPE_CLOSED = 141


MEANINGS = {
    ExitCode.OK: "done",
    ExitCode.REFUSED: "the API refused; for `doctor`: something needs attention",
    ExitCode.USAGE: "invalid usage or configuration, or a question answered with no",
    ExitCode.CREDENTIALS: "credentials or account missing, or unknown to the API",
    ExitCode.NETWORK: "network: no answer came",
    ExitCode.CHARGE_UNKNOWN: "charge outcome unknown: see `aig-billing charges reconcile`",
    ExitCode.THRESHOLD: "threshold passed: the balance is below what `watch` was given",
    ExitCode.PAYMENT_PENDING: "payment pending: see `aig-billing topup status`",
    ExitCode.OUTPUT: "the answer could not be written; never after a charge",
    ExitCode.INTERRUPTED: "interrupted by Ctrl-C or SIGTERM (5 if a charge was under way)",
    ExitCode.PIPE_CLOSED: "the reader of the output went away",
}


def exit_code_table() -> str:
    """Return the table as plain lines, for `--help`."""
    return "\n".join(f"  {code:>3}  {meaning}" for code, meaning in MEANINGS.items())


class CommandError(Exception):
    """An error that ends a command.

    Attributes:
        code: The exit code of the process.
        sentence: What happened, in plain words.
        next_step: What to do about it.
        cause: The error of the client that it describes, if it describes one.
    """

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
        own = (
            type(self).__name__ if type(self) is not CommandError else f"{self.code.name.title().replace('_', '')}Error"
        )
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
    """The answer could not be written to stdout: it is closed, or its disk is full.

    Attributes:
        reader_went_away: Whether stdout was a pipe whose reader has ended, which is not worth a word.
    """

    def __init__(self, error: OSError) -> None:
        self.reader_went_away = isinstance(error, BrokenPipeError)
        code = ExitCode.PIPE_CLOSED if self.reader_went_away else ExitCode.OUTPUT
        super().__init__(
            code,
            f"The answer could not be written: {error.strerror or 'its reader went away'}.",
            "Is the disk full, or stdout closed?",
        )
