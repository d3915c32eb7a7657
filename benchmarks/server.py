"""A server that answers from memory: `python -m benchmarks.server CERTIFICATE` reads its routes from standard input and prints its ports.

Bytes in, bytes out, a thread a connection: as little as Python can do, so that what is measured is the client. The first port speaks plain
HTTP, the second one TLS. It ends when its standard input is closed.
"""

import contextlib
import json
import socket
import socketserver
import ssl
import sys
import threading

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


_ANSWERS: dict[bytes, bytes] = {}


class Server(socketserver.ThreadingTCPServer):
    """Serves byte-exact answers by path; over TLS where there is a certificate."""

    daemon_threads = True
    request_queue_size = 512

    def __init__(self, certificate: str | None) -> None:
        super().__init__(("127.0.0.1", 0), Connection)
        if certificate:
            tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            tls.load_cert_chain(certificate)
            self.socket = tls.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Connection(socketserver.BaseRequestHandler):
    """Answers one request after another; those that are measured have no body."""

    def handle(self) -> None:
        """Answer until the client closes, or does not want this certificate."""
        connection: socket.socket = self.request
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        request = b""
        with contextlib.suppress(OSError):
            while data := connection.recv(65536):
                request += data
                if request.endswith(_END_OF_HEAD):
                    path = request.split(b" ", 2)[1].split(b"?", 1)[0]
                    connection.sendall(_ANSWERS.get(path) or _whole(b'{"missing": "%s"}' % path, "404 Not Found"))
                    request = b""


def _whole(body: bytes, status: str = "200 OK") -> bytes:
    return _HEAD.format(status=status, length=len(body)).encode("ascii") + body


def main() -> None:
    """Serve the routes that one line of standard input names, until it is closed."""
    routes: dict[str, str] = json.loads(sys.stdin.buffer.readline())
    _ANSWERS.update({path.encode("ascii"): _whole(body.encode()) for path, body in routes.items()})
    print(json.dumps([Server(certificate).server_address[1] for certificate in (None, sys.argv[1])]), flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
