"""The processes of a run: the server, and one worker a peer, each ending with its standard input; and the peer that is generated."""

import contextlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import certifi
import trustme
from attrs import frozen

from benchmarks.answers import DOCUMENT, routes
from benchmarks.peers import STOCK_PACKAGE

ROOT = Path(__file__).resolve().parent.parent


def environment(**also: str) -> dict[str, str]:
    """Make the environment of a measured process: this tree's own code, no proxies, no credentials of this machine's owner."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("CLOUDFLARE_", "PYTHON", "SSL_"))}
    kept = {name: value for name, value in kept.items() if not name.lower().endswith("_proxy")}
    found = os.pathsep.join(str(ROOT / folder) for folder in (".", "generated", "src"))
    return {**kept, "PYTHONPATH": found, **also}


@frozen
class Server:
    """Where the answers are: the same ones over plain http and over TLS."""

    http: str
    https: str
    roots: Path
    """certifi's roots and the one that signed the server's certificate."""


@frozen
class Place:
    """Where peers live: the interpreters with and without them installed, the unmodified generator's output, and the server."""

    python: Path
    bare: Path
    """The interpreter of an environment that holds httpx and attrs alone."""
    stock: Path
    server: Server

    def environment(self) -> dict[str, str]:
        """Make the environment of a peer's process."""
        mine = environment(SSL_CERT_FILE=str(self.server.roots))
        return {**mine, "PYTHONPATH": os.pathsep.join((mine["PYTHONPATH"], str(self.stock)))}


class Worker:
    """A worker's process, which takes commands in lines of JSON."""

    def __init__(self, name: str, place: Place) -> None:
        command = [str(place.python), "-m", "benchmarks.worker", name, place.server.http]
        self._process = _start(command, place.environment())

    def do(self, command: str, /, **arguments: object) -> float:
        """Have a command carried out, and give its answer."""
        return float(_ask(self._process, {"do": command, **arguments}))

    def end(self) -> None:
        """Let it end, and wait for that."""
        _end(self._process)


def _start(command: list[str], environ: dict[str, str]) -> "subprocess.Popen[str]":
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, cwd=ROOT, env=environ, text=True)


def _ask(process: "subprocess.Popen[str]", message: object) -> str:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(json.dumps(message) + "\n")
    process.stdin.flush()
    line = process.stdout.readline()
    if not line:
        raise RuntimeError(f"{process.args!r} ended: what it wrote stands above")
    return line


def _end(process: "subprocess.Popen[str]") -> None:
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
def server() -> Iterator[Server]:
    """Run the server, once over plain http and once over TLS."""
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as ends:
        authority = trustme.CA()
        roots, certificate = Path(folder) / "roots.pem", Path(folder) / "server.pem"
        roots.write_bytes(Path(certifi.where()).read_bytes() + authority.cert_pem.bytes())
        certificate.write_bytes(authority.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.bytes())
        ports = []
        for with_certificate in ("", str(certificate)):
            process = _start([sys.executable, "-m", "benchmarks.server", with_certificate], environment())
            ends.callback(_end, process)
            ports.append(int(_ask(process, routes())))
        yield Server(f"http://127.0.0.1:{ports[0]}", f"https://127.0.0.1:{ports[1]}", roots)


@contextlib.contextmanager
def workers(place: Place, names: tuple[str, ...]) -> Iterator[Mapping[str, Worker]]:
    """Run one worker a peer."""
    with contextlib.ExitStack() as ends:
        started = {}
        for name in names:
            started[name] = Worker(name, place)
            ends.callback(started[name].end)
        yield started


@contextlib.contextmanager
def stock_package() -> Iterator[Path]:
    """Generate the unmodified generator's output for the same document; gives the folder that it can be imported from.

    Raises:
        RuntimeError: When the generator makes nothing of the document.
    """
    with tempfile.TemporaryDirectory(prefix="stock-") as folder:
        package = Path(folder) / STOCK_PACKAGE
        arguments = ["--path", str(DOCUMENT), "--output-path", str(package), "--meta", "none", "--overwrite"]
        command = [sys.executable, "-m", "openapi_python_client", "generate", *arguments]
        done = subprocess.run(command, capture_output=True, text=True, cwd=folder, check=False)
        if not (package / "client.py").exists():
            raise RuntimeError(f"openapi-python-client made nothing of {DOCUMENT.name}:\n{done.stdout}{done.stderr}")
        yield Path(folder)
