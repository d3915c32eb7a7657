"""The exit codes: what a script may rely on."""

from enum import IntEnum


class ExitCode(IntEnum):
    """How a command ended."""

    FINE = 0
    REFUSED = 1
    USAGE = 2
    CREDENTIALS = 3
    NETWORK = 4
    CHARGE_UNKNOWN = 5
    THRESHOLD = 6
    INTERRUPTED = 130
    PIPE_CLOSED = 141


MEANINGS = {
    ExitCode.FINE: "done",
    ExitCode.REFUSED: "the API said no or answered nonsense; for `doctor`: something needs attention",
    ExitCode.USAGE: "a wrong argument or configuration file, an unusable journal, or a question answered with no; nothing was sent",
    ExitCode.CREDENTIALS: "no credentials or no account were found, or the API does not know them",
    ExitCode.NETWORK: "no answer came",
    ExitCode.CHARGE_UNKNOWN: "a charge may or may not have happened: see `aig-billing charges reconcile`",
    ExitCode.THRESHOLD: "`watch`: the balance is below the threshold",
    ExitCode.INTERRUPTED: "interrupted by Ctrl-C (5 when a charge was under way)",
    ExitCode.PIPE_CLOSED: "whoever read the output went away",
}


def exit_code_table() -> str:
    """Give the table as plain lines, for `--help`."""
    return "\n".join(f"  {code:>3}  {meaning}" for code, meaning in MEANINGS.items())
