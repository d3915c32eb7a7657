"""A server that answers from memory: `python -m benchmarks.server CERTIFICATE` reads its routes from standard input and prints its port.

Bytes in, bytes out, in one thread around one selector: as little as Python can do, so that what is measured is the client. It speaks TLS
where a certificate is named, and ends when its standard input is closed.
"""

import contextlib
import json
import selectors
import socket
import ssl
import sys
from collections.abc import Mapping

_END_OF_HEAD = b"\r\n\r\n"
# What the live service sends with each answer, so that a client has as many headers to read as it will have there.
_HEAD = (
    "HTTP/1.1 {status}\r\n"
    "Date: Sat, 21 Nov 2026 12:00:00 GMT\r\n"
    "Content-Type: application/json\r\n"
    "Content-Length: {length}\r\n"
    "Connection: keep-alive\r\n"
    "CF-Ray: 9a1b2c3d4e5f6789-FRA\r\n"
    'Ratelimit: "default";r=50;t=30\r\n'
    'Ratelimit-Policy: "burst";q=100;w=60\r\n'
    "Server: cloudflare\r\n"
    "\r\n"
)


class Server:
    """Serves byte-exact answers by path."""

    def __init__(self, routes: Mapping[str, bytes], tls: ssl.SSLContext | None = None) -> None:
        self._answers = {path.encode("ascii"): _whole(body) for path, body in routes.items()}
        self._tls = tls
        self._selector = selectors.DefaultSelector()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=512)
        self._listener.settimeout(0)
        self._selector.register(self._listener, selectors.EVENT_READ)
        self.port: int = self._listener.getsockname()[1]

    def serve(self, until: socket.socket | int) -> None:
        """Serve until `until` can be read."""
        self._selector.register(until, selectors.EVENT_READ)
        while True:
            for key, _ in self._selector.select():
                if key.fileobj is until:
                    return
                if key.fileobj is self._listener:
                    self._accept()
                else:
                    self._answer(key.fileobj)  # type: ignore[arg-type]  # all others are connections

    def _accept(self) -> None:
        with contextlib.suppress(BlockingIOError):
            while True:
                connection, _ = self._listener.accept()
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                connection.settimeout(10)
                with contextlib.suppress(OSError):  # a client that does not want this certificate
                    given = self._tls.wrap_socket(connection, server_side=True) if self._tls else connection
                    self._selector.register(given, selectors.EVENT_READ)

    def _answer(self, connection: socket.socket) -> None:
        """Read one request and answer it; the requests measured have no body and fit one read."""
        try:
            request = connection.recv(65536)
            while request and not request.endswith(_END_OF_HEAD):
                more = connection.recv(65536)
                request = request + more if more else b""
            if request:
                path = request.split(b" ", 2)[1].split(b"?", 1)[0]
                connection.sendall(self._answers.get(path) or _whole(b'{"missing": "%s"}' % path, "404 Not Found"))
        except OSError:
            request = b""
        if not request:
            self._selector.unregister(connection)
            connection.close()


def _whole(body: bytes, status: str = "200 OK") -> bytes:
    return _HEAD.format(status=status, length=len(body)).encode("ascii") + body


def main() -> None:
    """Serve the routes that one line of standard input names, until it is closed."""
    routes: dict[str, str] = json.loads(sys.stdin.buffer.readline())
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER) if sys.argv[1] else None
    if tls:
        tls.load_cert_chain(sys.argv[1])
    server = Server({path: body.encode() for path, body in routes.items()}, tls)
    print(server.port, flush=True)
    server.serve(sys.stdin.fileno())


if __name__ == "__main__":
    main()
