"""Builds a client from a specification of ten lines, so that a test can use what comes out."""

import importlib
import itertools
import json
import sys
import textwrap
import threading
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import httpx

from codegen.driver import Sources, generate
from codegen.resolve import resolve

TEMPLATES = Path(__file__).resolve().parents[2] / "overlays" / "code"
_numbers = itertools.count(1)

HEAD = """\
openapi: 3.1.0
info: {title: Inline, version: "1"}
servers: [{url: "https://api.example.com"}]
"""


def build(folder: Path, specification: str, *, name: str | None = None) -> Path:
    """Generate a package from the lines of a specification, and give its folder."""
    name = name or f"inline_{next(_numbers)}"
    spec = folder / "spec.yaml"
    spec.write_text(HEAD + textwrap.dedent(specification), encoding="utf-8")
    config = folder / "generator-config.yaml"
    config.write_text(f"package_name_override: {name}\nliteral_enums: true\npost_hooks: []\n", encoding="utf-8")
    target = folder / "out" / name
    generate(resolve(spec, None), Sources(config, TEMPLATES), target)
    return target


def load(folder: Path, specification: str) -> ModuleType:
    """Generate a package and import it."""
    target = build(folder, specification)
    sys.path.insert(0, str(target.parent))
    try:
        return importlib.import_module(target.name)
    finally:
        sys.path.remove(str(target.parent))


class Peer(httpx.BaseTransport):
    """Answers every request with one body, and keeps the requests."""

    def __init__(self, body: bytes = b"{}", status: int = 200) -> None:
        self.body = body
        self.status = status
        self.requests: list[httpx.Request] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()
        self.requests.append(request)
        return httpx.Response(self.status, content=self.body)


class Request(NamedTuple):
    """What a server was sent."""

    line: str
    """Method and target: `GET /things?a=1`."""
    headers: Message
    body: bytes

    @property
    def json(self) -> Any:
        """The body."""
        return json.loads(self.body)


class Server:
    """A server on a socket of this machine: keeps what it is sent, and answers as it is set, at first with `{}`."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.status, self.content_type, self.body = 200, "application/json", b"{}"
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                server.requests.append(Request(f"{self.command} {self.path}", self.headers, self.rfile.read(length)))
                # As it was when the request came: the test goes on as soon as it has the answer.
                status, content_type, body = server.status, server.content_type, server.body
                self.send_response(status)
                if content_type:
                    self.send_header("Content-Type", content_type)
                if status != 204:
                    self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer  # noqa: N815 - the names that http.server calls

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def answers(self, body: object = b"{}", status: int = 200, content_type: str = "application/json") -> None:
        """Answer everything from now on with this: bytes as they are, anything else as JSON."""
        self.body = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.status, self.content_type = status, content_type

    @property
    def last(self) -> Request:
        """The only request since this was last asked for."""
        (request,) = self.requests
        self.requests.clear()
        return request

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def client(package: ModuleType, server: Server) -> Any:
    """A client of a generated package that talks to the server."""
    return package.Client(api_token="test-token", base_url=server.url, max_retries=0)
