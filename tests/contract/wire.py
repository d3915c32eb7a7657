"""What goes over the wire: transports that keep requests and give answers, and what is wrong with a request by the resolved document."""

import json
import re
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import parse_qsl, unquote

import httpx

from tests.contract.resolved import JSON, URN, Operation, Resolved, types_of

ENVELOPE: Mapping[str, Any] = {"errors": [], "messages": [], "result": {}, "success": True}

HINT = "run `make gen`; if it stays, the fault is in overlays/code/ or src/aig_billing_runtime/"

Answer = tuple[int, Mapping[str, str], bytes]


def json_answer(value: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Answer:
    # Infinity is written as a number that is read as infinity: the word itself is not JSON. Within strings it stays.
    content = re.sub(r'("(?:[^"\\]|\\.)*")|Infinity', lambda found: found[1] or "1e999", json.dumps(value)).encode()
    return status, {"content-type": JSON, **(headers or {})}, content


class Wire(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Keeps each request that a client sends, and answers it with what is set: the envelope with an empty object at first."""

    def __init__(self) -> None:
        self.requests: list[httpx.Request] = []
        self.answer: Answer = json_answer(ENVELOPE)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()
        return self._respond(request)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await request.aread()
        return self._respond(request)

    def _respond(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        status, headers, content = self.answer
        return httpx.Response(status, headers=dict(headers), stream=httpx.ByteStream(content))

    def last(self) -> httpx.Request:
        """The only request since this was last asked for."""
        (request,) = self.requests
        self.requests.clear()
        return request


@dataclass(frozen=True)
class ReadRequest:
    """A request as a server that knows the document reads it."""

    operation: Operation
    path: Mapping[str, str]
    query: Mapping[str, Any]
    body: Any

    @property
    def body_by_argument(self) -> Mapping[str, Any]:
        """The body as the arguments that it is made of."""
        fields: Mapping[str, Any] = {"body": self.body} if self.operation.takes_a_whole_body else self.body or {}
        return fields


def read_request(document: Resolved, request: httpx.Request) -> ReadRequest:
    """Reads a request by the document.

    Raises:
        AssertionError: When it is not one that the document knows; the message says why.
    """
    (server,) = document.content["servers"]
    url = str(request.url).partition("?")[0]
    assert url.startswith(f"{server['url']}/"), (
        f"{request.method} {url} goes to another server than {server['url']}; {HINT}"
    )
    path = url.removeprefix(server["url"])
    for operation in document.operations:
        found = _template(operation.path).fullmatch(path)
        if found and operation.method == request.method:
            break
    else:
        raise AssertionError(f"the document has no {request.method} {path}; {HINT}")
    values = {name: unquote(value) for name, value in found.groupdict().items()}
    read = ReadRequest(operation, values, _read_query(operation, request), _read_body(operation, request))
    for argument in operation.arguments:
        held = {"path": read.path, "query": read.query, "body": read.body_by_argument}[argument.location]
        at = f"{operation}: {argument.location} {argument.name}"
        if argument.name in held:
            errors = [error.message for error in _validator(document, argument.schema).iter_errors(held[argument.name])]
            assert not errors, f"{at}: {errors}; {HINT}"
        else:
            assert not argument.required, f"{at} is missing; {HINT}"
    _check_headers(document, request)
    return read


def _template(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(path)))


def _read_query(operation: Operation, request: httpx.Request) -> dict[str, Any]:
    known = {argument.name: argument for argument in operation.in_location("query")}
    pairs = parse_qsl(request.url.query.decode("ascii"), keep_blank_values=True, strict_parsing=bool(request.url.query))
    read: dict[str, Any] = {}
    for name, text in pairs:
        assert name in known, f"{operation}: the document has no query parameter {name}; {HINT}"
        assert name not in read, f"{operation}: the query parameter {name} is given twice; {HINT}"
        is_number = {"number", "integer"} & {*types_of(known[name].schema)}
        read[name] = json.loads(text) if is_number else text
    return read


def _read_body(operation: Operation, request: httpx.Request) -> Any:
    if operation.body is None:
        assert request.content == b"", (
            f"{operation}: the document has no body, and this was sent: {request.content!r}; {HINT}"
        )
        assert "content-type" not in request.headers, f"{operation}: a Content-Type without a body; {HINT}"
        return {}
    assert request.headers["content-type"] == JSON, (
        f"{operation}: Content-Type is {request.headers['content-type']!r}; {HINT}"
    )
    assert request.headers["content-length"] == str(len(request.content))
    body = json.loads(request.content, parse_constant=_refuse_constant)
    errors = [error.message for error in _validator(operation.document, operation.body).iter_errors(body)]
    assert not errors, f"{operation}: the body {body!r}: {errors}; {HINT}"
    return body


def _refuse_constant(name: str) -> object:
    raise AssertionError(f"{name} is not JSON")


def _validator(document: Resolved, schema: Mapping[str, Any]) -> Any:
    # What is written relative to the document is looked up there.
    absolute = json.loads(json.dumps(schema).replace('"#/', f'"{URN}#/'))
    return document.validator().evolve(schema=absolute)


def _check_headers(document: Resolved, request: httpx.Request) -> None:
    """One of the ways to authenticate, whole, and nothing of the others; JSON is asked for."""
    schemes = document.content["components"]["securitySchemes"]
    carried = {name: _carried(scheme, request.headers) for name, scheme in schemes.items()}
    there = {name for name, secret in carried.items() if secret}
    ways = [set(way) for way in document.content["security"]]
    assert there in ways, (
        f"{request.method} {request.url}: the credentials are {sorted(there)}, one of {ways} is asked for; {HINT}"
    )
    assert JSON in request.headers.get("accept", ""), f"the request does not accept JSON; {HINT}"


def _carried(scheme: Mapping[str, Any], headers: httpx.Headers) -> str | None:
    if scheme["type"] == "http":
        kind, _, secret = headers.get("authorization", "").partition(" ")
        return secret if kind.lower() == scheme["scheme"] else None
    assert scheme["type"] == "apiKey", scheme
    assert scheme["in"] == "header", scheme
    value: str | None = headers.get(scheme["name"])
    return value


class ByteServer:
    """Reads one request after the other off a loopback socket, keeps the bytes, and answers each with the same bytes."""

    def __init__(self, answer: bytes) -> None:
        self._answer = answer
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self.authority = f"127.0.0.1:{self._listener.getsockname()[1]}"
        self.received: list[bytes] = []

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        # Closing alone would leave accept() waiting.
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(timeout=5)

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(5)
                self.received.append(_read_whole(connection.recv))
                connection.sendall(self._answer)


def _read_whole(receive: Callable[[int], bytes]) -> bytes:
    received = b""
    while b"\r\n\r\n" not in received:
        received += receive(65536)
    head, _, body = received.partition(b"\r\n\r\n")
    length = re.search(rb"(?im)^content-length: *(\d+)", head)
    while length and len(body) < int(length[1]):
        body += receive(65536)
    return head + b"\r\n\r\n" + body


def header_lines(head: bytes) -> Iterator[str]:
    """The header lines of a request as they were sent, without the request line."""
    yield from head.decode("ascii").split("\r\n")[1:]
