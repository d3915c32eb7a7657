"""What `doctor` finds: one line about one thing, how bad it is, and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from .exit_codes import ExitCode


class Level(StrEnum):
    """How bad it is."""

    OK = "ok"
    NOTE = "note"
    PROBLEM = "problem"


@dataclass(frozen=True)
class Finding:
    """One finding."""

    check: str
    """What was looked at: a word that scripts may rely on."""
    level: Level
    sentence: str
    next_step: str = ""
    code: ExitCode = ExitCode.REFUSED
    """How doctor ends because of it, if it is a problem."""


def ok(check: str, sentence: str) -> Finding:
    """All is well."""
    return Finding(check, Level.OK, sentence)


def note(check: str, sentence: str, next_step: str = "") -> Finding:
    """Worth knowing; nothing has to be done."""
    return Finding(check, Level.NOTE, sentence, next_step)


def problem(check: str, sentence: str, next_step: str, code: ExitCode = ExitCode.REFUSED) -> Finding:
    """Something has to be done."""
    return Finding(check, Level.PROBLEM, sentence, next_step, code)
