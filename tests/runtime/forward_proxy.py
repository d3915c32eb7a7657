"""A real forward proxy on loopback: absolute-form requests and CONNECT tunnels, with its own faults."""

from __future__ import annotations

import contextlib
import select
import socket
import ssl
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Literal, Self

from tests.runtime.fault_server import read_request, whole_answer

Manner = Literal["pass on", "drop the answer", "refuse"]


class ForwardProxy:
    """The proxy: `with ForwardProxy() as proxy: ... proxy.url ... proxy.heads`."""

    def __init__(
        self,
        manner: Manner = "pass on",
        *,
        loses_when: Callable[[], bool] = lambda: True,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.manner = manner
        self._tls = tls
        self._loses_when = loses_when
        """For a tunnel, in which no answer can be distinguished from a handshake: whether to drop what comes back from now on."""
        self.heads: list[bytes] = []
        """The first lines and headers of what it was asked for: all that a proxy can read of an encrypted call."""
        self.passed_on = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http{'s' if tls else ''}://127.0.0.1:{self._listener.getsockname()[1]}"
        self._sockets: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._accepting = threading.Thread(target=self._accept, daemon=True)

    def __enter__(self) -> Self:
        self._accepting.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for one in self._sockets:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        for thread in (self._accepting, *self._threads):
            thread.join(5)

    def _accept(self) -> None:
        while True:
            try:
                accepted, _ = self._listener.accept()
            except OSError:
                return
            self._sockets.append(accepted)
            thread = threading.Thread(target=self._serve, args=(accepted,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, accepted: socket.socket) -> None:
        if self._tls is not None:
            accepted = self._tls.wrap_socket(accepted, server_side=True)
        with accepted, contextlib.suppress(OSError):
            reader = accepted.makefile("rb")
            request = read_request(reader, 0)
            if request is None:
                return
            self.heads.append(request.raw[: len(request.raw) - len(request.body)])
            if self.manner == "refuse":
                accepted.sendall(whole_answer(403, "this proxy does not go there", [("Content-Type", "text/plain")]))
                return
            host, _, port = request.target.removeprefix("http://").partition("/")[0].partition(":")
            with socket.create_connection((host, int(port))) as onwards:
                self.passed_on += 1
                if request.method == "CONNECT":
                    accepted.sendall(b"HTTP/1.1 200 Connected\r\n\r\n")
                    self._tunnel(accepted, onwards)
                else:
                    path = request.target.removeprefix(f"http://{host}:{port}")
                    onwards.sendall(request.raw.replace(request.target.encode(), path.encode(), 1))
                    answered = onwards.recv(1_000_000)
                    if self.manner == "pass on":
                        accepted.sendall(answered)
            reader.close()

    def _tunnel(self, one: socket.socket, other: socket.socket) -> None:
        while True:
            ready: list[socket.socket] = [one] if isinstance(one, ssl.SSLSocket) and one.pending() else []
            if not ready:
                ready, _, _ = select.select([one, other], [], [], 5)
            if not ready:
                return
            for source in ready:
                part = source.recv(65536)
                if not part or (self.manner == "drop the answer" and source is other and self._loses_when()):
                    return
                (other if source is one else one).sendall(part)
