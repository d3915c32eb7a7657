"""What a command raises when it cannot go on: a sentence, the next step, and the exit code."""

from __future__ import annotations

from .exit_codes import ExitCode


class CommandError(Exception):
    """An error that ends a command.

    Attributes:
        code: The exit code of the process.
        sentence: What happened, in plain words.
        next_step: What to do about it.
    """

    def __init__(self, code: ExitCode, sentence: str, next_step: str = "") -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
        self.next_step = next_step
