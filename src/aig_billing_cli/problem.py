"""What a command raises when it cannot go on: a sentence, the next step, and the exit code."""

from __future__ import annotations

from .exit_codes import ExitCode


class Problem(Exception):  # noqa: N818 - what people are told, rather than an error of the program
    """Something that ends a command.

    Attributes:
        sentence: What happened, in plain words.
        next_step: What to do about it.
        code: How the process ends.
    """

    def __init__(self, code: ExitCode, sentence: str, next_step: str = "") -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
        self.next_step = next_step
