"""Blocking work beside an event loop, in threads that do not keep the process from ending."""

from __future__ import annotations

import asyncio
import concurrent.futures
import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


async def in_daemon_thread(work: Callable[[], T]) -> T:
    """Run blocking work and wait for its result.

    `asyncio.to_thread` would do the same, but its threads are joined when the process ends: a mail server that does not answer would hold
    up a SIGTERM for as long as its timeout.
    """
    future = concurrent.futures.Future[T]()
    future.set_running_or_notify_cancel()  # from here on, whoever stops waiting does not cancel it

    def run() -> None:
        try:
            future.set_result(work())
        except BaseException as error:  # noqa: BLE001 - it is raised where the work was asked for
            future.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    return await asyncio.wrap_future(future)
