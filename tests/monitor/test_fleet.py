"""Fleets: accounts checked in every period, charges at most once and the rate limit kept, while workers and PostgreSQL are killed."""

from __future__ import annotations

import asyncio
import datetime as dt
import itertools
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from aig_billing import AsyncClient

from aig_billing_monitor.fleet import Fleet, FleetAccount, Purchase, SharedGate
from aig_billing_monitor.history import HistoryError
from aig_billing_monitor.rate_gate import Pace
from aig_billing_monitor.reader import AccountReader
from aig_billing_sandbox import Sandbox
from tests.charges import postgres

from .conftest import NOON
from .fleet_trial import Terms, burn, stage, start_worker

pytestmark = pytest.mark.skipif(postgres.why_not() is not None, reason=str(postgres.why_not()))


@pytest.fixture
def fleet(postgresql_place: str) -> Iterator[Fleet]:
    made = Fleet(postgresql_place)
    asyncio.run(made.initialize())
    yield made
    made.close()


def test_initializing_twice_changes_nothing(fleet: Fleet) -> None:
    fleet.roster.add([FleetAccount("a", thresholds=(2000,))])
    asyncio.run(fleet.initialize())
    assert [one.account_id for one in fleet.roster.all()] == ["a"]


def test_an_account_that_is_added_again_is_changed(fleet: Fleet) -> None:
    fleet.roster.add([FleetAccount("a"), FleetAccount("b")])
    changed = FleetAccount("a", "team", dt.timedelta(minutes=10), (500,), Purchase(2000, 5000, 2))
    fleet.roster.add([changed])
    assert fleet.roster.all() == [changed, FleetAccount("b")]
    assert fleet.roster.remove("b")
    assert not fleet.roster.remove("b")


def test_an_account_is_due_once_in_its_time(fleet: Fleet) -> None:
    minute = dt.timedelta(minutes=1)
    fleet.roster.add([FleetAccount("a", every=5 * minute)])
    checks: list[int] = []
    for tick in range(60):
        now = NOON + tick * minute
        due = fleet.roster.due(now)
        checks += [tick] * len(due)
        fleet.roster.postpone(due, now, minute / 2)
    gaps = [later - earlier for earlier, later in itertools.pairwise(checks)]
    assert checks[0] == 0
    assert set(gaps) <= {4, 5}, "never later than asked for, and not much earlier"


def test_after_an_outage_an_account_is_due_one_period_after_its_own_check(fleet: Fleet) -> None:
    """All are queued at once then; whoever was checked first must not be the last the next time, a whole queue later."""
    second, period = dt.timedelta(seconds=1), dt.timedelta(minutes=5)
    fleet.roster.add(FleetAccount(name, every=period) for name in "abc")
    due = fleet.roster.due(NOON)
    fleet.roster.postpone(due, NOON, second)
    checked = {account.account_id: NOON + number * dt.timedelta(minutes=2) for number, account in enumerate(due)}
    for account in due:
        fleet.roster.checked(account, checked[account.account_id], second)
    for account_id, at in checked.items():
        assert account_id not in {one.account_id for one in fleet.roster.due(at + period * 0.9 - 2 * second)}
        assert account_id in {one.account_id for one in fleet.roster.due(at + period)}


def test_all_workers_share_the_rate_limit_of_a_token(fleet: Fleet) -> None:
    pace = Pace(100, 1_000_000.0)
    gates = [SharedGate(fleet.history.database, "t", pace) for _ in range(3)]
    # The head start of a limit of 100 is ten requests: those that are let through at once, whoever sends them.
    delays = [gate._take(1) for _ in range(5) for gate in gates]
    assert sum(delay <= 0 for delay in delays) == 11
    assert SharedGate(fleet.history.database, "other", pace)._take(1) <= 0
    asyncio.run(gates[0].close(1_000.0))
    assert gates[1]._take(1) > 900


def test_what_one_worker_read_of_usage_the_others_need_not_read_again(fleet: Fleet, sandbox: Sandbox) -> None:
    account = sandbox.account_id
    fleet.roster.add([FleetAccount(account)])
    sandbox.use(100)

    async def go() -> tuple[int, bool]:
        from aig_billing_monitor.readings import Account, Reading

        async with AsyncClient(api_token=sandbox.token, base_url=sandbox.base_url) as client:
            first, second = (
                AccountReader(client, SharedGate(fleet.history.database, "t", Pace()), details=details)
                for details in (fleet.roster, fleet.roster)
            )
            one = await first.read(Account(account))
            before = len(sandbox.requests())
            other = await second.read(Account(account))
            assert isinstance(one, Reading)
            assert isinstance(other, Reading)
            return len(sandbox.requests()) - before, one.usage == other.usage

    assert asyncio.run(go()) == (1, True)


def test_only_postgresql_can_hold_a_fleet(tmp_path: Path) -> None:
    with pytest.raises(HistoryError, match="PostgreSQL"):
        Fleet(str(tmp_path / "fleet.db"))


@pytest.mark.slow
def test_a_worker_ends_on_sigterm_and_leaves_its_jobs(fleet: Fleet, sandbox: Sandbox) -> None:
    fleet.roster.add([FleetAccount(sandbox.account_id, every=dt.timedelta(seconds=2))])
    with start_worker(fleet.url, sandbox, Terms(accounts=1, tick=2, requests=1_000, seconds=1.0)) as worker:
        while fleet.roster.all()[0].checked_at is None:
            assert worker.poll() is None
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(30) == 0


@pytest.mark.slow
def test_a_worker_that_is_started_while_the_database_is_down_works_once_it_is_up() -> None:
    terms = Terms(accounts=1, workers=1, period=6, tick=2, requests=300, seconds=5.0)
    with stage(terms) as here:
        here.fleet.close()
        here.database.kill()
        with start_worker(here.database.url, here.sandbox, terms, subprocess.PIPE) as worker:
            assert worker.stdout is not None
            assert "the database is not there" in worker.stdout.readline()
            here.database.start()
            while not here.checked():
                assert worker.poll() is None
            worker.send_signal(signal.SIGTERM)
            assert worker.wait(30) == 0


@pytest.mark.slow
def test_nothing_is_lost_or_charged_twice_while_workers_and_the_database_are_killed() -> None:
    terms = Terms(accounts=20, workers=2, period=8, tick=2, requests=300, seconds=5.0, buying=5, fire=8.0)
    outcome = burn(terms, periods=1)
    assert outcome.killed_workers >= 3
    assert outcome.killed_databases >= 1
    assert outcome.unchecked == 0, outcome
    # A charge that was cut off may have been sent: nobody sends it again before its invoice could have appeared.
    assert set(outcome.charged) == {0, 1}
    assert 1 <= outcome.charged[1] <= terms.buying
    assert outcome.most_requests <= terms.requests
