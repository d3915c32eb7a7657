"""A worker of a fleet: runs jobs until it is ended, and starts again when the database comes back."""

from __future__ import annotations

import asyncio
import itertools
import random
import time
from collections.abc import Callable, Iterator
from typing import cast

from procrastinate.exceptions import ProcrastinateException
from procrastinate.jobs import DeleteJobCondition
from psycopg import Error as PostgresError
from psycopg_pool import PoolTimeout
from sqlalchemy.exc import OperationalError

from ..history import HistoryError
from ..threads import in_daemon_thread
from .jobs import Fleet, Tools, add_account_jobs, add_periodic_jobs

_SHUTDOWN_SECONDS = 5.0
_PAUSES = (0.5, 1.0, 2.0, 5.0, 10.0)
_LOST = (ProcrastinateException, PostgresError, PoolTimeout, HistoryError, OSError)


async def open_fleet(url: str, report: Callable[[str], None] = print) -> Fleet:
    """Open a fleet for a worker, which may be started while its database is not.

    Raises:
        HistoryError: When the database can be reached, and cannot be used.
    """
    pauses = _growing_pauses()
    while True:
        try:
            return await in_daemon_thread(lambda: Fleet(url))
        except HistoryError as error:
            if not isinstance(error.__cause__, OperationalError):
                raise
            report(f"the database is not there: {_first(error)}")
        await asyncio.sleep(next(pauses))


async def work(fleet: Fleet, tools: Tools, *, concurrency: int = 10) -> None:
    """Run jobs until this is cancelled. Without the database it waits and tries again: jobs and accounts are all there.

    Args:
        fleet: What to run.
        tools: What the jobs work with.
        concurrency: How many jobs run at once.
    """
    add_account_jobs(fleet, tools)
    add_periodic_jobs(fleet, tools.timing)
    pauses = _growing_pauses()
    while True:
        started = time.monotonic()
        try:
            await _run(fleet, tools, concurrency)
        except* _LOST as errors:
            tools.report(f"the database is not there: {_first(errors)}")
        if time.monotonic() - started > 60:
            pauses = _growing_pauses()
        await asyncio.sleep(next(pauses))


def _growing_pauses() -> Iterator[float]:
    for pause in itertools.chain(_PAUSES, itertools.repeat(_PAUSES[-1])):
        yield pause * random.uniform(0.5, 1.5)  # noqa: S311 - jitter


async def _run(fleet: Fleet, tools: Tools, concurrency: int) -> None:
    """Run jobs; returns or raises when the connection to the database is lost."""
    async with fleet.app.open_async(), asyncio.TaskGroup() as group:
        sending = group.create_task(tools.notifier.run())
        try:
            await fleet.app.run_worker_async(
                concurrency=concurrency,
                install_signal_handlers=False,
                delete_jobs=DeleteJobCondition.SUCCESSFUL,
                shutdown_graceful_timeout=_SHUTDOWN_SECONDS,
                update_heartbeat_interval=tools.timing.heartbeat,
                stalled_worker_timeout=tools.timing.stalled,
            )
        finally:
            sending.cancel()


def _first(error: BaseException) -> str:
    while isinstance(error, BaseExceptionGroup):
        error = cast("BaseExceptionGroup[BaseException]", error).exceptions[0]
    return " ".join(str(error).split())[:200] or type(error).__name__
