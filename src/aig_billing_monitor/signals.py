"""Ends a program that runs until it is asked to stop."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import threading
from collections.abc import AsyncGenerator

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextlib.asynccontextmanager
async def ended_by_signals(*, within: float) -> AsyncGenerator[None]:
    """End the block on SIGINT or SIGTERM, and then the process, with exit code 0; also where the block takes too long to end.

    Handlers are set, so that it works as process 1 too, for which the kernel has no default. What may take long is a thread that waits for
    a name server or a database that does not answer: nothing of it can be interrupted, and all that must last is in a transaction.

    Args:
        within: Seconds after the signal at which the process ends, no matter what.
    """
    task = asyncio.current_task()
    assert task is not None  # noqa: S101 - asyncio runs this
    loop = asyncio.get_running_loop()
    received = False

    def end(*_: object) -> None:
        nonlocal received
        if not received:
            received = True
            timer = threading.Timer(within, _exit)
            timer.daemon = True
            timer.start()
            loop.call_soon_threadsafe(task.cancel)

    before = {number: signal.signal(number, end) for number in _SIGNALS}
    try:
        yield
    except asyncio.CancelledError:
        if not received:
            raise
        # All is closed, and to end the interpreter in order takes seconds on a busy machine.
        _exit()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _exit() -> None:
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(Exception):
            stream.flush()
    os._exit(0)
