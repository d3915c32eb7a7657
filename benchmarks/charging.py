"""Charges: with a journal that has grown, and from several processes through one PostgreSQL journal."""

import multiprocessing
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from pathlib import Path
from uuid import uuid4

from aig_billing import Journal

from aig_billing_charges.record import ChargeRecord
from aig_billing_charges.schema import charges, row_of
from aig_billing_sandbox import Sandbox
from benchmarks.measure import Figure, exactly, interleave, progress, ratios
from benchmarks.processes import Place
from tests.charges import postgres

_FEW, _MANY = 100, 200_000
_AMOUNT = 1000
_SECONDS = 5.0


def growing(_place: Place, rounds: int) -> Iterator[Figure]:
    """Compare a charge and a check of the balance in a journal of many settled charges with the same in one of few."""
    with tempfile.TemporaryDirectory() as folder, Sandbox() as sandbox, sandbox.client() as client:
        topup = client.ai_gateway.billing.topup
        journals = {}
        for settled in (_FEW, _MANY):
            progress(f"a journal of {settled:,} settled charges")
            journals[str(settled)] = _journal(Path(folder) / f"{settled}.db", sandbox.account_id, settled)
        keys = iter(f"measured-{number}" for number in range(1_000_000))

        def create(journal: Journal) -> None:
            topup.create_once(key=next(keys), amount=_AMOUNT, journal=journal)

        def ensure(journal: Journal) -> None:
            topup.ensure(at_least=1, amount=_AMOUNT, key_prefix="measured", journal=journal)

        for what, work in (("create_once", create), ("ensure", ensure)):
            measures = {name: partial(_seconds, partial(work, journal)) for name, journal in journals.items()}
            taken = interleave(what, measures, rounds, 0)
            yield Figure(
                key=f"journal_{what}",
                title=f"`{what}` with {_MANY:,} settled charges, time of the same with {_FEW}",
                means="a journal can be kept for years",
                ours=ratios(taken, str(_FEW))[str(_MANY)],
                limit=2,
            )


def _journal(path: Path, account: str, settled: int) -> Journal:
    journal = Journal(path)
    journal.prepare()
    year_ms, now_ms = 365 * 86_400_000, int(time.time() * 1000)
    with journal.transaction("fill", write=True) as here:
        rows = [
            row_of(
                ChargeRecord(
                    account_id=account,
                    key=f"settled-{number}",
                    amount=_AMOUNT,
                    state="completed",
                    payment_id=f"pi_{number}",
                    proof="answer",
                    created_ms=now_ms - year_ms * (settled - number) // settled,
                    changed_ms=now_ms - year_ms * (settled - number) // settled,
                )
            )
            for number in range(settled)
        ]
        here.connection.execute(charges.insert(), rows)
    return journal


def _seconds(work: Callable[[], None], calls: int) -> float:
    started = time.perf_counter()
    for _ in range(calls):
        work()
    return (time.perf_counter() - started) / calls


def together(_place: Place, _rounds: int) -> Iterator[Figure]:
    """Count the charges a second of 1, 4 and 16 processes, each for its own account, through one PostgreSQL journal."""
    reason = postgres.why_not()
    if reason is not None:
        progress(f"PostgreSQL is left out: {reason}")
        return
    with postgres.server() as url:
        rates = {processes: _rate(url, processes) for processes in (1, 4, 16)}
    yield Figure(
        key="postgresql",
        title="charges a second through one PostgreSQL journal, 4 processes, of 1 process's",
        means="accounts do not wait for each other",
        ours=exactly(rates[4] / rates[1]),
        limit=1.5,
        at_most=False,
        peers={f"{processes} processes, charges a second": exactly(rate) for processes, rate in rates.items()},
    )


def _rate(url: str, processes: int) -> float:
    progress(f"charges through PostgreSQL, {processes} processes")
    spawn = multiprocessing.get_context("spawn")
    ready, made = spawn.Barrier(processes), spawn.Queue()
    running = [spawn.Process(target=_charge, args=(url, ready, made), daemon=True) for _ in range(processes)]
    for process in running:
        process.start()
    charges_made: int = sum(made.get(timeout=300) for _ in running)
    for process in running:
        process.join()
    return charges_made / _SECONDS


def _charge(url: str, ready: Barrier, made: "Queue[int]") -> None:
    """Charge again and again once all processes are ready, against a sandbox of this process; puts how often."""
    account, journal, count = uuid4().hex, Journal(url), 0
    with Sandbox(settles_after=timedelta(0)) as sandbox, sandbox.client(account_id=account) as client:
        sandbox.open_account(account)
        topup = client.ai_gateway.billing.topup
        topup.create_once(key="warm-up", amount=_AMOUNT, journal=journal)
        ready.wait()
        end = time.perf_counter() + _SECONDS
        while time.perf_counter() < end:
            topup.create_once(key=f"charge-{count}", amount=_AMOUNT, journal=journal)
            count += 1
        # Each was its own charge, and not the outcome of another process's.
        assert len(sandbox.charges()) == count + 1
    made.put(count)
