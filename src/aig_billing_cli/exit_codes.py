"""The exit codes: what a script may rely on."""

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
