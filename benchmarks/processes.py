"""The processes of a run: the server, and one worker a peer, each ending with its standard input."""

import contextlib
import http.client
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.answers import routes
from benchmarks.peers import NAMES

ROOT = Path(__file__).resolve().parent.parent


def environment(*also: Path) -> dict[str, str]:
    """Make the environment of a measured process: this tree's own code, no proxies, no credentials of this machine's owner."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("CLOUDFLARE_", "PYTHON"))}
    kept = {name: value for name, value in kept.items() if not name.lower().endswith("_proxy")}
    found = [ROOT, ROOT / "generated", ROOT / "src", *also]
    return {**kept, "PYTHONPATH": os.pathsep.join(map(str, found))}


class Place(NamedTuple):
    """Where peers live: the interpreter that has them installed, the unmodified generator's output, and the server."""

    python: Path
    stock: Path
    base_url: str

    def environment(self) -> dict[str, str]:
        """Make the environment of a peer's process."""
        return environment(self.stock)


class Worker:
    """A worker's process, told what to do in lines of JSON."""

    def __init__(self, name: str, place: Place) -> None:
        self.name = name
        self._process = subprocess.Popen(
            [str(place.python), "-m", "benchmarks.worker", name, place.base_url],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=place.environment(),
            cwd=ROOT,
            text=True,
        )

    def do(self, command: str, /, **arguments: object) -> dict[str, Any]:
        """Have a command carried out, and give its answer."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"do": command, **arguments}) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"the worker {self.name!r} ended: its own words stand above")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def end(self) -> None:
        """Let it end, and wait for that."""
        _end(self._process)


def _end(process: "subprocess.Popen[Any]") -> None:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.close()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    process.stdout.close()


@contextlib.contextmanager
def server() -> Iterator[str]:
    """Run the server; give its base URL."""
    command = [sys.executable, "-m", "benchmarks.server"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT, env=environment())
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write(json.dumps(routes()).encode() + b"\n")
        process.stdin.flush()
        yield f"http://127.0.0.1:{int(process.stdout.readline())}"
    finally:
        _end(process)


@contextlib.contextmanager
def workers(place: Place, names: tuple[str, ...] = NAMES) -> Iterator[Mapping[str, Worker]]:
    """Run one worker a peer."""
    with contextlib.ExitStack() as ends:
        started = {}
        for name in names:
            started[name] = Worker(name, place)
            ends.callback(started[name].end)
        yield started


class Connections(NamedTuple):
    """What the server saw since it was last asked."""

    used: int
    opened: int


def connections_seen(base_url: str) -> Connections:
    """Ask the server on how many connections it was asked since the last time, and how many of them were new."""
    asking = http.client.HTTPConnection(base_url.removeprefix("http://"))
    try:
        asking.request("GET", "/connections")
        seen = json.loads(asking.getresponse().read())
    finally:
        asking.close()
    # This very question came on one connection, opened for it.
    return Connections(seen["used"] - 1, seen["opened"] - 1)
