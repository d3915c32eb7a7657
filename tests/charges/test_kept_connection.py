"""The connection that a process keeps to PostgreSQL: used again while it works, never by two processes, and closed at the end."""

import ctypes
import gc
import os
import signal
import subprocess
import sys
import textwrap
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import psycopg
import pytest
from aig_billing import Journal, JournalError

from aig_billing_charges import database
from tests.charges import postgres
from tests.charges.test_processes_and_names import in_a_fork


def session(journal: Journal) -> int:
    """The server's process for the next transaction."""
    with journal.transaction("look", write=False) as here:
        return int(here.connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one())


def sessions(place: str) -> set[int]:
    """The server's processes for this database."""
    with psycopg.connect(place) as connection:
        rows = connection.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return {pid for (pid,) in rows}


def assert_sessions_become(expected: set[int], place: str) -> None:
    give_up = time.monotonic() + 20
    while (found := sessions(place)) != expected and time.monotonic() < give_up:
        time.sleep(0.02)
    assert found == expected


@pytest.fixture
def journal(postgresql_place: str) -> Journal:
    journal = Journal(postgresql_place)
    journal.prepare()
    return journal


def test_transactions_use_one_session_in_which_nothing_is_prepared(journal: Journal, postgresql_place: str) -> None:
    assert {session(journal) for _ in range(10)} == sessions(postgresql_place)
    with journal.transaction("look", write=False) as here:
        assert here.connection.exec_driver_sql("SELECT count(*) FROM pg_prepared_statements").scalar_one() == 0


def test_threads_have_sessions_of_their_own_and_one_is_kept(journal: Journal, postgresql_place: str) -> None:
    together = Barrier(8, timeout=20)

    def work() -> int:
        with journal.transaction("look", write=False) as here:
            together.wait()
            return int(here.connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one())

    with ThreadPoolExecutor(8) as threads:
        used = {future.result() for future in [threads.submit(work) for _ in range(8)]}
    assert len(used) == 8
    kept = session(journal)
    assert kept in used
    assert_sessions_become({kept}, postgresql_place)


def test_a_session_that_the_server_has_ended_is_replaced(journal: Journal, postgresql_place: str) -> None:
    ended = session(journal)
    with psycopg.connect(postgresql_place) as connection:
        connection.execute("SELECT pg_terminate_backend(%s)", (ended,))
    assert_sessions_become(set(), postgresql_place)
    assert session(journal) != ended


def test_an_old_connection_is_replaced(postgresql_place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "_SECONDS_KEPT", 0.2)
    journal = Journal(postgresql_place)
    journal.prepare()
    old = session(journal)
    time.sleep(0.3)
    new = session(journal)
    assert new != old
    assert_sessions_become({new}, postgresql_place)


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_a_server_that_stands_still_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """As a container does that is paused: its kernel goes on to take what is sent."""
    if reason := postgres.why_not():
        pytest.skip(reason)
    monkeypatch.setattr(database, "_SECONDS_KEPT", 0.2)
    with postgres.PostgresServer() as server, ThreadPoolExecutor(1) as thread:
        journal = Journal(server.url, timeout=2)
        journal.prepare()
        stopped = [server.pid, session(journal)]
        time.sleep(0.3)
        for process in stopped:
            os.kill(process, signal.SIGSTOP)
        try:
            with pytest.raises(JournalError, match="timeout"):
                thread.submit(session, journal).result(60)
        finally:
            for process in stopped:
                os.kill(process, signal.SIGCONT)
        assert session(journal) != stopped[1]


def test_it_is_closed_with_the_journal(postgresql_place: str) -> None:
    journal = Journal(postgresql_place)
    journal.prepare()
    assert sessions(postgresql_place) == {session(journal)}
    del journal
    gc.collect()
    assert_sessions_become(set(), postgresql_place)


@pytest.mark.skipif(os.name != "posix", reason="forks of POSIX")
def test_a_forked_child_has_its_own_and_its_parents_goes_on(journal: Journal) -> None:
    mine = session(journal)
    said = in_a_fork(lambda: (session(journal), gc.collect() and session(journal)))
    first, second = map(int, said.strip("()").split(","))
    assert first == second != mine
    assert session(journal) == mine


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="calls the C library of Linux")
def test_so_has_a_child_whose_fork_python_was_not_told_of(journal: Journal) -> None:
    mine = session(journal)
    library = ctypes.PyDLL(None)
    ours, theirs = os.pipe()
    child = library.fork()
    if child == 0:
        try:
            os.write(theirs, f"{session(journal)} {session(journal)}".encode())
        finally:
            os._exit(0)
    os.close(theirs)
    with os.fdopen(ours, "rb") as pipe:
        first, second = map(int, pipe.read().split())
    os.waitpid(child, 0)
    assert first == second != mine
    assert session(journal) == mine


def run(script: str, place: str) -> str:
    """Run a script in a new interpreter that reports every file left open."""
    command = [sys.executable, "-X", "dev", "-W", "error::ResourceWarning", "-c", textwrap.dedent(script), place]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert done.stderr == ""
    return done.stdout


def test_a_process_that_ends_closes_its_session(postgresql_place: str) -> None:
    said = run(
        """
        import sys
        from aig_billing import Journal
        journal = Journal(sys.argv[1])
        journal.prepare()
        with journal.transaction("look", write=False) as here:
            print(here.connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one())
        """,
        postgresql_place,
    )
    assert int(said)
    assert_sessions_become(set(), postgresql_place)


@pytest.mark.skipif(os.name != "posix", reason="forks of POSIX")
@pytest.mark.parametrize("uses", [True, False], ids=["uses it", "leaves it alone"])
def test_a_child_that_ends_normally_does_not_end_its_parents(postgresql_place: str, *, uses: bool) -> None:
    said = run(
        f"""
        import gc, os, sys, warnings
        from aig_billing import Journal
        warnings.filterwarnings("ignore", category=DeprecationWarning)  # of forks in a process with threads
        journal = Journal(sys.argv[1])
        journal.prepare()
        def session():
            with journal.transaction("look", write=False) as here:
                return here.connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
        mine = session()
        child = os.fork()
        if child == 0:
            if {uses}:
                assert session() != mine
            gc.collect()
            sys.exit()
        assert os.waitpid(child, 0)[1] == 0
        print(session() == mine)
        """,
        postgresql_place,
    )
    assert said == "True\n"


@pytest.mark.skipif(os.name != "posix", reason="forks and signals of POSIX")
@pytest.mark.parametrize("during", [True, False], ids=["in a transaction", "between transactions"])
def test_the_session_of_a_killed_process_ends_although_its_child_lives(postgresql_place: str, *, during: bool) -> None:
    script = f"""
        import os, signal, sys, threading, time
        from aig_billing import Journal
        journal = Journal(sys.argv[1])
        journal.prepare()
        inside = threading.Event()
        def hold():
            with journal.transaction("hold"):
                inside.set()
                time.sleep(60 if {during} else 0)
        threading.Thread(target=hold, daemon=True).start()
        inside.wait()
        if not {during}:
            time.sleep(0.2)
        child = os.fork()
        if child == 0:
            time.sleep(60)
            os._exit(0)
        print(child, flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
    """
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(script), postgresql_place], stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        try:
            assert parent.wait(20) == -signal.SIGKILL
            assert_sessions_become(set(), postgresql_place)
            os.kill(child, 0)
        finally:
            os.kill(child, signal.SIGKILL)
