"""A fleet under fire: many accounts of a sandbox, workers and PostgreSQL killed (SIGKILL), and what must hold all the same.

    python -m tests.monitor.fleet_trial --accounts 1000

First the rate: how many accounts a second 1, 2 and 4 workers check when the API has no limit, and with it. Then the fire: workers and the
database are killed again and again while accounts are checked every period and some of them topped up. Once everything is back, every
account must be checked in every period; no account may be charged more than once; no window of the rate limit may see more requests than
it allows. Exits with 1 when one of these does not hold.
"""

from __future__ import annotations

import argparse
import asyncio
import bisect
import contextlib
import datetime as dt
import itertools
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from attrs import Factory, define, frozen
from sqlalchemy import func, select

from aig_billing_monitor.fleet import Fleet, FleetAccount, Purchase
from aig_billing_monitor.history.tables import readings
from aig_billing_sandbox import Sandbox
from tests.charges.postgres import PostgresServer

ROOT = Path(__file__).parents[2]
_PATIENCE = 300.0


@frozen(kw_only=True)
class Terms:
    """How a trial is run."""

    accounts: int
    workers: int = 4
    period: int = 60
    """Seconds between two checks of an account."""
    tick: int = 60
    """Seconds between two looks at what is due."""
    requests: int = 1_200
    seconds: float = 300.0
    """The API's limit, enforced by the sandbox."""
    buying: int = 0
    """How many accounts are low on credit and topped up."""
    fire: float = 120.0
    """For how many seconds things are killed."""
    seed: int = 1


def start_worker(url: str, sandbox: Sandbox, terms: Terms, output: int = subprocess.DEVNULL) -> subprocess.Popen[str]:
    """Start a worker as a separate process."""
    given = map(str, (url, sandbox.base_url, sandbox.token, terms.requests, terms.seconds, terms.tick))
    command = [sys.executable, "-m", "tests.monitor.fleet_worker", *given]
    return subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=subprocess.DEVNULL, text=True)


@define
class Stage:
    """A sandbox with its accounts, a database, and workers."""

    terms: Terms
    sandbox: Sandbox
    database: PostgresServer
    fleet: Fleet
    accounts: list[str]
    workers: list[subprocess.Popen[str]] = Factory(list)
    request_times: list[int] = Factory(list)
    """When requests arrived at the sandbox, in Unix milliseconds."""
    _seen: int = 0

    def start_worker(self) -> None:
        """Start one more worker."""
        self.workers.append(start_worker(self.database.url, self.sandbox, self.terms))

    def kill_worker(self, number: int) -> None:
        """Kill a worker, and start another one in its place."""
        worker = self.workers.pop(number)
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        self.start_worker()

    def stop_workers(self) -> None:
        """End all workers as a service manager does."""
        for worker in self.workers:
            worker.terminate()
        for worker in self.workers:
            worker.wait(30)
        self.workers.clear()

    def collect(self) -> None:
        """Take over the sandbox's list of requests, before it forgets."""
        for request in self.sandbox.requests(after=self._seen):
            self.request_times.append(request.at_ms)
            self._seen = request.number

    def checked(self) -> int:
        """Count the accounts that have been checked."""
        with self.fleet.history.database.transaction() as connection:
            return int(connection.scalar(select(func.count(readings.c.account_id.distinct()))) or 0)

    def unchecked(self, since: float) -> int:
        """Count the accounts that have not been checked since a moment, in Unix seconds."""
        return sum(seen[-1:] < [since] for seen in self.times().values())

    def times(self) -> dict[str, list[float]]:
        """Give when each account was checked, in Unix seconds."""
        found: dict[str, list[float]] = {account: [] for account in self.accounts}
        with self.fleet.history.database.transaction() as connection:
            chosen = select(readings.c.account_id, readings.c.at).order_by(readings.c.at)
            for account_id, at in connection.execute(chosen):
                found[account_id].append(at.timestamp())
        return found


@contextlib.contextmanager
def stage(terms: Terms) -> Iterator[Stage]:
    """Set everything up, without workers."""
    with Sandbox(rate_limit=f"{terms.requests}/{round(terms.seconds)}") as sandbox, PostgresServer() as database:
        accounts = [sandbox.open_account() for _ in range(terms.accounts)]
        for account in accounts[: terms.buying]:
            sandbox.adjust_balance(-2_000, account_id=account)
        fleet = Fleet(database.url)
        asyncio.run(fleet.initialize())
        every = dt.timedelta(seconds=terms.period)
        purchase = Purchase(at_least=1_000, amount=2_000)
        fleet.roster.add(
            FleetAccount(account, every=every, purchase=purchase if number < terms.buying else None)
            for number, account in enumerate(accounts)
        )
        found = Stage(terms, sandbox, database, fleet, accounts)
        try:
            yield found
        finally:
            for worker in found.workers:
                worker.kill()
                worker.wait()
            fleet.close()


def measure(terms: Terms) -> float:
    """Give how many accounts a second are checked, from the first to the last."""
    with stage(terms) as here:
        for _ in range(terms.workers):
            here.start_worker()
        while not here.checked():
            time.sleep(0.02)
        started = time.monotonic()
        first = here.checked()
        while (count := here.checked()) < terms.accounts:
            time.sleep(0.05)
        rate = (count - first) / (time.monotonic() - started)
        here.stop_workers()
        return rate


@frozen
class Outcome:
    """What became of a trial."""

    killed_workers: int
    killed_databases: int
    late: int
    """How often, once everything was back, an account waited longer than its period and two looks at what is due."""
    unchecked: int
    """How many accounts nobody checked any more after that."""
    longest: float
    """The longest wait for a check, in seconds."""
    charged: Counter[int]
    """How many accounts were charged how many times."""
    most_requests: int
    """The most requests in any window as long as that of the rate limit."""
    checks: int

    def holds(self, terms: Terms) -> bool:
        """Say whether all that must hold does."""
        return (
            not self.late
            and not self.unchecked
            and max(self.charged) <= 1
            and self.charged[1] <= terms.buying
            and self.most_requests <= terms.requests
        )


def burn(terms: Terms, periods: int = 3) -> Outcome:
    """Run the trial."""
    dice = random.Random(terms.seed)
    with stage(terms) as here:
        for _ in range(terms.workers):
            here.start_worker()
        killed, databases = _fire(here, dice)
        # A stalled worker's jobs come back within its timeout, and a tick; then all periods must be kept.
        back = time.time() + min(20, 2 * terms.tick) + 3 * terms.tick + terms.period
        end = back + periods * terms.period
        # On a busy machine the last accounts may need longer; how many were late is counted apart.
        while (now := time.time()) < end or (now < end + _PATIENCE and here.unchecked(back)):
            here.collect()
            time.sleep(0.5)
        here.stop_workers()
        here.collect()
        times = here.times()
        waits = [wait for seen in times.values() for wait in _waits(seen, back, end)]
        charges = Counter(charge.account_id for charge in here.sandbox.charges())
        return Outcome(
            killed,
            databases,
            sum(wait > terms.period + 2 * terms.tick for wait in waits),
            here.unchecked(back),
            round(max(waits), 1),
            Counter(charges[account] for account in here.accounts),
            _most_in_window(here.request_times, terms.seconds),
            sum(map(len, times.values())),
        )


def _fire(here: Stage, dice: random.Random) -> tuple[int, int]:
    """Kill workers, and the database twice, until the time is over; gives how many of each."""
    terms, killed, databases = here.terms, 0, 0
    while here.checked() < terms.accounts // 10:
        time.sleep(0.1)
    started = time.monotonic()
    while (passed := time.monotonic() - started) < terms.fire:
        here.collect()
        time.sleep(dice.uniform(0.5, 1.5) * terms.fire / 12)
        here.kill_worker(dice.randrange(len(here.workers)))
        killed += 1
        if passed > terms.fire * (databases + 1) / 3:
            here.database.kill()
            time.sleep(dice.uniform(0.5, 2))
            here.database.start()
            databases += 1
    return killed, databases


def _waits(times: list[float], start: float, end: float) -> Iterator[float]:
    """Give how long an account waited for each check from a moment on, and for the one that had not come at the end."""
    first = max(0, bisect.bisect_left(times, start) - 1)
    seen = [*(times[first:] or [start]), end]
    for earlier, later in itertools.pairwise(seen):
        yield later - earlier


def _most_in_window(times: list[int], seconds: float) -> int:
    ordered = sorted(times)
    return max(
        (bisect.bisect_left(ordered, start + seconds * 1000) - number for number, start in enumerate(ordered)),
        default=0,
    )


def main() -> int:
    """Measure, then burn."""
    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    parser.add_argument("--accounts", type=int, default=1_000, help="how many accounts burn")
    parser.add_argument("--measured", type=int, default=200, help="how many accounts the rate is measured with")
    parser.add_argument("--period", type=int, default=180, help="seconds between two checks while it burns")
    parser.add_argument("--only-fire", action="store_true", help="leave the rates out")
    parser.add_argument("--seed", type=int, default=1, help="decides who is killed when")
    given = parser.parse_args()
    counts = () if given.only_fire else (1, 2, 4)
    for workers in counts:
        terms = Terms(accounts=given.measured, workers=workers, requests=1_000_000, seconds=1.0, tick=2, period=3_600)
        print(f"{workers} workers, no limit: {measure(terms):.1f} accounts a second", flush=True)
    for workers in counts:
        # As many requests a second as the API allows, in shorter windows. An account's first check takes three.
        terms = Terms(accounts=60, workers=workers, requests=80, seconds=20.0, tick=2, period=3_600)
        print(f"{workers} workers, 4 requests a second: {measure(terms):.2f} accounts a second", flush=True)
    terms = Terms(
        accounts=given.accounts,
        period=given.period,
        tick=10,
        requests=1_200,
        seconds=60.0,
        buying=given.accounts // 20,
        fire=150.0,
        seed=given.seed,
    )
    outcome = burn(terms, periods=2)
    print(outcome)
    print("all held" if outcome.holds(terms) else "SOMETHING DID NOT HOLD")
    return 0 if outcome.holds(terms) else 1


if __name__ == "__main__":
    sys.exit(main())
