"""The entry point: answers `--version` at once, says what to install when the extra is missing, and starts the command."""

import contextlib
import importlib.util
import signal
import sys
from collections.abc import Generator

_NEEDED = ("typer", "rich")


@contextlib.contextmanager
def _ctrl_c_ends_at_once() -> Generator[None]:
    """End the process on Ctrl-C while modules are imported.

    A KeyboardInterrupt may be raised in a callback of the import system, where Python drops it, and the command would go on. Nothing
    is under way yet, so the process may just end.
    """
    if signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield
        return
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def main() -> None:
    """Run the command line."""
    if sys.argv[1:] == ["--version"]:
        from aig_billing_runtime.version import __version__

        print(f"aig-billing {__version__}")  # noqa: T201 - this is what was asked for
        return
    if any(importlib.util.find_spec(name) is None for name in _NEEDED):
        print('aig-billing: the command line is an extra; run: pip install "aig-billing[cli]"', file=sys.stderr)  # noqa: T201
        sys.exit(2)
    with _ctrl_c_ends_at_once():
        from aig_billing_cli.app import run

    sys.exit(run())


if __name__ == "__main__":
    main()
