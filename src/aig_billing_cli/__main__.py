"""The entry point: answers `--version` at once, says what to install when the extra is missing, and starts the command."""

import contextlib
import importlib.util
import os
import signal
import sys
from collections.abc import Generator
from typing import NoReturn

_NEEDED = ("typer", "rich")
_received: list[int] = []
"""The signals that interrupted this process."""


def _open_standard_streams() -> None:
    """Fill closed descriptors, so that no socket or journal gets the number of a standard stream and is written to by mistake."""
    for descriptor in (0, 1, 2):
        try:
            os.fstat(descriptor)
        except OSError:
            # What is written to stdout must be refused, and not lost.
            flags = os.O_RDONLY if descriptor == 1 else os.O_RDWR
            os.set_inheritable(os.open(os.devnull, flags), True)  # noqa: FBT003 - as os declares it
    if sys.stdout is None:  # pyright: ignore[reportUnnecessaryComparison]  # as Python leaves it
        sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115 - until the process ends
    if sys.stderr is None:  # pyright: ignore[reportUnnecessaryComparison]  # as Python leaves it
        sys.stderr = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115 - see above


@contextlib.contextmanager
def _signals_end_at_once() -> Generator[None]:
    """End the process on Ctrl-C or SIGTERM while modules are imported, and let both raise KeyboardInterrupt after that.

    A KeyboardInterrupt may be raised in a callback of the import system, where Python drops it, and the command would go on. Nothing
    is under way yet, so the process may just end. SIGTERM needs a handler, since it does nothing to a container's first process
    otherwise.
    """
    handled = [
        number
        for number, usual in ((signal.SIGINT, signal.default_int_handler), (signal.SIGTERM, signal.SIG_DFL))
        if signal.getsignal(number) is usual
    ]
    for number in handled:
        signal.signal(number, lambda number, _: os._exit(128 + number))
    try:
        yield
    finally:
        for number in handled:
            signal.signal(number, _interrupt)


def _interrupt(number: int, _: object) -> NoReturn:
    _received.append(number)
    raise KeyboardInterrupt


def main() -> None:
    """Run the command line."""
    with _signals_end_at_once():
        _open_standard_streams()
        if sys.argv[1:] == ["--version"]:
            _print_version()
        if any(importlib.util.find_spec(name) is None for name in _NEEDED):
            print('aig-billing: the command line is an extra; run: pip install "aig-billing[cli]"', file=sys.stderr)  # noqa: T201 - a message
            sys.exit(2)
        # httpx loads its own command line where it can, with pygments and more: a fifth of our start.
        sys.modules["httpx._main"] = None  # type: ignore[assignment]  # which makes its import fail, as httpx expects it may
        from aig_billing_cli.app import run

    code = run()
    if _received:
        # Python would end itself by the signal, and lose the exit code, if it came while a string was executed, as in an import.
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(OSError):
                stream.flush()
        os._exit(code)
    sys.exit(code)


def _print_version() -> NoReturn:
    from aig_billing_runtime.version import __version__

    from .errors import ExitCode

    try:
        print(f"aig-billing {__version__}", flush=True)  # noqa: T201 - this is what was asked for
    except OSError:
        os._exit(ExitCode.OUTPUT)
    sys.exit()


if __name__ == "__main__":
    main()
