"""Forks, files with two names, copies and moved files: whichever way one journal is reached, its charges are made once."""

import contextlib
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import textwrap
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from aig_billing import Journal, JournalError
from sqlalchemy import update

from aig_billing_charges.schema import charges
from aig_billing_sandbox import Sandbox
from tests.charges.stage import Topups, charged, claim_charge, topups_of

pytestmark = pytest.mark.skipif(os.name != "posix", reason="forks, links and modes of POSIX")
ACCOUNT = "7f3c0a9e5b1d42d8a6e4c9b20f18d573"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    folder = tmp_path / "journals"
    folder.mkdir(mode=0o700)
    return folder / "journal.db"


def in_a_fork(work: Callable[[], object], seconds: int = 30) -> str:
    """Run work in a forked child, and give what it returned or raised, in words."""
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        signal.alarm(seconds)
        try:
            said = repr(work())
        except BaseException as error:  # noqa: BLE001 - it is what is looked at
            said = f"{type(error).__name__}: {error}"
        os.write(theirs, said.encode())
        os._exit(0)
    os.close(theirs)
    with os.fdopen(ours, "rb") as pipe:
        said = pipe.read().decode()
    _, status = os.waitpid(child, 0)
    assert not os.WIFSIGNALED(status), f"the child was ended by signal {os.WTERMSIG(status)}"
    return said


class Holder:
    """Holds a transaction open in another thread."""

    def __init__(self, journal: Journal, *, write: bool) -> None:
        self.inside, self.go = threading.Event(), threading.Event()
        self.thread = threading.Thread(target=self._hold, args=(journal, write))
        self.thread.start()
        assert self.inside.wait(20)

    def _hold(self, journal: Journal, write: bool) -> None:
        with journal.transaction("hold", ACCOUNT, write=write) as here:
            if write:
                here.connection.exec_driver_sql("UPDATE aig_billing_accounts SET version = version + 1")
            self.inside.set()
            self.go.wait(30)

    def end(self) -> None:
        self.go.set()
        self.thread.join()


@pytest.mark.slow
@pytest.mark.parametrize("write", [True, False])
def test_a_child_forked_during_a_transaction_opens_its_own(place: str, *, write: bool) -> None:
    journal = Journal(place, timeout=5)
    journal.prepare()
    claim_charge(journal, ACCOUNT, "warm up", 5000, "me", lease=1)
    holder = Holder(journal, write=write)
    started = threading.Timer(0.5, holder.end)
    started.start()
    said = in_a_fork(lambda: [claim_charge(journal, ACCOUNT, key, 5000, "child", lease=1)[1] for key in ("a", "b")])
    started.join()
    assert said == "[True, True]"
    assert [journal.find(ACCOUNT, key)[0] is not None for key in ("a", "b")] == [True, True]
    assert claim_charge(journal, ACCOUNT, "c", 5000, "parent", lease=1)[1]
    with journal.transaction("look", write=False) as here:
        version = here.connection.exec_driver_sql("SELECT version FROM aig_billing_accounts").scalar()
    assert version == 4 + write


@pytest.mark.slow
def test_a_child_that_ends_normally_undoes_nothing_of_its_parents_transaction(path: Path) -> None:
    script = """
        import os, sys, threading
        from aig_billing import Journal
        journal = Journal(sys.argv[1])
        journal.prepare()
        inside, go = threading.Event(), threading.Event()
        def hold():
            with journal.transaction("hold", "account") as here:
                for number in range(500):
                    here.connection.exec_driver_sql(
                        "INSERT INTO aig_billing_charges"
                        " (account_id, key, amount, state, revision, needs_confirmation, created_ms, changed_ms)"
                        f" VALUES ('account', 'k{number}', 5000, 'completed', 0, 0, 0, 0)")
                inside.set()
                go.wait(30)
        thread = threading.Thread(target=hold)
        thread.start()
        inside.wait()
        child = os.fork()
        if child == 0:
            import gc
            gc.collect()
            sys.exit(0)
        os.waitpid(child, 0)
        go.set()
        thread.join()
        print(len(journal.view("account", since_ms=0).records))
    """
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", textwrap.dedent(script), str(path)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.stdout.strip(), done.returncode) == ("500", 0), done.stderr
    with contextlib.closing(sqlite3.connect(path)) as file:
        assert file.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_a_child_forked_while_the_journal_is_opened_opens_its_own(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = Journal(path, timeout=5)
    inside, go = threading.Event(), threading.Event()
    prepare = journal._database.prepare

    def slowly() -> None:
        inside.set()
        go.wait(20)
        prepare()

    monkeypatch.setattr(journal._database, "prepare", slowly)
    opening = threading.Thread(target=journal.prepare)
    opening.start()
    assert inside.wait(20)
    try:

        def work() -> bool:
            journal.prepare()
            return claim_charge(journal, ACCOUNT, "key", 5000, "child", lease=1)[1]

        assert in_a_fork(work) == "True"
    finally:
        go.set()
        opening.join()


_WITHOUT_LOCKS_OF_OPEN_FILES = """
    import fcntl, os, sys, threading
    del fcntl.F_OFD_SETLK
    from aig_billing import Journal, JournalError
    from aig_billing_charges import sqlite_file
    from tests.charges.stage import claim_charge
    sqlite_file._LONGEST_WAIT_AT_FORK = 0.5

    def claim(journal, key):
        try:
            return claim_charge(journal, "account", key, 5000, str(os.getpid()), lease=100)[1]
        except JournalError as error:
            return str(error)

    def claim_in_a_fork(journal, key):
        child = os.fork()
        if child == 0:
            print("child", claim(journal, key), flush=True)
            if os.fork() == 0:
                os._exit(0)
            os.wait()
            print("having forked", claim(journal, key + " again"), flush=True)
            os._exit(0)
        os.waitpid(child, 0)

    journal = Journal(sys.argv[1], timeout=20)
    journal.prepare()
"""
"""A system without them (macOS, gVisor), as far as Python can tell."""


@pytest.mark.slow
def test_without_locks_of_open_files_a_key_is_one_process_s(path: Path) -> None:
    script = textwrap.dedent(_WITHOUT_LOCKS_OF_OPEN_FILES) + "print(sum(claim(journal, f'k{n}') for n in range(30)))"
    running = [
        subprocess.Popen([sys.executable, "-c", script, str(path)], stdout=subprocess.PIPE, text=True) for _ in range(4)
    ]
    claimed = [int(process.communicate(timeout=120)[0]) for process in running]
    assert sum(claimed) == 30
    # Nor do both kinds of locks let each other in.
    with Journal(path).transaction("hold", "account"):
        script = textwrap.dedent(_WITHOUT_LOCKS_OF_OPEN_FILES).replace("timeout=20", "timeout=1")
        done = subprocess.run([sys.executable, "-c", script, str(path)], capture_output=True, text=True, check=False)
        assert "locked" in done.stderr


@pytest.mark.slow
def test_without_locks_of_open_files_a_child_of_a_transaction_is_refused(path: Path) -> None:
    script = textwrap.dedent(_WITHOUT_LOCKS_OF_OPEN_FILES) + textwrap.dedent("""
        inside, go = threading.Event(), threading.Event()
        def hold():
            with journal.transaction("hold", "account"):
                inside.set()
                go.wait(60)
        thread = threading.Thread(target=hold)
        thread.start()
        inside.wait()
        claim_in_a_fork(journal, "a")
        go.set()
        thread.join()
        print("parent", claim(journal, "b"), flush=True)
        claim_in_a_fork(journal, "c")
    """)
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script, str(path)],
        capture_output=True,
        text=True,
        check=True,
        timeout=90,
    )
    first, again, *others = done.stdout.splitlines()
    assert first.startswith("child The journal")
    assert again.startswith("having forked The journal")
    assert 'method "spawn"' in first
    assert 'method "spawn"' in again
    assert others == ["parent True", "child True", "having forked True"]


def test_parent_and_child_charge_a_key_once_although_a_reader_was_open_at_the_fork(
    sandbox: Sandbox, path: Path
) -> None:
    sandbox.fault("topup.create", delay_before=0.5)
    journal = Journal(path, timeout=5)
    journal.prepare()
    holder = Holder(journal, write=False)

    def buy() -> bool:
        with topups_of(sandbox) as topup:
            outcome: Any = topup.create_once(key="refill", amount=5000, journal=journal)
            return bool(outcome.replayed)

    buying: list[bool] = []

    def end_and_buy() -> None:
        holder.end()
        buying.append(buy())

    parent = threading.Thread(target=end_and_buy)
    with Sandbox() as other, topups_of(other) as topup:
        topup.status  # noqa: B018 - imports what the child needs
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        signal.alarm(40)
        os.read(ours, 1)
        found, _ = journal.find(sandbox.account_id, "refill")
        claimed = claim_charge(journal, sandbox.account_id, "refill", 5000, "child", lease=1)
        os._exit(0 if found is not None and not claimed[1] else 1)
    parent.start()
    parent.join()
    os.write(theirs, b"x")
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    assert buying == [False]
    assert charged(sandbox) == [5000]


def other_process(path: Path, key: str = "k") -> str:
    """Ask for a charge from another process."""
    script = """
        import sys
        from aig_billing import ChargeRecord, Journal
        journal = Journal(sys.argv[1], timeout=1)
        try:
            journal.prepare()
            wish = ChargeRecord(account_id="account", key=sys.argv[2], amount=5000, owner="other", state="intent")
            print(journal.claim(wish, lease=10)[1])
        except Exception as error:
            print(error)
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script), str(path), key],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return done.stdout.strip()


@pytest.mark.slow
def test_copying_the_files_of_a_journal_does_not_end_its_locks(path: Path, tmp_path: Path) -> None:
    journal = Journal(path)
    journal.prepare()
    with journal.transaction("hold", "account") as here:
        for file in path.parent.iterdir():
            shutil.copy(file, tmp_path / f"copy of {file.name}")
        assert "held it for too long" in other_process(path)
        here.connection.exec_driver_sql("UPDATE aig_billing_accounts SET version = 7")
    assert other_process(path) == "True"


def test_another_program_that_reads_the_file_is_kept_out_and_undoes_nothing(path: Path) -> None:
    journal = Journal(path)
    journal.prepare()
    claim_charge(journal, "account", "before", 5000, "me", lease=1)
    script = (
        "import sqlite3, sys; own = sqlite3.connect(sys.argv[1], timeout=0); "
        "print(own.execute('SELECT count(*) FROM aig_billing_charges').fetchone())"
    )
    with journal.transaction("hold", "account") as here:
        here.connection.exec_driver_sql("UPDATE aig_billing_charges SET amount = 6000")
        done = subprocess.run([sys.executable, "-c", script, str(path)], capture_output=True, text=True, check=False)
        assert "locked" in done.stderr
    found, _ = journal.find("account", "before")
    assert found is not None
    assert found.amount == 6000


def test_a_file_with_two_names_is_refused_under_both(topup: Topups, sandbox: Sandbox, path: Path) -> None:
    journal = Journal(path)
    topup.create_once(key="before", amount=5000, journal=journal)
    other = path.with_name("other.db")
    os.link(path, other)
    for place in (journal, path, other):
        with pytest.raises(JournalError, match=r"2 names .*give it a single name"):
            topup.create_once(key="refill", amount=6000, journal=place)
    other.unlink()
    assert not topup.create_once(key="refill", amount=6000, journal=journal).replayed
    assert charged(sandbox) == [5000, 6000]


def test_a_link_to_the_file_is_the_same_journal(topup: Topups, sandbox: Sandbox, path: Path) -> None:
    topup.create_once(key="refill", amount=5000, journal=path)
    link = path.with_name("link.db")
    link.symlink_to(path)
    assert topup.create_once(key="refill", amount=5000, journal=link).replayed
    assert charged(sandbox) == [5000]


def test_a_link_to_a_file_in_a_folder_that_everybody_may_write_is_refused(
    topup: Topups, sandbox: Sandbox, path: Path, tmp_path: Path
) -> None:
    (tmp_path / "everybodys").mkdir()
    (tmp_path / "everybodys").chmod(0o777)
    (tmp_path / "everybodys" / "journal.db").touch(mode=0o600)
    path.symlink_to(tmp_path / "everybodys" / "journal.db")
    with pytest.raises(JournalError, match="everybody may write its folder"):
        topup.create_once(key="refill", amount=5000, journal=path)
    assert sandbox.requests() == []


UNSHARE, MOUNT = shutil.which("unshare"), shutil.which("mount")


def mounted(path: Path, script: str, *, folder: bool) -> str:
    """Run a script in its own mount namespace, where the file, or its folder, has another name; give what it prints."""
    # The kernel writes these four letters in another way where it lists what is mounted.
    name = path.parent.with_name(f"mounted\t{path.name}\n{folder} \\")
    name.mkdir(mode=0o700)
    if not folder:
        (name / path.name).touch(mode=0o600)
    source, target = (path.parent, name) if folder else (path, name / path.name)
    done = subprocess.run(
        [
            *(str(UNSHARE), "--mount", "sh", "-c", 'mount --bind "$1" "$2" && shift 2 && exec "$@"', "sh"),
            *(str(source), str(target), sys.executable, "-c", textwrap.dedent(script), str(name / path.name)),
        ],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    if "permitted" in done.stderr or "denied" in done.stderr:
        pytest.skip(f"this machine mounts nothing: {done.stderr.strip()}")
    return done.stdout + done.stderr


_CLAIM = """
    import sys
    from aig_billing import ChargeRecord, Journal
    journal = Journal(sys.argv[1])
    try:
        journal.prepare()
        wish = ChargeRecord(account_id="account", key="k", amount=5000, owner="other", state="intent")
        print(journal.claim(wish, lease=100)[1])
    except Exception as error:
        print(error)
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux" or UNSHARE is None or MOUNT is None, reason="Linux can mount a file")
def test_a_file_that_is_mounted_by_itself_is_refused_and_a_folder_is_not(path: Path) -> None:
    journal = Journal(path)
    journal.prepare()
    claim_charge(journal, "account", "k", 5000, "me", lease=100)
    assert "mount its folder instead" in mounted(path, _CLAIM, folder=False)
    assert mounted(path, _CLAIM, folder=True).strip() == "False"


@pytest.mark.slow
def test_a_journal_that_is_moved_away_during_the_request_is_missed_and_nothing_false_is_said(
    sandbox: Sandbox, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with topups_of(sandbox) as topup:
        topup.create_once(key="before", amount=5000, journal=path)
        sandbox.fault("topup.create", drop="after")
        journal = Journal(path)
        step = journal.start_sending

        def then_move(*given: Any, **named: Any) -> None:
            step(*given, **named)
            path.rename(path.with_name("moved.db"))

        journal.start_sending = then_move  # type: ignore[method-assign]  # something outside moves it
        with pytest.raises(Exception, match="may or may not have been charged") as caught:
            topup.create_once(key="refill", amount=6000, journal=journal)
        assert "it was there and is gone" in str(caught.value)
        for said in (str(caught.value), caplog.text):
            assert "nothing was charged" not in said.lower()
            assert "charged nothing" not in said
        with pytest.raises(JournalError, match="was there and is gone") as gone:
            topup.create_once(key="refill", amount=6000, journal=path)
        assert "This call charged nothing." in str(gone.value)
        path.with_name("moved.db").rename(path)
        Journal(path).prepare()
    assert charged(sandbox) == [5000, 6000]


def test_another_file_in_the_place_of_the_journal_is_refused(topup: Topups, sandbox: Sandbox, path: Path) -> None:
    topup.create_once(key="refill", amount=5000, journal=path)
    path.rename(path.with_name("moved.db"))
    path.touch(mode=0o600)
    with pytest.raises(JournalError, match="another file has taken its place"):
        topup.create_once(key="refill", amount=5000, journal=path)
    assert charged(sandbox) == [5000]


def test_an_old_copy_that_is_written_over_the_journal_is_refused(topup: Topups, sandbox: Sandbox, path: Path) -> None:
    journal = Journal(path)
    topup.create_once(key="before", amount=5000, journal=journal)
    journal.backup(path.with_name("copy.db"))
    topup.create_once(key="refill", amount=6000, journal=journal)
    newest = path.read_bytes()
    path.write_bytes(path.with_name("copy.db").read_bytes())
    for place in (journal, path):
        with pytest.raises(JournalError, match="an older copy has taken its place"):
            topup.create_once(key="refill", amount=6000, journal=place)
    path.write_bytes(newest)
    assert topup.create_once(key="refill", amount=6000, journal=journal).replayed
    assert charged(sandbox) == [5000, 6000]


@pytest.mark.slow
def test_another_journal_that_is_written_over_the_journal_is_refused(
    topup: Topups, sandbox: Sandbox, path: Path
) -> None:
    journal = Journal(path)
    topup.create_once(key="refill", amount=5000, journal=journal)
    assert other_process(path.with_name("other.db")) == "True"
    path.write_bytes(path.with_name("other.db").read_bytes())
    for place in (journal, path):
        with pytest.raises(JournalError, match=r"(another journal|an older copy) has taken its place"):
            topup.create_once(key="refill", amount=5000, journal=place)
    assert charged(sandbox) == [5000]


@pytest.mark.parametrize("place", ["charges.db", "./charges.db", "sqlite:///charges.db", Path("charges.db")])
def test_a_path_that_depends_on_the_working_directory_is_refused(
    topup: Topups,
    sandbox: Sandbox,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    place: str | Path,
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(JournalError, match="relative path") as caught:
        topup.create_once(key="refill", amount=5000, journal=place)
    assert str(tmp_path / "charges.db") in str(caught.value)
    monkeypatch.setenv("AIG_BILLING_JOURNAL", str(place))
    with pytest.raises(JournalError, match="is a relative path"):
        topup.create_once(key="refill", amount=5000)
    assert sandbox.requests() == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("what", ["file", "folder"])
@pytest.mark.parametrize("mode", [0o666, 0o777, 0o606])
def test_what_everybody_may_write_is_refused(topup: Topups, sandbox: Sandbox, path: Path, what: str, mode: int) -> None:
    path.touch(mode=0o600)
    changed = path if what == "file" else path.parent
    changed.chmod(mode | (0o111 if what == "folder" else 0))
    with pytest.raises(JournalError, match=r"everybody may write (the file|its folder).*chmod o-w"):
        topup.create_once(key="refill", amount=5000, journal=path)
    assert sandbox.requests() == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file to another group or user")
def test_what_another_group_or_user_may_write_is_refused(topup: Topups, path: Path) -> None:
    path.touch(mode=0o660)
    path.chmod(0o660)
    assert topup.create_once(key="own group", amount=5000, journal=path)
    os.chown(path, -1, 54321)
    with pytest.raises(JournalError, match=r"group that is not this user's own.*chmod g-w"):
        topup.create_once(key="refill", amount=5000, journal=Journal(path))
    os.chown(path, 54321, 0)
    path.chmod(0o600)
    path.parent.chmod(0o755)
    # Those that pytest made, and not the one for everybody above them, whose mode is not ours to change.
    for folder in path.parents[1:]:
        if "pytest-" in str(folder):
            folder.chmod(0o755)

    def as_somebody_else() -> None:
        os.setgid(12345)
        os.setuid(12345)
        Journal(path).prepare()

    assert "belongs to another user" in in_a_fork(as_somebody_else)


@pytest.mark.slow
def test_a_user_without_a_home_is_informed(path: Path) -> None:
    if UNSHARE is None:
        pytest.skip("no unshare here")
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in {"HOME", "XDG_STATE_HOME", "AIG_BILLING_JOURNAL"}
    }
    script = """
        from aig_billing import Client, JournalError
        for place in (None, "~/journal.db"):
            try:
                Client(api_token="any", account_id="a").ai_gateway.billing.topup.create_once(key="k", amount=5000, journal=place)
            except JournalError as error:
                print(error)
    """
    done = subprocess.run(
        [UNSHARE, "--user", "--map-user=54321", "--map-group=54321", sys.executable, "-c", textwrap.dedent(script)],
        capture_output=True,
        text=True,
        check=False,
        env=kept,
        timeout=60,
    )
    if "not permitted" in done.stderr or "denied" in done.stderr:
        pytest.skip(f"no user namespaces here: {done.stderr.strip()}")
    without, below = done.stdout.strip().splitlines()
    assert "no home directory" in without
    assert "AIG_BILLING_JOURNAL" in without
    assert "this user has none" in below


def test_a_backup_is_a_journal_with_all_charges(topup: Topups, sandbox: Sandbox, place: str, tmp_path: Path) -> None:
    topup.create_once(key="refill", amount=5000, journal=place)
    target = tmp_path / "backups" / "copy.db"
    target.parent.mkdir(mode=0o700)
    Journal(place).backup(target)
    assert oct(target.stat().st_mode & 0o777) == "0o600"
    assert [file.name for file in target.parent.iterdir()] == ["copy.db"]
    assert topup.create_once(key="refill", amount=5000, journal=target).replayed
    with pytest.raises(JournalError, match="File exists"):
        Journal(place).backup(target)
    with pytest.raises(JournalError, match="No such file"):
        Journal(place).backup(tmp_path / "nowhere" / "copy.db")
    assert charged(sandbox) == [5000]


def test_a_journal_of_version_1_goes_on_working(topup: Topups, sandbox: Sandbox, path: Path) -> None:
    """The file was made by version 0.1.0, with a write-ahead log; its dump is beside this test."""
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as old, old:
        old.execute("PRAGMA journal_mode = WAL")
        old.executescript((Path(__file__).parent / "journal_of_version_1.sql").read_text(encoding="utf-8"))
        old.execute("PRAGMA application_id = 0x41494742")
    old.close()
    path.chmod(0o600)
    with contextlib.closing(sqlite3.connect(path)) as old:
        rows = old.execute("SELECT key, state FROM aig_billing_charges").fetchall()
    assert {state for _, state in rows} == {"completed", "sent", "unknown", "refused", "intent"}
    journal = Journal(path)
    journal.prepare()
    assert path.read_bytes()[18:20] == b"\x01\x01"
    kept = [(record.key, record.state) for record in journal.view(ACCOUNT, since_ms=0).records]
    assert sorted(kept) == sorted(rows)
    account = topup.account_id
    assert account == ACCOUNT, "the dump is of the sandbox's own account"
    assert topup.create_once(key="completed", amount=5000, journal=journal).replayed
    assert not topup.create_once(key="new", amount=5000, journal=Journal(path)).replayed
    with pytest.raises(Exception, match="was refused before"):
        topup.create_once(key="refused", amount=5000, journal=journal)
    assert charged(sandbox) == [5000]


def test_a_damaged_file_is_noticed_at_its_first_use(topup: Topups, sandbox: Sandbox, tmp_path: Path) -> None:
    whole, damaged = tmp_path / "whole.db", tmp_path / "damaged.db"
    topup.create_once(key="refill", amount=5000, journal=Journal(whole))
    content = bytearray(whole.read_bytes())
    content[36:40] = (7).to_bytes(4, "big")  # how many pages are free, says the header of SQLite's files
    damaged.write_bytes(content)
    damaged.chmod(0o600)
    with pytest.raises(JournalError, match=r"(?s)is damaged \(.*This call charged nothing"):
        topup.create_once(key="another", amount=5000, journal=Journal(damaged))
    assert charged(sandbox) == [5000]


def set_column(journal: Journal, column: str, value: object) -> None:
    with journal.transaction("damage") as here:
        here.connection.execute(update(charges).values({column: value}))


@pytest.mark.parametrize(
    ("column", "value"), [("baseline", "{"), ("baseline", "[]"), ("refusal", '{"status": 1}'), ("invoiced", "x")]
)
def test_damage_is_an_error_of_the_journal(
    topup: Topups, sandbox: Sandbox, place: str, column: str, value: str
) -> None:
    journal = Journal(place)
    topup.create_once(key="refill", amount=5000, journal=journal)
    set_column(journal, column, value)
    for journal_again in (journal, place):
        with pytest.raises(JournalError, match="row of the key 'refill' is damaged"):
            topup.create_once(key="refill", amount=5000, journal=journal_again)
    set_column(journal, column, None)
    assert topup.create_once(key="refill", amount=5000, journal=journal).replayed
    assert charged(sandbox) == [5000]


@pytest.mark.parametrize(
    ("column", "value"), [("amount", "many"), ("changed_ms", 1.5), ("payment_id", b"in_1"), ("left_by_ms", "then")]
)
def test_a_value_of_another_type_is_damage(
    topup: Topups, sandbox: Sandbox, tmp_path: Path, column: str, value: object
) -> None:
    """SQLite keeps anything in any column."""
    journal = Journal(tmp_path / "journal.db")
    topup.create_once(key="refill", amount=5000, journal=journal)
    set_column(journal, column, value)
    with pytest.raises(JournalError, match="row of the key 'refill' is damaged"):
        topup.create_once(key="refill", amount=5000, journal=journal)
    assert charged(sandbox) == [5000]


@pytest.mark.parametrize("amount", [2**63, 10**30])
def test_amounts_beyond_what_the_journal_holds_are_refused(
    topup: Topups, sandbox: Sandbox, place: str, amount: int
) -> None:
    with pytest.raises(ValueError, match="the most is"):
        topup.create_once(key="refill", amount=amount, journal=place)
    with pytest.raises(ValueError, match="the most is"):
        topup.ensure(at_least=2000, amount=amount, key_prefix="cron", journal=place)
    assert sandbox.requests() == []
