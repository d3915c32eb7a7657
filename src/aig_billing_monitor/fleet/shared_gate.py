"""The rate limit of a token, shared by all workers of a fleet: a row in PostgreSQL counts their requests by the database's clock."""

from __future__ import annotations

import asyncio

from sqlalchemy import TextClause, text

from ..history.database import HistoryDatabase
from ..rate_gate import Pace, RateGate
from ..threads import in_daemon_thread

_TAKE = text(
    "INSERT INTO aig_fleet_rates AS rate VALUES (:token, extract(epoch FROM clock_timestamp()) + :time, 0) "
    "ON CONFLICT (token) DO UPDATE SET next_at = greatest(rate.next_at, extract(epoch FROM clock_timestamp())) + :time "
    "RETURNING greatest(next_at - :time - :head_start, closed_until) - extract(epoch FROM clock_timestamp())"
)
_CLOSE = text(
    "UPDATE aig_fleet_rates SET closed_until = greatest(closed_until, extract(epoch FROM clock_timestamp()) + :seconds) "
    "WHERE token = :token RETURNING closed_until"
)


class SharedGate(RateGate):
    """Counts the requests of all workers that share a database and a token."""

    def __init__(self, database: HistoryDatabase, token: str, pace: Pace) -> None:
        """Open the gate of a token, which its digest names."""
        super().__init__(pace)
        self._database = database
        self._token = token

    async def wait(self, requests: int = 1) -> None:
        """Wait until so many requests may be sent, and count them."""
        delay = await in_daemon_thread(lambda: self._take(requests))
        if delay > 0:
            await asyncio.sleep(delay)

    async def close(self, seconds: float) -> None:
        """Let nothing through for so long."""
        await in_daemon_thread(lambda: self._execute(_CLOSE, seconds=seconds))

    def _take(self, requests: int) -> float:
        return self._execute(_TAKE, time=requests * self.pace.interval, head_start=self.pace.head_start)

    def _execute(self, statement: TextClause, **terms: float) -> float:
        with self._database.transaction() as connection:
            return float(connection.execute(statement, {"token": self._token, **terms}).scalar() or 0)
