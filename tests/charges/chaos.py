"""Kills processes at every step of a charge and at random instants, a thousand times and more, and counts what the sandbox received.

    python -m tests.charges.chaos --schedules 1000 [--journal postgresql] [--seed 7]

A schedule is one account of the sandbox, one or two keys, and a few processes that compete for them while the network goes wrong.
Some are killed with SIGKILL: before, inside or after a transaction of the journal, before or after the request, or at any moment; some
are stopped for longer than their lease and go on later; some fork while they read the journal, reach it through another mount, or have a
clock that jumps; the sandbox and PostgreSQL are killed and started again; lists of invoices are late or contradict themselves; the service
adds its fee. The journals hold 100,000 settled charges from the start. Then survivors finish. The judge is
the sandbox's own log of charges: a second request for a key is a double charge; a charge that it accepted, and that the survivors do not
know, is a lost outcome; one that they know, and it did not accept, is invented.
"""

import argparse
import contextlib
import os
import secrets
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import insert

from aig_billing_charges.journal import Journal
from aig_billing_charges.record import ChargeRecord
from aig_billing_charges.schema import charges, row_of
from tests.charges import postgres
from tests.charges.competition import Stage
from tests.charges.dying import Child, Say
from tests.charges.judgement import Counts, Figures, report
from tests.charges.sandbox_process import SandboxProcess
from tests.charges.schedules import plan


def play(
    numbers: range,
    *,
    place: str | None,
    folder: Path,
    seed: int,
    seconds: float | None = None,
    sandbox_dies: bool = True,
    settled: int = 0,
) -> Figures:
    """Play schedules one after the other, on their own sandbox, and where no place is given in their own PostgreSQL server."""
    started = time.monotonic()
    with contextlib.ExitStack() as stack:
        sandbox = stack.enter_context(SandboxProcess(folder / "books.db"))
        postgresql = stack.enter_context(postgres.PostgresServer()) if place is None else None
        place = place or (postgresql.url if postgresql else "")
        journal = Journal(place)
        journal.prepare()
        fill(journal, settled)
        stage = Stage(sandbox, place, postgresql)
        stage.warm_up()
        for number in numbers:
            if seconds is not None and time.monotonic() - started > seconds:
                break
            stage.play(plan(number, seed, sandbox_dies=sandbox_dies))
    return stage.figures


def fill(journal: Journal, number: int) -> None:
    """Put charges into the journal that were settled long ago."""
    with journal.transaction("fill") as here:
        for start in range(0, number, 5000):
            settled = [
                row_of(
                    ChargeRecord(
                        account_id=f"{index % 100:032x}",
                        key=f"old-{index}",
                        amount=5000,
                        state="completed",
                        payment_id=f"in_{index}",
                        proof="answer",
                    )
                )
                for index in range(start, min(number, start + 5000))
            ]
            here.connection.execute(insert(charges), settled)


@contextlib.contextmanager
def temporary_folder() -> Iterator[Path]:
    """Give a folder in memory where there is one: thousands of full syncs wear a disk out, and it is processes that are killed here."""
    memory = Path("/dev/shm")
    parent = memory if memory.is_dir() and os.access(memory, os.W_OK) else None
    folder = Path(tempfile.mkdtemp(prefix="aig-billing-chaos-", dir=parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def in_workers(
    total: int, workers: int, *, journal: str, seed: int, seconds: float | None = None, settled: int = 0
) -> Figures:
    """Share the schedules out among forked workers."""
    figures = Figures()
    with temporary_folder() as folder:
        children = []
        share = -(-total // workers)
        for worker in range(workers):
            own = folder / str(worker)
            own.mkdir(mode=0o700)
            numbers = range(worker * share, min(total, (worker + 1) * share))
            place = _place(journal, own)

            def work(say: Say, numbers: range = numbers, own: Path = own, place: str | None = place) -> None:
                done = play(numbers, place=place, folder=own, seed=seed, seconds=seconds, settled=settled)
                say({"counts": done.counts, "deaths": done.deaths, "complaints": done.complaints})

            children.append(Child(work, timeout=24 * 3600))
        for child in children:
            entries, code = child.finish()
            if code or not entries:
                raise RuntimeError(f"a worker ended with {code}")
            for said in entries:
                figures.add(Figures(Counts(said["counts"]), Counts(said["deaths"]), said["complaints"]))
    return figures


def _place(journal: str, folder: Path) -> str | None:
    """Say where the journal is; None for a PostgreSQL server that is yet to be started."""
    if journal == "sqlite":
        return str(folder / "journal.db")
    return journal if "://" in journal else None


def main() -> int:
    """Run the whole thing and print the figures."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.charges.chaos", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("--schedules", type=int, default=1000, help="how many (default: %(default)s)")
    parser.add_argument("--workers", type=int, default=2, help="processes that play them (default: %(default)s)")
    parser.add_argument(
        "--journal", default="sqlite", help="sqlite, postgresql (its own server), or a URL (default: %(default)s)"
    )
    parser.add_argument("--seed", type=int, help="plays the same schedules again, as far as time allows")
    parser.add_argument("--only", type=int, metavar="NUMBER", help="plays this one schedule alone")
    parser.add_argument(
        "--settled",
        type=int,
        default=100_000,
        help="how many charges were settled in each journal before (default: %(default)s)",
    )
    parser.add_argument(
        "--seconds", type=float, help="begins no schedule after so many; the figures say how many were played"
    )
    given = parser.parse_args()
    seed: int = secrets.randbelow(10**6) if given.seed is None else given.seed
    journal = "postgresql" if "postgresql" in given.journal else "sqlite"
    started = time.monotonic()
    if given.only is not None:
        print(plan(given.only, seed))
        with temporary_folder() as folder:
            numbers = range(given.only, given.only + 1)
            figures = play(
                numbers, place=_place(given.journal, folder), folder=folder, seed=seed, settled=given.settled
            )
    else:
        figures = in_workers(
            given.schedules,
            given.workers,
            journal=given.journal,
            seed=seed,
            seconds=given.seconds,
            settled=given.settled,
        )
    print(report(figures, time.monotonic() - started, journal))
    for complaint in figures.complaints[:20]:
        print(complaint)
    print(f"  seed {seed}")
    return 1 if figures.complaints else 0


if __name__ == "__main__":
    raise SystemExit(main())
