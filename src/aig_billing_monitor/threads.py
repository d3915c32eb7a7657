"""Blocking work beside an event loop, in threads that do not keep the process from ending."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


async def in_daemon_thread(work: Callable[[], T]) -> T:
    """Run blocking work and wait for its result.

    `asyncio.to_thread` would do the same, but its threads are joined when the process ends: a mail server that does not answer would hold
    up a SIGTERM for as long as its timeout.
    """
    loop = asyncio.get_running_loop()
    done: asyncio.Future[T] = loop.create_future()

    def resolve(result: T | None, error: BaseException | None) -> None:
        if done.cancelled():
            return
        if error is not None:
            done.set_exception(error)
        else:
            done.set_result(result)  # type: ignore[arg-type]  # None where T allows it

    def run() -> None:
        result: T | None = None
        error: BaseException | None = None
        try:
            result = work()
        except BaseException as caught:  # noqa: BLE001 - it is raised where the work was asked for
            error = caught
        try:
            loop.call_soon_threadsafe(resolve, result, error)
        except RuntimeError:
            return  # the loop is closed: nobody waits for this any more

    threading.Thread(target=run, daemon=True).start()
    return await done
