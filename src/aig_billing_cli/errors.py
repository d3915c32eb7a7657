"""What a command raises when it cannot go on: a sentence, the next step, and the exit code."""

from __future__ import annotations

from .exit_codes import ExitCode


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
