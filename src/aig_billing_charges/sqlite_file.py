"""The SQLite file under a journal: which file it is, who may write it, and one process at a time that has it open.

SQLite's own locks end when the process closes any other descriptor of the file (a copy, a backup), are believed to be held in a child
that was forked while a connection was open, and a write-ahead log belongs to a name and not to a file. So a journal has no write-ahead
log, and is locked here: by open file descriptions (Linux), at the very bytes that SQLite locks, so that other programs are kept out too.
Where the system has no such locks, SQLite's own are used, and a child that could be misled by them is refused.
"""

from __future__ import annotations

import contextlib
import os
import re
import sqlite3
import stat
import struct
import sys
import threading
import time
from collections.abc import Generator
from pathlib import Path
from typing import Final
from urllib.parse import quote

if sys.platform == "linux":
    import fcntl

_LOCK_FIRST: Final = 0x40000000
_LOCK_LENGTH: Final = 512
"""SQLite's pending byte, its reserved byte and its 510 shared ones."""
_HEADER_VERSIONS: Final = 18
_WITH_WRITE_AHEAD_LOG: Final = b"\x02\x02"
_FIRST_PAUSE = 0.001
_LONGEST_PAUSE = 0.02
_LONGEST_WAIT_AT_FORK = 10.0
_MOUNTS = Path("/proc/self/mountinfo")


class UnusableFileError(Exception):
    """The file cannot be a journal; the message says why, and what to do."""


_used_here: dict[Path, tuple[int, int]] = {}
"""Device and inode of the files that this process has used: one that is gone is not to be replaced by an empty one."""
_checked_here: set[tuple[int, int]] = set()
"""Those that were checked for damage."""
_descriptors: set[int] = set()
"""Those that hold a lock at this moment."""
_with_own_locks = threading.Lock()
"""Held while SQLite's own locks matter, and while a descriptor is closed, which would end them."""
_taken_for_fork = False
"""Whether SQLite's own locks are all free during the fork that is going on."""
_own_locks_at_fork = False
"""Whether this process, or one that it comes from, was forked while SQLite held its own locks in another thread."""


class SqliteFile:
    """One SQLite file, opened for one transaction at a time."""

    def __init__(self, path: Path, timeout: float) -> None:
        self.path = path
        self._timeout = timeout
        self._locks_here = _HAS_DESCRIPTION_LOCKS

    def prepare(self) -> None:
        """Make the file where there is none, and check what can be seen of the one that is there."""
        path = self.path
        if path.is_dir():
            raise UnusableFileError("it is a folder; give the path of a file")
        if path not in _used_here:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._create()
        found = self._look()
        if os.name == "posix":
            _check_writers(path, found)
            # Of a link, both the folder of the link and that of the file.
            for folder in {path.parent, path.resolve().parent}:
                _check_writers(folder, folder.stat())
            _check_mounts(path)
        _used_here.setdefault(path, (found.st_dev, found.st_ino))

    def check(self, connection: sqlite3.Connection) -> None:
        """Check the file for damage, once in a process: a damaged index could hide a key that was used already."""
        identity = _used_here[self.path]
        if identity not in _checked_here:
            (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
            if found != "ok":
                raise UnusableFileError(f"it is damaged ({found})")
            _checked_here.add(identity)

    @contextlib.contextmanager
    def held(self) -> Generator[None]:
        """Have the file to oneself, among all threads, processes and containers of this machine, by whichever name they open it."""
        end = time.monotonic() + self._timeout
        while self._locks_here:
            with self._open() as descriptor:
                self._check_identity(os.fstat(descriptor))
                # A file may have a write-ahead log from another program, or from an older version of this one.
                if self._lock(descriptor, end) and os.pread(descriptor, 2, _HEADER_VERSIONS) != _WITH_WRITE_AHEAD_LOG:
                    yield
                    return
            if self._locks_here:
                self._end_write_ahead_log(end)
        self._look()
        if _own_locks_at_fork:
            raise UnusableFileError(
                "this process was forked while another thread used the journal, which this system cannot make safe: start the process "
                'with the method "spawn", or fork before charges are made'
            )
        with _with_own_locks:
            yield

    def connect(self) -> sqlite3.Connection:
        """Open the file, while it is held."""
        # mode=rw: a journal that vanished while it was in use must be an error, not an empty new one.
        options = "mode=rw&nolock=1" if self._locks_here else "mode=rw"
        address = f"file:{quote(os.fsencode(os.path.realpath(self.path)))}?{options}"
        connection = sqlite3.connect(address, uri=True, timeout=self._timeout, isolation_level=None)
        try:
            for pragma in ("journal_mode = TRUNCATE", "synchronous = EXTRA", "fullfsync = ON", "cell_size_check = ON"):
                connection.execute(f"PRAGMA {pragma}")
        except BaseException:
            connection.close()
            raise
        return connection

    def _create(self) -> None:
        try:
            os.close(os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        except FileExistsError:
            return
        if os.name == "posix":
            # The new file's name must survive a crash of the machine, too.
            folder = os.open(self.path.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)

    def _look(self) -> os.stat_result:
        try:
            found = self.path.stat()
        except FileNotFoundError:
            raise UnusableFileError(_GONE) from None
        self._check_identity(found)
        return found

    def _check_identity(self, found: os.stat_result) -> None:
        if self.path in _used_here and _used_here[self.path] != (found.st_dev, found.st_ino):
            raise UnusableFileError(
                "another file has taken its place since this process used it, and what was charged is in the old one: put that back, "
                "or start again with new keys"
            )
        if found.st_nlink > 1:
            raise UnusableFileError(
                f"the file has {found.st_nlink} names (hard links), and a crash would leave what belongs to it under one of them only: "
                "give it a single name (delete the others, or copy it to a new file)"
            )
        if found.st_nlink == 0:
            raise UnusableFileError(_GONE)

    @contextlib.contextmanager
    def _open(self) -> Generator[int]:
        try:
            descriptor = os.open(self.path, os.O_RDWR | getattr(os, "O_CLOEXEC", 0))
        except FileNotFoundError:
            raise UnusableFileError(_GONE) from None
        _descriptors.add(descriptor)
        try:
            yield descriptor
        finally:
            _descriptors.discard(descriptor)
            with _with_own_locks:
                os.close(descriptor)

    def _lock(self, descriptor: int, end: float) -> bool:
        """Lock SQLite's bytes of the file; False where the system has no such locks after all, as gVisor has not."""
        request = struct.pack("hhqqi4x", fcntl.F_WRLCK, os.SEEK_SET, _LOCK_FIRST, _LOCK_LENGTH, 0)
        pause = _FIRST_PAUSE
        while True:
            try:
                fcntl.fcntl(descriptor, fcntl.F_OFD_SETLK, request)
            except (BlockingIOError, PermissionError):
                if time.monotonic() > end:
                    raise sqlite3.OperationalError("database is locked") from None
                time.sleep(pause)
                pause = min(pause * 2, _LONGEST_PAUSE)
            except OSError:
                self._locks_here = False
                return False
            else:
                return True

    def _end_write_ahead_log(self, end: float) -> None:
        while True:
            with _with_own_locks, contextlib.closing(sqlite3.connect(os.path.realpath(self.path), timeout=0)) as own:
                try:
                    (mode,) = own.execute("PRAGMA journal_mode = TRUNCATE").fetchone()
                except sqlite3.OperationalError as error:
                    if "locked" not in str(error):
                        raise
                    mode = "wal"
            if mode != "wal":
                return
            if time.monotonic() > end:
                raise sqlite3.OperationalError("database is locked")
            time.sleep(_LONGEST_PAUSE)


_GONE: Final = (
    "it was there and is gone: put it back. Without it, keys that were used would be charged again: if it is lost, start with new keys, "
    "in a new process"
)
_HAS_DESCRIPTION_LOCKS: Final = (
    sys.platform == "linux" and sys.maxsize > 2**32 and hasattr(fcntl, "F_OFD_SETLK") and sqlite3.threadsafety > 0
)


def _check_writers(path: Path, found: os.stat_result) -> None:
    """Refuse what others may change: they could make it forget a charge."""
    what = "its folder" if stat.S_ISDIR(found.st_mode) else "the file"
    if found.st_mode & stat.S_IWOTH:
        raise UnusableFileError(
            f"everybody may write {what} ({path}): chmod o-w, or give it a folder that only this user may write"
        )
    if found.st_mode & stat.S_IWGRP and found.st_gid != os.getegid():
        raise UnusableFileError(
            f"a group that is not this user's own may write {what} ({path}): chmod g-w, or run all that charges with that group"
        )
    shared = bool(found.st_mode & stat.S_IWGRP)
    if os.geteuid() not in {0, found.st_uid} and not shared:
        raise UnusableFileError(f"{what} ({path}) belongs to another user: choose a place of this user's")


def _check_mounts(path: Path) -> None:
    """Refuse a file that is mounted by itself: what SQLite writes beside it lies elsewhere for each of its names."""
    real = os.path.realpath(path)
    try:
        mounts = _MOUNTS.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return
    for line in mounts:
        mounted = re.sub(r"\\([0-7]{3})", lambda code: chr(int(code[1], 8)), line.split(" ")[4])
        if mounted == real:
            raise UnusableFileError(
                "the file is mounted by itself, so it has another name elsewhere, and a crash would leave what belongs to it under one of "
                "them only: mount its folder instead"
            )


def _before_fork() -> None:
    global _taken_for_fork  # noqa: PLW0603 - what comes after the fork needs it, on both sides
    _taken_for_fork = _with_own_locks.acquire(timeout=_LONGEST_WAIT_AT_FORK)


def _after_fork_in_parent() -> None:
    if _taken_for_fork:
        _with_own_locks.release()


def _after_fork_in_child() -> None:
    global _with_own_locks, _own_locks_at_fork  # noqa: PLW0603 - the child's own
    _own_locks_at_fork = _own_locks_at_fork or not _taken_for_fork
    _with_own_locks = threading.Lock()
    # The parent goes on holding its locks; this only keeps the child from prolonging them.
    for descriptor in list(_descriptors):
        with contextlib.suppress(OSError):
            os.close(descriptor)
    _descriptors.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_before_fork, after_in_parent=_after_fork_in_parent, after_in_child=_after_fork_in_child)
