"""The processes of a run: the server, and one worker a peer, each ending with its standard input; and the peer that is generated."""

import contextlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

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


Worker = Callable[..., float]
"""Has a command carried out so many times in a peer's process, and gives its answer."""


def _start(module: str, *arguments: str, python: str, env: dict[str, str]) -> "subprocess.Popen[str]":
    """Start a module that answers a line of JSON with another one, and ends with its standard input."""
    pipe, command = subprocess.PIPE, [python, "-m", module, *arguments]
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, cwd=ROOT, env=env, text=True)


def _ask(process: "subprocess.Popen[str]", message: object) -> Any:  # noqa: ANN401 - JSON
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(json.dumps(message) + "\n")
    process.stdin.flush()
    line = process.stdout.readline()
    if not line:
        raise RuntimeError(f"{process.args!r} ended: what it wrote stands above")
    return json.loads(line)


def _carry_out(process: "subprocess.Popen[str]", calls: int, **command: object) -> float:
    return float(_ask(process, {**command, "calls": calls}))


@contextlib.contextmanager
def server() -> Iterator[Server]:
    """Run the server, once over plain http and once over TLS."""
    with tempfile.TemporaryDirectory() as folder:
        authority = trustme.CA()
        roots, certificate = Path(folder) / "roots.pem", Path(folder) / "server.pem"
        roots.write_bytes(Path(certifi.where()).read_bytes() + authority.cert_pem.bytes())
        certificate.write_bytes(authority.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.bytes())
        with _start("benchmarks.server", str(certificate), python=sys.executable, env=environment()) as process:
            plain, tls = _ask(process, routes())
            yield Server(f"http://127.0.0.1:{plain}", f"https://127.0.0.1:{tls}", roots)


@contextlib.contextmanager
def workers(place: Place, names: tuple[str, ...]) -> Iterator[Mapping[str, Worker]]:
    """Run one worker a peer."""
    python, env = str(place.python), place.environment()
    with contextlib.ExitStack() as ends:
        started = (_start("benchmarks.worker", name, place.server.http, python=python, env=env) for name in names)
        yield {name: partial(_carry_out, ends.enter_context(one)) for name, one in zip(names, started, strict=True)}


@contextlib.contextmanager
def stock_package() -> Iterator[Path]:
    """Generate the unmodified generator's output for the same document; gives the folder that it can be imported from."""
    with tempfile.TemporaryDirectory(prefix="stock-") as folder:
        package = Path(folder) / STOCK_PACKAGE
        arguments = ["--path", str(DOCUMENT), "--output-path", str(package), "--meta", "none", "--overwrite"]
        command = [sys.executable, "-m", "openapi_python_client", "generate", *arguments]
        done = subprocess.run(command, capture_output=True, text=True, cwd=folder, check=False)
        if not (package / "client.py").exists():
            raise RuntimeError(f"openapi-python-client made nothing of {DOCUMENT.name}:\n{done.stdout}{done.stderr}")
        yield Path(folder)
