"""`python -m aig_billing_sandbox`: the sandbox as a process."""

import argparse
import signal
import sys
from datetime import timedelta
from pathlib import Path

from aig_billing_sandbox.optional import requires_extra

_PROGRAM = "python -m aig_billing_sandbox"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=_PROGRAM,
        description="Cloudflare's AI Gateway billing API on this machine, with a ledger that adds up. Nothing costs money.",
        epilog="Ctrl-C ends it. The controls (clock, cards, usage, faults) are under /_sandbox on the same port.",
    )
    add = parser.add_argument
    add("--port", type=int, default=8787, help="port to listen on; 0 takes any free one (default: %(default)s)")
    add("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    add(
        "--open-to-the-network",
        action="store_true",
        help="allow a --host that other machines can reach, such as 0.0.0.0 in a container",
    )
    add("--open-controls", action="store_true", help="let other machines use the controls under /_sandbox, too")
    add("--db", type=Path, metavar="FILE", help="keep accounts and ledger in this SQLite file (default: in memory)")
    add(
        "--mode",
        choices=("live", "documented"),
        default="live",
        help="answer as the service is known to, or as its documents say (default: %(default)s)",
    )
    add("--seed", choices=("demo",), help="fill an empty database with forty days of plausible usage and invoices")
    add("--rate-limit", metavar="QUOTA/SECONDS", help="refuse requests beyond this with 429, such as 100/60")
    settles_after = "until a payment settles (default: %(default)s)"
    add("--settles-after", type=_delay, default="2", metavar="SECONDS", help=settles_after)
    add("--json", action="store_true", dest="as_json", help="print one line of JSON instead of text, once it listens")
    add("--ready-fd", type=int, metavar="FD", help="write that line to this file descriptor and close it")
    add("--exit-with-parent", action="store_true", help="end when the process that started this one is gone")
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Runs the sandbox until Ctrl-C or SIGTERM."""
    try:
        options = vars(_parser().parse_args(arguments))
        # Python ignores a KeyboardInterrupt that is raised in a callback of the import system, so Ctrl-C just ends it here.
        if raises := signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            signal.signal(signal.SIGINT, signal.SIG_DFL)
        # After the arguments, because help and errors about them do not need the extra.
        with requires_extra():
            from aig_billing_sandbox.process import checked_host, serve
            from aig_billing_sandbox.sandbox import Sandbox
        if raises:
            signal.signal(signal.SIGINT, signal.default_int_handler)
        options["host"] = checked_host(options["host"], open_to_the_network=options.pop("open_to_the_network"))
        given = {name: options.pop(name) for name in ("as_json", "ready_fd", "exit_with_parent")}
        serve(Sandbox(**options), **given)
    except KeyboardInterrupt:
        return 0  # it was not listening yet
    except (ValueError, OSError, ModuleNotFoundError) as error:
        print(f"{_PROGRAM}: {error}", file=sys.stderr)  # noqa: T201 - this is a command
        return 2
    return 0


def _delay(text: str) -> timedelta:
    try:
        delay = timedelta(seconds=float(text))
    except (ValueError, OverflowError):
        delay = timedelta(-1)
    if delay < timedelta(0):
        raise argparse.ArgumentTypeError(f"it is a number of seconds, 0 or more, not {text}")
    return delay


if __name__ == "__main__":
    sys.exit(main())
