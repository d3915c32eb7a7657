"""A journal that cannot be used is a JournalError before anything is sent; and where and how it is kept."""

import contextlib
import os
import shutil
import socket
import sqlite3
import stat
import subprocess
import sys
import textwrap
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from aig_billing.errors import JournalError
from sqlalchemy import text

from aig_billing_charges.journal import Journal
from aig_billing_charges.schema import charges
from aig_billing_sandbox import Sandbox
from tests.charges.stage import MovedJournal, Topups, charged, topups_of

posix = pytest.mark.skipif(os.name != "posix", reason="modes, limits and forks of POSIX")


def _used(path: Path) -> Path:
    """Make a journal with a charge in it."""
    with Sandbox() as sandbox, topups_of(sandbox) as topup:
        topup.create_once(key="before", amount=5000, journal=path)
    return path


def _corrupt_header(path: Path) -> None:
    path.write_bytes(b"This is not a database at all. " * 200)


def _corrupt_page(path: Path) -> None:
    _used(path)
    with path.open("r+b") as file:
        file.seek(4096 + 100)
        file.write(b"\xff" * (os.fstat(file.fileno()).st_size - 4096 - 100))


def _corrupt_pages(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * (os.fstat(file.fileno()).st_size - 4096))


def _of_another_program(path: Path) -> None:
    with contextlib.closing(sqlite3.connect(path)) as other, other:
        other.execute("CREATE TABLE recipes (name)")
    other.close()


def _of_a_newer_version(path: Path) -> None:
    with contextlib.closing(sqlite3.connect(_used(path))) as other, other:
        other.execute("UPDATE aig_billing_journal SET version = 3")
    other.close()


def _a_folder(path: Path) -> None:
    path.mkdir()


def _below_a_file(path: Path) -> None:
    path.parent.rmdir()
    path.parent.write_text("not a folder")


def _held_by_another(path: Path) -> None:
    other = sqlite3.connect(_used(path), isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    _held.append(other)


_held: list[sqlite3.Connection] = []


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (_corrupt_header, "is not a journal, or is damaged"),
        (_corrupt_page, "damaged"),
        (_of_another_program, "another program's database"),
        (_of_a_newer_version, "its schema version is 3, and this aig-billing knows 2"),
        (_a_folder, "it is a folder"),
        (_below_a_file, "cannot be used"),
        (_held_by_another, "another program has held it for too long"),
    ],
)
def test_a_file_that_cannot_be_the_journal_stops_the_charge(
    topup: Topups, sandbox: Sandbox, tmp_path: Path, make: Callable[[Path], None], said: str
) -> None:
    path = tmp_path / "folder" / "journal.db"
    path.parent.mkdir()
    make(path)
    try:
        with pytest.raises(JournalError, match=said) as caught:
            topup.create_once(key="refill", amount=5000, journal=Journal(path, timeout=0.2))
    finally:
        while _held:
            _held.pop().close()
    assert str(path) in str(caught.value)
    assert "This call charged nothing." in str(caught.value)
    assert sandbox.requests() == []


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("sqlite://", "or in an SQLite file"),
        ("sqlite:///:memory:", "or in an SQLite file"),
        ("sqlite:////tmp/journal.db?mode=memory", "or in an SQLite file"),
        ("sqlite+aiosqlite://", "or in an SQLite file"),
        ("postgresql+asyncpg://me:hunter2@127.0.0.1:1/db", "is the database server running"),
        ("postgresql+psycopg_async://me:hunter2@127.0.0.1:1/db", "is the database server running"),
        ("postgresql://me:hun@ter2@127.0.0.1/db", "written as %40"),
        ("mysql://me:hunter2@127.0.0.1/db", "is kept in PostgreSQL"),
        ("nonsense://me:hunter2@127.0.0.1/db", "is kept in PostgreSQL"),
        ("post gres://me:hunter2@127.0.0.1/db", "nor a database URL"),
        ("postgresql://me:hunter2@127.0.0.1:1/db", "is the database server running"),
        ("postgres://me:hunter2@127.0.0.1:1/db", "is the database server running"),
        ("", "empty"),
        pytest.param("/tmp/jour\0nal.db", "NUL character", id="NUL"),
    ],
)
def test_a_place_that_cannot_be_a_journal_stops_the_charge_and_shows_no_password(
    topup: Topups, sandbox: Sandbox, place: str, said: str
) -> None:
    with pytest.raises(JournalError, match=said) as caught:
        topup.create_once(key="refill", amount=5000, journal=place)
    assert "hunter2" not in str(caught.value)
    assert sandbox.requests() == []


def test_what_a_database_says_ends_with_one_stop(topup: Topups, sandbox: Sandbox) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def hang_up() -> None:
            listening.accept()[0].close()

        threading.Thread(target=hang_up).start()
        place = f"postgresql://127.0.0.1:{listening.getsockname()[1]}/db?sslmode=disable"
        with pytest.raises(JournalError, match=r"unexpectedly.* the request\. This call charged nothing\.$"):
            topup.create_once(key="refill", amount=5000, journal=place)
    assert sandbox.requests() == []


def _in_a_child(code: str, *arguments: str) -> str:
    """Run a charge in its own process, which may limit itself; give what it prints."""
    script = f"""
        import sys
        from aig_billing import Client
        from aig_billing.errors import JournalError
        from aig_billing_sandbox import Sandbox
        place = sys.argv[1]
        with Sandbox() as sandbox, Client(api_token=sandbox.token, account_id=sandbox.account_id,
                base_url="http://localhost/client/v4", transport=sandbox.transport()) as client:
            topup = client.ai_gateway.billing.topup
            try:
                {code}
                print("charged")
            except JournalError as error:
                print(error)
            print(len(sandbox.charges()), "received")
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script), *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


_CHARGE = "topup.create_once(key='refill', amount=5000, journal=place)"


@pytest.mark.slow
@posix
def test_a_file_that_may_only_be_read_stops_the_charge(tmp_path: Path) -> None:
    path = _used(tmp_path / "journal.db")
    path.chmod(0o444)
    for folder in (tmp_path.parent, tmp_path.parent.parent):
        folder.chmod(0o755)

    # Root may write anything, so it stops being root, once everything that it needs is loaded.
    warm_up = "topup.create_once(key='warm-up', amount=5000, journal=place + '.other')"
    less = "import os; os.geteuid() or os.setuid(65534)"
    said = _in_a_child(f"{warm_up}; {less}; {_CHARGE}", str(path))
    assert "let this user write" in said or "may this user write in it?" in said
    assert "1 received" in said


@pytest.mark.slow
@posix
def test_a_full_disk_stops_the_charge(tmp_path: Path) -> None:
    path = _used(tmp_path / "journal.db")

    code = (
        "import resource, signal, os; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); "
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1024, 1024)); " + _CHARGE
    )
    said = _in_a_child(code, str(path))
    assert "cannot be used" in said
    assert "0 received" in said


MOUNT, UMOUNT = shutil.which("mount"), shutil.which("umount")


@pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0 or MOUNT is None or UMOUNT is None,
    reason="only root on Linux can make its own small disk",
)
def test_a_disk_that_is_really_full_stops_the_charge(topup: Topups, sandbox: Sandbox, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        [str(MOUNT), "-t", "tmpfs", "-o", "size=200k,mode=700", "tmpfs", str(disk)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip(f"no disk could be mounted: {mounted.stderr.decode()}")
    try:
        with (disk / "filler").open("wb", buffering=0) as filler:
            topup.create_once(key="before", amount=5000, journal=disk / "journal.db")
            with contextlib.suppress(OSError):
                while True:
                    filler.write(b"\0" * 1024)
        with pytest.raises(JournalError, match=r"make room on its disk|is its disk full"):
            topup.create_once(key="refill", amount=6000, journal=disk / "journal.db")
    finally:
        subprocess.run([str(UMOUNT), str(disk)], check=True)
    assert charged(sandbox) == [5000]


@pytest.mark.slow
def test_without_the_extra_the_error_says_what_to_install_before_any_request(tmp_path: Path) -> None:
    for missing in ("sqlalchemy", "platformdirs"):
        code = f"sys.modules[{missing!r}] = None; " + (
            _CHARGE if missing == "sqlalchemy" else "topup.create_once(key='refill', amount=5000)"
        )
        said = _in_a_child(code, str(tmp_path / "journal.db"))
        assert "pip install 'aig-billing[journal]'" in said
        assert "0 received" in said


@pytest.mark.slow
def test_without_its_driver_a_postgresql_url_says_what_to_install() -> None:
    said = _in_a_child(f"sys.modules['psycopg'] = None; {_CHARGE}", "postgresql://me:hunter2@127.0.0.1:1/db")
    assert "pip install 'psycopg[binary]'" in said
    assert "hunter2" not in said
    assert "0 received" in said


def test_a_journal_that_vanishes_while_it_is_in_use_is_not_replaced_by_an_empty_one(
    topup: Topups, sandbox: Sandbox, tmp_path: Path
) -> None:
    journal = Journal(tmp_path / "journal.db")
    topup.create_once(key="refill", amount=5000, journal=journal)
    for file in tmp_path.iterdir():
        file.unlink()
    with pytest.raises(JournalError, match="cannot be used"):
        topup.create_once(key="refill", amount=5000, journal=journal)
    assert charged(sandbox) == [5000]


@posix
def test_by_default_it_is_this_users_alone_in_the_state_directory(
    topup: Topups, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AIG_BILLING_JOURNAL", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    before = os.umask(0)
    try:
        topup.create_once(key="refill", amount=5000)
    finally:
        os.umask(before)
    (path,) = tmp_path.rglob("journal.db")
    assert path.parent.name == "aig-billing"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize("written", ["{}", "sqlite:///{}"])
def test_the_environment_names_it_as_a_path_or_a_url(
    topup: Topups, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: str
) -> None:
    monkeypatch.setenv("AIG_BILLING_JOURNAL", written.format(tmp_path / "named.db"))
    first = topup.create_once(key="refill", amount=5000)
    assert topup.create_once(key="refill", amount=5000, journal=tmp_path / "named.db").replayed
    assert first.recorded


def test_a_file_is_kept_with_a_rollback_journal_and_full_sync(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()  # what the other tests do without
    journal = Journal(tmp_path / "journal.db")
    journal.prepare()
    with journal.transaction("look", write=False) as here:
        assert here.connection.scalar(text("PRAGMA journal_mode")) == "truncate"
        assert here.connection.scalar(text("PRAGMA synchronous")) == 3
        assert here.connection.scalar(text("PRAGMA fullfsync")) == 1
        assert here.connection.scalar(text("PRAGMA application_id")) == 0x41494742


def test_postgresql_that_only_reads_stops_the_charge(topup: Topups, sandbox: Sandbox, postgresql_place: str) -> None:
    topup.create_once(key="before", amount=5000, journal=postgresql_place)
    reading = postgresql_place + "?options=-cdefault_transaction_read_only%3Don"
    with pytest.raises(JournalError, match="read-only"):
        topup.create_once(key="refill", amount=6000, journal=reading)
    assert charged(sandbox) == [5000]


def test_postgresql_commits_to_disk_even_where_that_was_switched_off(postgresql_place: str) -> None:
    journal = Journal(postgresql_place + "?options=-csynchronous_commit%3Doff")
    journal.prepare()
    with journal.transaction("look", "account") as here:
        assert here.connection.scalar(text("SHOW synchronous_commit")) == "on"


def test_a_server_that_is_gone_without_a_word_is_not_waited_for(postgresql_place: str) -> None:
    journal = Journal(postgresql_place, timeout=7)
    journal.prepare()
    with journal.transaction("look", "account") as here:
        assert here.connection.scalar(text("SHOW lock_timeout")) == "7s"
        assert here.connection.scalar(text("SHOW statement_timeout")) == "12s"
        driver: Any = here.connection.connection.driver_connection
        options = driver.info.get_parameters()
        assert (options["connect_timeout"], options["tcp_user_timeout"]) == ("7", "12000")


def test_a_journal_that_is_locked_for_too_long_stops_the_charge(topup: Topups, sandbox: Sandbox, place: str) -> None:
    holder, impatient = MovedJournal(place), MovedJournal(place, timeout=0.3)
    holder.prepare()
    with (
        holder.transaction("hold", sandbox.account_id),
        pytest.raises(JournalError, match=r"held it for too long.*This call charged nothing"),
    ):
        topup.create_once(key="refill", amount=5000, journal=impatient)
    assert sandbox.requests() == []


def test_a_write_ahead_log_that_another_program_uses_is_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("PRAGMA journal_mode = WAL")
    other.execute("BEGIN IMMEDIATE")
    path.chmod(0o600)
    with pytest.raises(JournalError, match="held it for too long"):
        Journal(path, timeout=0.2).prepare()

    def let_go() -> None:
        other.execute("COMMIT")
        other.close()

    later = threading.Timer(0.3, let_go)  # for it to wait; nothing fails if it is late
    later.start()
    Journal(path, timeout=60).prepare()
    later.join()
    assert path.read_bytes()[18:20] == b"\x01\x01"


def test_damage_that_comes_while_it_is_in_use_stops_the_charge(topup: Topups, sandbox: Sandbox, tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.db")
    topup.create_once(key="refill", amount=5000, journal=journal)
    _corrupt_pages(tmp_path / "journal.db")
    with pytest.raises(JournalError, match=r"malformed: the file is damaged\. This call charged nothing"):
        topup.create_once(key="another", amount=5000, journal=journal)
    assert charged(sandbox) == [5000]


def test_an_error_of_the_database_shows_nothing_of_a_charge(topup: Topups, sandbox: Sandbox, place: str) -> None:
    journal = Journal(place)
    journal.prepare()
    with journal.transaction("test") as here:
        charges.drop(here.connection)
    with pytest.raises(JournalError) as caught:
        topup.create_once(key="a key that nobody else need know", amount=5000, journal=journal)
    shown, error = "", caught.value.with_traceback(None)
    behind: list[BaseException | None] = [error]
    while behind:
        if (one := behind.pop()) is not None:
            shown += str(one)
            behind += [one.__cause__, one.__context__]
    assert "aig_billing_charges" in shown, "the error of the database is among them"
    assert "that nobody else need know" not in shown
    assert sandbox.requests() == []


def test_the_log_of_the_database_shows_nothing_of_a_charge(
    topup: Topups, sandbox: Sandbox, place: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("INFO", "sqlalchemy.engine"):
        topup.create_once(key="a key that nobody else need know", amount=5000, journal=Journal(place))
    assert "INSERT INTO" in caplog.text
    for secret in ("that nobody else need know", sandbox.account_id):
        assert secret not in caplog.text


@posix
def test_the_name_of_a_new_file_is_on_the_disk_before_anything_is_charged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without that, a crash of the machine could take the file away, and with it the charges that are in it."""
    synced: list[tuple[int, int]] = []
    sync = os.fsync

    def watched(descriptor: int) -> None:
        sync(descriptor)
        found = os.fstat(descriptor)
        synced.append((found.st_dev, found.st_ino))

    monkeypatch.setattr(os, "fsync", watched)
    Journal(tmp_path / "journal.db").prepare()
    folder = tmp_path.stat()
    assert synced == [(folder.st_dev, folder.st_ino)]


@pytest.mark.parametrize("name", ["settling_window", "lease_margin", "timeout"])
@pytest.mark.parametrize("seconds", [0, -1, float("nan"), float("inf")])
def test_times_of_no_use_are_refused(tmp_path: Path, name: str, seconds: float) -> None:
    with pytest.raises(ValueError, match=f"{name}=.* must be a positive number of seconds"):
        Journal(tmp_path / "journal.db", **{name: seconds})
