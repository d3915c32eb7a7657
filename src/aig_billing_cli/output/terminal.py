"""The terminal: answers to stdout, everything else to stderr, questions, and a spinner while something takes its time."""

from __future__ import annotations

import io
import os
import sys
import threading
from collections.abc import Generator
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING

from .formatting import safe

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

_SPINNER_AFTER_SECONDS = 0.4


class Terminal:
    """Where the output of a command goes."""

    def __init__(self, *, quiet: bool, may_ask: bool) -> None:
        self._quiet = quiet
        self.may_ask = may_ask and sys.stdin is not None and sys.stdin.isatty()
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="backslashreplace")

    @cached_property
    def out(self) -> Console:
        """Where answers for people go."""
        return _console(to_stderr=False)

    @cached_property
    def err(self) -> Console:
        """Where everything else goes."""
        return _console(to_stderr=True)

    @property
    def width(self) -> int:
        """How many columns an answer may have."""
        return self.out.width

    @property
    def unicode(self) -> bool:
        """Whether more than ASCII can be printed."""
        return not self.out.options.ascii_only

    def answer(self, *parts: RenderableType) -> None:
        """Print an answer for people."""
        for part in parts:
            self.out.print(part)

    def info(self, words: str) -> None:
        """Print a status message to stderr."""
        if not self._quiet:
            self.err.print(safe(words), soft_wrap=not self.err.is_terminal)

    def print(self, part: RenderableType) -> None:
        """Print a laid out status message to stderr."""
        if not self._quiet:
            self.err.print(part)

    def error(self, sentence: str, next_step: str = "") -> None:
        """Print what went wrong and what to do; `--quiet` does not silence it."""
        from rich.text import Text

        lines = Text.assemble(("error: ", "bold red"), safe(sentence))
        if next_step:
            lines.append(f"\n{safe(next_step)}")
        self.err.print(lines, soft_wrap=not self.err.is_terminal)

    def ask(self, question: str) -> bool:
        """Ask a question that takes yes or no; Enter, Ctrl-C and Ctrl-D mean no."""
        import typer

        try:
            return typer.confirm(question, err=True)
        except typer.Abort:
            typer.echo(err=True)
            return False

    @contextmanager
    def waiting(self, words: str) -> Generator[None]:
        """Show a spinner once what is under way has taken a moment."""
        if self._quiet or not sys.stderr.isatty():
            yield
            return
        over = threading.Event()

        def spin() -> None:
            if not over.wait(_SPINNER_AFTER_SECONDS):
                with self.err.status(f"{words} ...", spinner="dots" if self.unicode else "line"):
                    over.wait()

        thread = threading.Thread(target=spin, name="spinner", daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()


def _console(*, to_stderr: bool) -> Console:
    from rich.console import Console

    class Pipeline(Console):
        def on_broken_pipe(self) -> None:
            # Rich would end the process here, with a code that means something else.
            raise BrokenPipeError

    # Rich would still write bold and dim under NO_COLOR; who sets it wants no escapes.
    return Pipeline(
        stderr=to_stderr,
        color_system=None if os.environ.get("NO_COLOR") else "auto",
        highlight=False,
        markup=False,
        emoji=False,
    )
