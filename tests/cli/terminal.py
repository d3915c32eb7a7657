"""Runs the command line as its own process: piped, or on a pseudo-terminal of a given width."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from tests.interrupting import press_ctrl_c, wait_until_asleep

COMMAND = (sys.executable, "-m", "aig_billing_cli")
PATIENCE_SECONDS = 120.0
_ESCAPE = re.compile(r"\x1b(?:\[[0-9;?]*[A-Za-z]|\][^\x07]*\x07|.)")


@dataclass(frozen=True)
class Ended:
    """How a run ended."""

    code: int
    out: str
    err: str

    @property
    def everything(self) -> str:
        return self.out + self.err


@dataclass(frozen=True)
class CommandLine:
    """A person at a machine: an environment, and its own home."""

    home: Path
    environment: Mapping[str, str]

    def with_environment(self, **changes: str | None) -> CommandLine:
        """The same person with other variables; None takes one away."""
        merged = {**self.environment, **changes}
        return CommandLine(self.home, {name: value for name, value in merged.items() if value is not None})

    def run(self, *arguments: str, stdin: str = "") -> Ended:
        """Run it piped, as a script does."""
        done = subprocess.run(
            [*COMMAND, *arguments],
            input=stdin,
            capture_output=True,
            text=True,
            encoding="utf-8",
            env=dict(self.environment),
            cwd=self.home,
            timeout=PATIENCE_SECONDS,
            check=False,
        )
        return Ended(done.returncode, done.stdout, done.stderr)

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start it piped, and let it run."""
        return subprocess.Popen(
            [*COMMAND, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=dict(self.environment),
            cwd=self.home,
        )

    def screen(self, *arguments: str, width: int = 80) -> Ended:
        """Run it with its answer on a terminal of this width, and its messages in a pipe, so that neither disturbs the other."""
        with OnTerminal(self, arguments, width=width, words_too=False) as run:
            return run.end()

    def on_terminal(self, *arguments: str, width: int = 80) -> OnTerminal:
        """Run it with everything on a terminal, as a person does."""
        return OnTerminal(self, arguments, width=width, words_too=True)


class OnTerminal:
    """A run on a pseudo-terminal, which can be read from and typed to."""

    def __init__(
        self,
        line: CommandLine,
        arguments: Sequence[str],
        *,
        width: int,
        words_too: bool,
        program: Sequence[str] = COMMAND,
    ) -> None:
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 50, width, 0, 0))
        self._shown = b""
        self.process = subprocess.Popen(
            # With a controlling terminal, so that Ctrl-C can be typed, and an interactive shell controls its jobs.
            ["/usr/bin/setsid", "--ctty", *program, *arguments],
            stdin=slave,
            stdout=slave,
            stderr=slave if words_too else subprocess.PIPE,
            env=dict(line.environment),
            cwd=line.home,
        )
        os.close(slave)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        if self.process.stderr is not None:
            self.process.stderr.close()
        os.close(self._master)

    def read_until(self, words: str) -> str:
        """Read until these words are on the screen; give all that was shown."""
        end = time.monotonic() + PATIENCE_SECONDS
        while words not in self.raw:
            assert time.monotonic() < end, f"{words!r} never came; the screen shows:\n{self.raw}"
            if not self._read(0.1) and self.process.poll() is not None:
                raise AssertionError(f"it ended without {words!r}; the screen shows:\n{self.raw}")
        return self.raw

    def type(self, text: str) -> None:
        """Type something, once the program waits for it."""
        wait_until_asleep(self.process)
        os.write(self._master, text.encode())

    def interrupt(self) -> None:
        """Press Ctrl-C."""
        press_ctrl_c(self.process)

    def end(self) -> Ended:
        """Wait until it ends."""
        end = time.monotonic() + PATIENCE_SECONDS
        while self.process.poll() is None:
            assert time.monotonic() < end, f"it does not end; the screen shows:\n{self.raw}"
            self._read(0.05)
        while self._read(0.0):
            pass
        words = self.process.stderr.read().decode() if self.process.stderr else ""
        return Ended(self.process.returncode, self.raw, words)

    @property
    def raw(self) -> str:
        """What was shown, escapes and all."""
        return self._shown.decode(errors="replace").replace("\r\n", "\n")

    def _read(self, seconds: float) -> bool:
        if not select.select([self._master], [], [], seconds)[0]:
            return False
        with contextlib.suppress(OSError):  # Linux says so that the other side is closed
            part = os.read(self._master, 65_536)
            self._shown += part
            return bool(part)
        return False


def plain(text: str) -> str:
    """Take colours and cursor movements out."""
    return _ESCAPE.sub("", text)
