"""One peer in its own process: `python -m benchmarks.worker NAME BASE_URL` obeys a JSON command a line and answers with a number."""

import asyncio
import functools
import gc
import json
import os
import statistics
import sys
import time
import tracemalloc
from collections.abc import Callable
from typing import Any
from urllib.request import urlopen

from benchmarks.peers import calls as calls_of

_BATCHES = 3
"""Of these the quickest counts, as with `timeit`: what disturbs a batch can only slow it down."""


class Worker:
    """Carries out commands, on one synchronous client and one asynchronous one for each number of calls in flight."""

    def __init__(self, name: str, base_url: str) -> None:
        if name == "ours":
            # As if the extra were not installed.
            sys.modules["orjson"] = None  # type: ignore[assignment]  # the import system's own way to forbid an import
        self._name = name
        self._base_url = base_url
        self._calls = calls_of(name, base_url)
        self._loop = asyncio.new_event_loop()

    def sync(self, what: str, account: str, calls: int) -> float:
        """Make calls one after another; gives the seconds of one, as the other commands do."""
        call = self._calls[what]
        return _each(lambda: call(account), calls)

    def concurrent(self, in_flight: int, account: str, calls: int) -> float:
        """Make calls with so many in flight at any time, on a client that has never had more."""
        call = self._async_call(in_flight)
        count = max(calls, 3 * in_flight)
        return min(self._loop.run_until_complete(_concurrent(call, in_flight, account, count)) for _ in range(_BATCHES))

    @functools.cache  # noqa: B019 - the worker lives as long as its process
    def _async_call(self, _in_flight: int) -> Callable[[str], Any]:
        return calls_of(self._name, self._base_url, asynchronous=True)["balance"]

    def decoding(self, what: str, account: str, calls: int) -> float:
        """Read an invoice history that is here already: `loads` makes JSON values of it, `decode` our own of those."""
        return _each(self._decoding(account)[what], calls)

    @functools.cache  # noqa: B019 - the worker lives as long as its process
    def _decoding(self, account: str) -> dict[str, Callable[[], object]]:
        from aig_billing.api.ai_gateway_billing.invoice_history import OPERATION

        from aig_billing_runtime.envelope import envelope_type

        content = urlopen(f"{self._base_url}/accounts/{account}/ai-gateway/billing/invoice-history").read()
        parsed = json.loads(content)

        (promised,) = OPERATION.successes
        envelope = envelope_type(promised.envelope or (), promised.declared)

        def decode() -> object:
            read: Any = envelope.decode(parsed)
            result: Any = promised.json_type.decode(read.result)
            assert result.invoices
            return result

        return {"loads": lambda: json.loads(content), "decode": decode}

    def memory(self, account: str, calls: int) -> float:
        """Give the bytes that so many decoded invoice histories keep."""
        call = self._calls["invoices"]
        call(account)
        gc.collect()
        tracemalloc.start()
        before = tracemalloc.get_traced_memory()[0]
        kept = [call(account) for _ in range(calls)]
        gc.collect()
        after = tracemalloc.get_traced_memory()[0]
        tracemalloc.stop()
        del kept
        return after - before


def _each(work: Callable[[], object], calls: int) -> float:
    """Time each call by itself and give the median: another program that takes the processor away meets few of them."""
    taken = []
    for _ in range(calls):
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    return statistics.median(taken)


async def _concurrent(call: Callable[[str], Any], in_flight: int, account: str, calls: int) -> float:
    left = calls

    async def keep_asking() -> None:
        nonlocal left
        while left > 0:
            left -= 1
            await call(account)

    started = time.perf_counter()
    await asyncio.gather(*(keep_asking() for _ in range(in_flight)))
    return (time.perf_counter() - started) / calls


def main() -> None:
    """Obey until standard input ends."""
    worker = Worker(*sys.argv[1:3])
    for line in sys.stdin:
        command = json.loads(line)
        print(getattr(worker, command.pop("do"))(**command), flush=True)
    # Clients are left as they are: what there is to close goes with the process.
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
