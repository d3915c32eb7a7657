"""The terminal: answers to stdout, everything else to stderr, questions, and a spinner while something takes its time."""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
import threading
from collections.abc import Callable, Generator
from functools import cached_property
from typing import TYPE_CHECKING, TextIO

from ..errors import CommandError, ExitCode, OutputError
from .formatting import safe

if TYPE_CHECKING:
    from rich.console import Console

    from .tables import Part

_SPINNER_AFTER_SECONDS = 0.4


class Terminal:
    """Where the output of a command goes."""

    def __init__(self, *, quiet: bool, may_ask: bool, as_json: bool = False) -> None:
        # A program that reads JSON finds nothing but JSON on stderr either; a person at a terminal sees what is under way.
        self._quiet = quiet or (as_json and not sys.stderr.isatty())
        self.as_json = as_json
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
    def unicode(self) -> bool:
        """Whether more than ASCII can be printed."""
        return not self.out.options.ascii_only

    def answer(self, *parts: Part) -> None:
        """Print an answer for people."""
        _print(self.out, *parts)

    def info(self, part: Part) -> None:
        """Print a status message to stderr."""
        if not self._quiet:
            self.notice(part)

    def notice(self, part: Part) -> None:
        """Print a message to stderr that `--quiet` does not silence; what is in a plain one cannot control a terminal."""
        with contextlib.suppress(OSError):
            _print(self.err, safe(part) if isinstance(part, str) else part)

    def error(self, error: CommandError) -> None:
        """Print what went wrong and what to do; `--quiet` does not silence it."""
        if self.as_json:
            print_json(error)
        else:
            next_step = f"\n{safe(error.next_step)}" if error.next_step else ""
            self.notice([("error: ", "bold red"), safe(error.sentence), next_step])

    def ask(self, question: str) -> bool:
        """Ask a question that takes yes or no; Enter and Ctrl-D mean no, Ctrl-C ends the command."""
        print(f"{question} [y/N]: ", end="", file=sys.stderr, flush=True)  # noqa: T201 - rich would break the line
        return self.read(_line).strip().lower() in {"y", "yes"}

    def read(self, line: Callable[[], str]) -> str:
        """Read an answer; it is empty after Ctrl-D. What is printed next begins a new line, also after Ctrl-C."""
        try:
            return line()
        except (EOFError, KeyboardInterrupt) as end:
            print(file=sys.stderr)  # noqa: T201 - see above
            if isinstance(end, KeyboardInterrupt):
                raise
            return ""

    @contextlib.contextmanager
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


def _print(console: Console, *parts: Part) -> None:
    from rich.text import Text

    from .tables import lay_out

    for part in map(lay_out, parts):
        # A sentence, a path or a line of a log goes to a pipe in one piece.
        console.print(part, soft_wrap=isinstance(part, Text) and not console.is_terminal)


def _line() -> str:
    # Not input(): a Ctrl-C that comes before it waits for keys is not noticed until the next key.
    line = sys.stdin.readline()
    if not line:
        raise EOFError
    return line


def print_json(error: CommandError) -> None:
    """Print an error to stderr as one line of JSON."""
    with contextlib.suppress(OSError):
        print(json.dumps({"error": error.as_dict()}), file=sys.stderr)  # noqa: T201 - this is what was asked for


def report_unwritable(error: OutputError, *, as_json: bool = False) -> ExitCode:
    """Say that stdout cannot be written to, and return the exit code for it."""
    discard(sys.stdout)
    if error.code is not ExitCode.PIPE_CLOSED:
        Terminal(quiet=False, may_ask=False, as_json=as_json).error(error)
    return error.code


def discard(stream: TextIO) -> None:
    """Let what is left in a stream's buffer go nowhere: the interpreter flushes once more at its end, and would complain."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def flush_stderr() -> None:
    """Flush stderr, or discard what it cannot take."""
    try:
        sys.stderr.flush()
    except OSError:
        discard(sys.stderr)


def _console(*, to_stderr: bool) -> Console:
    from rich.console import Console

    class Pipeline(Console):
        def on_broken_pipe(self) -> None:
            # Rich would end the process here, with a code that means something else.
            raise BrokenPipeError

    # Rich would still write bold and dim under NO_COLOR; who sets it wants no escapes.
    console = Pipeline(
        stderr=to_stderr,
        color_system=None if os.environ.get("NO_COLOR") else "auto",
        highlight=False,
        markup=False,
        emoji=False,
    )
    if console.width < 1:  # COLUMNS=0, under which Rich prints nothing
        console.width = 80
    return console
