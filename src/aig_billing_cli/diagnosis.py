"""What `doctor` says about one thing: how bad it is, and what to do."""

from __future__ import annotations

from enum import StrEnum

from attrs import frozen

from .errors import CommandError
from .exit_codes import ExitCode


class Level(StrEnum):
    """How bad it is."""

    OK = "ok"
    NOTE = "note"
    PROBLEM = "problem"


@frozen
class Diagnosis:
    """The result of one check."""

    check: str
    """What was checked: a word that scripts may rely on."""
    level: Level
    sentence: str
    next_step: str = ""
    code: ExitCode = ExitCode.REFUSED
    """The exit code of doctor because of it, if it is a problem."""


def ok(check: str, sentence: str) -> Diagnosis:
    """Say that all is well."""
    return Diagnosis(check, Level.OK, sentence)


def note(check: str, sentence: str, next_step: str = "") -> Diagnosis:
    """Say something worth knowing; nothing has to be done."""
    return Diagnosis(check, Level.NOTE, sentence, next_step)


def problem(check: str, sentence: str, next_step: str, code: ExitCode = ExitCode.REFUSED) -> Diagnosis:
    """Say that something has to be done."""
    return Diagnosis(check, Level.PROBLEM, sentence, next_step, code)


def from_error(check: str, error: CommandError) -> Diagnosis:
    """Say of an error what a command would."""
    return problem(check, error.sentence, error.next_step, error.code)


def exit_code(diagnoses: list[Diagnosis]) -> ExitCode:
    """Return the exit code: that of the problem which prevents most."""
    codes = {one.code for one in diagnoses if one.level is Level.PROBLEM}
    order = (ExitCode.CREDENTIALS, ExitCode.NETWORK, ExitCode.USAGE, ExitCode.CHARGE_UNKNOWN, ExitCode.REFUSED)
    return next((code for code in order if code in codes), ExitCode.OK)
