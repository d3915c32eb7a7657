"""A raw-socket HTTP server on loopback that can do wrong everything that a server or a network can do wrong.

One thread a connection. What it does is a function of the exchange, so each test writes down its own wickedness; it keeps what it
received, so that tests count requests where they arrive and not where they are sent.
"""

from __future__ import annotations

import contextlib
import json
import select
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

Behaviour = Callable[["Exchange"], None]


@dataclass(frozen=True)
class Received:
    """A request, as it arrived."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes
    connection: int
    """The number of the connection that it came on: 0, 1, ..."""
    raw: bytes = field(repr=False, default=b"")


@dataclass
class Exchange:
    """One request, and what can be done about it."""

    number: int
    """How many requests the server had received before: 0, 1, ..."""
    request: Received
    socket: socket.socket
    stopped: threading.Event
    keep: bool = True
    """Whether the connection stays open for another request."""

    def send(self, *parts: bytes) -> None:
        """Send bytes as they are; a client that has gone is not a fault of this server."""
        with contextlib.suppress(OSError):
            for part in parts:
                self.socket.sendall(part)

    def answer(
        self,
        status: int = 200,
        body: bytes | str | object = b"",
        headers: Iterable[tuple[str, str]] = (),
        *,
        length: int | None = None,
    ) -> None:
        """Send a whole answer; `length` claims another length than the body has."""
        self.send(whole_answer(status, body, headers, length=length))

    def close(self) -> None:
        """End the connection in good order."""
        self.keep = False

    def drop(self) -> None:
        """Reset the connection."""
        with contextlib.suppress(OSError):
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.keep = False

    def hang(self, seconds: float = 30.0) -> None:
        """Say nothing until the client goes or the server is stopped."""
        end = time.monotonic() + seconds
        while not self.stopped.is_set() and time.monotonic() < end:
            if select.select([self.socket], [], [], 0.01)[0]:
                break
        self.keep = False


def whole_answer(
    status: int, body: bytes | str | object = b"", headers: Iterable[tuple[str, str]] = (), *, length: int | None = None
) -> bytes:
    """Write an answer: bytes as they are, text as UTF-8, anything else as JSON."""
    content = body if isinstance(body, bytes) else (body if isinstance(body, str) else json.dumps(body)).encode()
    given = {name.lower() for name, _ in headers}
    lines = [f"HTTP/1.1 {status} Reason", *(f"{name}: {value}" for name, value in headers)]
    if "content-length" not in given and "transfer-encoding" not in given:
        lines.append(f"Content-Length: {len(content) if length is None else length}")
    if "content-type" not in given:
        lines.append("Content-Type: application/json")
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + content


class FaultServer:
    """The server: `with FaultServer(behave) as server: ... server.url ... server.received`."""

    def __init__(self, behave: Behaviour, *, tls: ssl.SSLContext | None = None) -> None:
        self.behave = behave
        self.received: list[Received] = []
        self.connections = 0
        self.open_now = 0
        self._tls = tls
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._sockets: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port: int = self._listener.getsockname()[1]
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{self.port}"
        self._accepting = threading.Thread(target=self._accept, daemon=True)

    def __enter__(self) -> Self:
        self._accepting.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._stopped.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        with self._lock:
            sockets = list(self._sockets)
        for one in sockets:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        self._accepting.join(5)
        for thread in self._threads:
            thread.join(5)

    def wait_for(self, count: int) -> None:
        """Wait until so many requests have arrived: a client that stops waiting may be ahead of the server that counts."""
        end = time.monotonic() + 60
        while len(self.received) < count and time.monotonic() < end:
            time.sleep(0.002)

    def count(self, method: str, end: str) -> int:
        """Count the requests of a method to a path with that end."""
        return sum(one.method == method and one.target.partition("?")[0].endswith(end) for one in self.received)

    def _accept(self) -> None:
        while not self._stopped.is_set():
            try:
                accepted, _ = self._listener.accept()
            except OSError:
                return
            accepted.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self._lock:
                number = self.connections
                self.connections += 1
                self.open_now += 1
                self._sockets.add(accepted)
            thread = threading.Thread(target=self._serve, args=(accepted, number), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, accepted: socket.socket, connection: int) -> None:
        served = accepted
        try:
            if self._tls is not None:
                served = self._tls.wrap_socket(accepted, server_side=True)
            reader = served.makefile("rb")
            keep = True
            while keep and not self._stopped.is_set():
                request = read_request(reader, connection)
                if request is None:
                    break
                with self._lock:
                    exchange = Exchange(len(self.received), request, served, self._stopped)
                    self.received.append(request)
                self.behave(exchange)
                keep = exchange.keep
            reader.close()
        except OSError:
            pass
        finally:
            with self._lock:
                self.open_now -= 1
                self._sockets.discard(accepted)
            with contextlib.suppress(OSError):
                served.close()


def read_request(reader: object, connection: int) -> Received | None:
    """Read one request; None at the end of the connection."""
    readline = reader.readline  # type: ignore[attr-defined]  # a buffered reader of a socket
    first: bytes = readline(65536)
    if not first.strip():
        return None
    raw = [first]
    headers: dict[str, str] = {}
    while (line := readline(65536)).strip():
        raw.append(line)
        name, _, value = line.decode("latin-1").partition(":")
        headers[name.strip().lower()] = value.strip()
    body: bytes = reader.read(int(headers.get("content-length", "0")))  # type: ignore[attr-defined]
    method, target, _ = first.decode("latin-1").split(" ", 2)
    return Received(method, target, headers, body, connection, b"".join(raw) + b"\r\n" + body)


def in_order(*behaviours: Behaviour) -> Behaviour:
    """Behave for the first request as the first says, and so on; the last one stays."""
    return lambda exchange: behaviours[min(exchange.number, len(behaviours) - 1)](exchange)


@contextlib.contextmanager
def refusing_port() -> Iterator[str]:
    """Give an address at which nobody listens, and nobody else can begin to."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{bound.getsockname()[1]}"


@contextlib.contextmanager
def deaf_port() -> Iterator[str]:
    """Give an address at which connecting takes for ever: its queue is full, and the rest is dropped."""
    with contextlib.ExitStack() as open_ones:
        listener = open_ones.enter_context(socket.socket())
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(3):
            filler = open_ones.enter_context(socket.socket())
            filler.setblocking(False)
            filler.connect_ex(listener.getsockname())
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
