"""A worker of a fleet: runs jobs until it is ended, and starts again when the database comes back."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
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
_LOST = (ProcrastinateException, PostgresError, PoolTimeout, HistoryError, OSError)


async def open_fleet(url: str, report: Callable[[str], None] = print) -> Fleet:
    """Open a fleet for a worker, which may be started while its database is not; one that answers and cannot be used is a HistoryError."""
    while True:
        try:
            return await in_daemon_thread(lambda: Fleet(url))
        except HistoryError as error:
            if not isinstance(error.__cause__, OperationalError):
                raise
            report(_in_words(error))
        await _pause()


async def work(fleet: Fleet, tools: Tools, *, concurrency: int = 10) -> None:
    """Run jobs, so many at once, until this is cancelled. Without the database it waits and tries again: all is there."""
    add_account_jobs(fleet, tools)
    add_periodic_jobs(fleet, tools.timing)
    while True:
        try:
            await _run(fleet, tools, concurrency)
        except* _LOST as errors:
            tools.report(_in_words(errors))
        await _pause()


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


async def _pause() -> None:
    await asyncio.sleep(random.uniform(1, 6))  # noqa: S311 - jitter


def _in_words(error: BaseException) -> str:
    while isinstance(error, BaseExceptionGroup):
        error = cast("BaseExceptionGroup[BaseException]", error).exceptions[0]
    return f"the database is not there: {' '.join(str(error).split())[:200] or type(error).__name__}"
