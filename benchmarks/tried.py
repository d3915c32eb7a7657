"""What was tried, side by side: `python -m benchmarks.tried` prints each way of doing a thing, with its time.

What the client does is marked. Each way is measured in turn, many times, and the median is shown.
"""

import json
import statistics
import sys
import time
from collections.abc import Callable, Mapping
from operator import itemgetter
from typing import Any

import httpx
from aig_billing import Client
from aig_billing.api.ai_gateway_billing import credit_balance
from aig_billing.models.invoice import Invoice

from aig_billing_runtime.model import JsonType
from benchmarks.answers import account_with, routes
from benchmarks.peers import TOKEN, prepare
from benchmarks.processes import server

_ROUNDS = 400


def main() -> int:
    """Print every comparison."""
    prepare("ours")
    content = next(
        body for path, body in routes().items() if path.endswith(f"{100:032d}/ai-gateway/billing/invoice-history")
    )
    invoices: list[dict[str, Any]] = json.loads(content)["result"]["invoices"]
    regular = [invoice for invoice in invoices if len(invoice) == 14]
    _show("one regular invoice, ns", _per_item(_building(), regular), 1e9)
    _show("looking for numbers of 16 digits and more in 100 invoices, us", _long_numbers(content.encode()), 1e6)
    with server() as base_url:
        _show("a request without a body, us", _bodies(base_url), 1e6)
    return 0


def _building() -> dict[str, Callable[[dict[str, Any]], object]]:
    """The ways from a dictionary to an object; only the first, which the client has, looks at the values."""
    table = JsonType[Any](Invoice)
    names = [field.attribute for field in Invoice.__table__().fields]
    fields = itemgetter(*names)
    assign = "\n".join(f"    made.{name} = given[{name!r}]" for name in names)
    scope: dict[str, Any] = {"allocate": object.__new__, "Invoice": Invoice}
    lines = ["    made = allocate(Invoice)", assign, "    made.additional_properties = {}", "    return made"]
    exec("\n".join(["def by_assignment(given):", *lines]), scope)
    subscripts = ", ".join(f"given[{name!r}]" for name in names)
    exec(f"def by_init(given):\n    return Invoice({subscripts})", scope)
    return {
        "decoded as the client does, with every test": table.decode,
        "built by assignment, no tests": scope["by_assignment"],
        "built by __init__, no tests": scope["by_init"],
        "built by __init__ from itemgetter, no tests": lambda given: Invoice(*fields(given)),
        "the types of all fields at once, tests alone": lambda given: tuple(map(type, fields(given))),
    }


def _long_numbers(content: bytes) -> dict[str, Callable[[], object]]:
    from aig_billing_runtime import json_text

    digits = bytes(ord("0") if chr(byte) in "0123456789." else ord(" ") for byte in range(256))
    return {
        "every fifth byte first, as the client does": lambda: json_text._may_hold_a_long_number(content),
        "every byte": lambda: b"0" * 16 in content.translate(digits),
    }


def _bodies(base_url: str) -> dict[str, Callable[[], object]]:
    client = Client(api_token=TOKEN, base_url=base_url)
    call: Any = credit_balance.call(account_with(10))
    transport = httpx.HTTPTransport()
    empty = httpx.ByteStream(b"")

    def send(stream: httpx.SyncByteStream | None) -> None:
        request = client.caller.build(call, 100.0)
        if stream is not None:
            request.stream = stream
        response = transport.handle_request(request)
        b"".join(response.iter_raw())
        response.close()

    return {"no part at all, as the client does": lambda: send(None), "one empty part": lambda: send(empty)}


def _per_item(
    ways: Mapping[str, Callable[[dict[str, Any]], object]], items: list[dict[str, Any]]
) -> dict[str, Callable[[], object]]:
    def over(way: Callable[[dict[str, Any]], object]) -> Callable[[], object]:
        def all_of_them() -> int:
            for item in items:
                way(item)
            return len(items)

        return all_of_them

    return {name: over(way) for name, way in ways.items()}


def _show(title: str, ways: Mapping[str, Callable[[], object]], unit: float) -> None:
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(_ROUNDS):
        for name, way in ways.items():
            started = time.perf_counter()
            count = way()
            seconds = time.perf_counter() - started
            taken[name].append(seconds / count if type(count) is int else seconds)
    print(title)
    for name, times in taken.items():
        print(f"  {statistics.median(times) * unit:8.1f}  {name}")


if __name__ == "__main__":
    sys.exit(main())
