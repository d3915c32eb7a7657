"""How the cost of one call divides: the same request through one layer more each time, in turn, in one process.

`python -m benchmarks.division BASE_URL` prints JSON; `--only division` shows it.
"""

import json
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from benchmarks.answers import account_with
from benchmarks.figures import Figure, exactly
from benchmarks.peers import TOKEN, prepare
from benchmarks.processes import ROOT, Place

if TYPE_CHECKING:
    from aig_billing_runtime.operation import Operation

Note = Callable[[str], None]
_ROUNDS = 800
_END_OF_HEAD = b"\r\n\r\n"


class _Layers(NamedTuple):
    """The layers of one call, each with everything below it, except for the last two."""

    wire: Callable[[], object]
    connection: Callable[[], object]
    transport: Callable[[], object]
    ours: Callable[[], object]
    bare_httpx: Callable[[], object]
    reading: Callable[[], object]
    building: Callable[[], object]


def division(place: Place, _rounds: int, note: Note) -> Iterator[Figure]:
    """Show where the time of a call goes."""
    note("how one call's cost divides")
    command = [str(place.python), "-m", "benchmarks.division", place.base_url]
    done = subprocess.run(
        command, check=True, capture_output=True, text=True, cwd=ROOT, env=place.environment(), timeout=300
    )
    for title, micros in json.loads(done.stdout).items():
        shares = {
            "sockets and server": micros["wire"],
            "HTTP/1.1: h11 under httpcore's connection": micros["connection"] - micros["wire"],
            "httpcore's pool and httpx's transport": micros["transport"] - micros["connection"],
            "reading JSON": micros["reading"],
            "validating and building": micros["building"],
            "our flow: request, deadline, limits, rest": (
                micros["ours"] - micros["transport"] - micros["reading"] - micros["building"]
            ),
            "beside it, all of a bare httpx call": micros["bare_httpx"],
        }
        yield Figure(
            key=f"division_{title.replace(' ', '_')}",
            title=f"where the time of one call goes: {title}, stdlib json",
            ours=exactly(micros["ours"]),
            unit=" us",
            peers={name: exactly(share) for name, share in shares.items()},
        )


def _layers(base_url: str, account: str, path: str, operation: "Operation[Any]", call: Any) -> _Layers:  # noqa: ANN401 - any operation's
    import httpcore
    import httpx
    from aig_billing import Client

    client = Client(api_token=TOKEN, base_url=base_url)
    url = f"{base_url}/accounts/{account}/ai-gateway/billing/{path}"
    where = urlsplit(base_url)
    plain = socket.create_connection((where.hostname or "", where.port or 80))
    request = client.caller.build(call, 100.0)
    raw = b"GET %s HTTP/1.1\r\n" % request.url.raw_path + b"".join(b"%s: %s\r\n" % one for one in request.headers.raw)
    httpx_transport = httpx.HTTPTransport()
    connection = httpcore.HTTPConnection(httpcore.Origin(b"http", request.url.raw_host, where.port or 80))
    target = httpcore.URL(scheme=b"http", host=request.url.raw_host, port=request.url.port, target=request.url.raw_path)
    bare = httpx.Client(headers={"Authorization": f"Bearer {TOKEN}"})
    content = bare.get(url).content
    parsed = json.loads(content)

    def wire() -> None:
        plain.sendall(raw + b"\r\n")
        received = plain.recv(65536)
        missing = len(content) + received.index(_END_OF_HEAD) + 4 - len(received)
        while missing:
            missing -= len(plain.recv(65536))

    def over_connection() -> None:
        asked = httpcore.Request(
            "GET", target, headers=request.headers.raw, content=request.stream, extensions=request.extensions
        )
        response = connection.handle_request(asked)
        b"".join(response.iter_stream())
        response.close()

    def over_transport() -> None:
        response = httpx_transport.handle_request(client.caller.build(call, 100.0))
        b"".join(response.iter_raw())
        response.close()

    from aig_billing_runtime.envelope import envelope_type
    from aig_billing_runtime.json_text import read_json

    (promised,) = operation.successes
    envelope: Any = envelope_type(promised.envelope or ())

    def building() -> None:
        read: Any = envelope.decode(parsed)
        promised.json_type.decode(read.result)

    return _Layers(
        wire,
        over_connection,
        over_transport,
        lambda: client.send(call),
        lambda: bare.get(url).json(),
        lambda: read_json(content),
        building,
    )


def main() -> None:
    """Measure two operations, and print the microseconds of each layer."""
    prepare("ours")
    from aig_billing.api.ai_gateway_billing import credit_balance, invoice_history

    base_url, told = sys.argv[1], {}
    for title, count, path, module in (
        ("credit balance", 10, "credit-balance", credit_balance),
        ("100 invoices", 100, "invoice-history", invoice_history),
    ):
        account = account_with(count)
        layers = _layers(base_url, account, path, module.OPERATION, module.call(account))
        taken: list[list[float]] = [[] for _ in layers]
        for _ in range(_ROUNDS):
            for layer, times in zip(layers, taken, strict=True):
                started = time.perf_counter()
                layer()
                times.append(time.perf_counter() - started)
        # The lower quartile: layers are subtracted from each other, and what another program takes would be counted as one.
        quick = [statistics.quantiles(times, n=4)[0] * 1e6 for times in taken]
        told[title] = dict(zip(_Layers._fields, quick, strict=True))
    print(json.dumps(told))


if __name__ == "__main__":
    main()
