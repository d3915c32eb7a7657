"""One peer in its own process: `python -m benchmarks.worker NAME BASE_URL` obeys a JSON command a line and answers with a line."""

import asyncio
import functools
import gc
import http.client
import json
import os
import statistics
import sys
import time
import tracemalloc
from collections.abc import Callable
from operator import itemgetter
from typing import Any
from urllib.parse import urlsplit

from benchmarks.peers import AsyncCall, async_call, prepare, sync_calls

_BATCHES = 3
"""Of these the quickest counts, as with `timeit`: what disturbs a batch can only slow it down."""


class Worker:
    """Carries out commands, on one synchronous client and one asynchronous one."""

    def __init__(self, name: str, base_url: str) -> None:
        self._name = name
        self._base_url = base_url
        prepare(name)
        self._calls = sync_calls(name, base_url)
        self._loop = asyncio.new_event_loop()
        self._async_calls: dict[int, AsyncCall] = {}

    def sync(self, what: str, account: str, calls: int) -> dict[str, Any]:
        """Make calls one after another."""
        call = getattr(self._calls, what)
        return _each(lambda: call(account), calls)

    def concurrent(self, in_flight: int, account: str, calls: int) -> dict[str, Any]:
        """Make calls with so many in flight at any time, on a client that has never had more."""
        calls = max(calls, 3 * in_flight)
        call = self._async_calls.get(in_flight)
        if call is None:
            call = self._async_calls[in_flight] = async_call(self._name, self._base_url)
        batches = [self._loop.run_until_complete(_concurrent(call, in_flight, account, calls)) for _ in range(_BATCHES)]
        return min(batches, key=itemgetter("seconds"))

    def decoding(self, what: str, account: str, calls: int) -> dict[str, Any]:
        """Read an invoice history that is here already: `loads` makes JSON values of it, `decode` our own of those."""
        return _each(self._decoding(account)[what], calls)

    @functools.cache  # noqa: B019 - the worker lives as long as its process
    def _decoding(self, account: str) -> dict[str, Callable[[], object]]:
        from aig_billing.api.ai_gateway_billing.invoice_history import OPERATION

        from aig_billing_runtime.envelope import envelope_type

        where = urlsplit(self._base_url)
        asking = http.client.HTTPConnection(where.netloc)
        asking.request("GET", f"/accounts/{account}/ai-gateway/billing/invoice-history")
        content = asking.getresponse().read()
        asking.close()
        parsed = json.loads(content)

        (promised,) = OPERATION.successes
        envelope = envelope_type(promised.envelope or ())

        def decode() -> object:
            read: Any = envelope.decode(parsed)
            result: Any = promised.json_type.decode(read.result)
            assert result.invoices
            return result

        return {"loads": lambda: json.loads(content), "decode": decode}

    def memory(self, account: str, invoices: int) -> dict[str, Any]:
        """Tell the bytes that one decoded invoice keeps, of so many in one answer."""
        self._calls.invoices(account)
        gc.collect()
        tracemalloc.start()
        before = tracemalloc.get_traced_memory()[0]
        kept = self._calls.invoices(account)
        gc.collect()
        after = tracemalloc.get_traced_memory()[0]
        tracemalloc.stop()
        del kept
        return {"bytes": (after - before) / invoices}


def _each(work: Callable[[], object], calls: int) -> dict[str, Any]:
    """Time each call by itself and give the median: another program that takes the processor away meets few of them."""
    taken = []
    for _ in range(calls):
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    return {"seconds": statistics.median(taken)}


async def _concurrent(call: AsyncCall, in_flight: int, account: str, calls: int) -> dict[str, Any]:
    left = calls

    async def keep_asking() -> None:
        nonlocal left
        while left > 0:
            left -= 1
            await call(account)

    started = time.perf_counter()
    await asyncio.gather(*(keep_asking() for _ in range(in_flight)))
    return {"seconds": (time.perf_counter() - started) / calls}


def main() -> None:
    """Obey until standard input ends."""
    worker = Worker(*sys.argv[1:3])
    for line in sys.stdin:
        command = json.loads(line)
        print(json.dumps(getattr(worker, command.pop("do"))(**command)), flush=True)
    # Clients are left as they are: what there is to close goes with the process.
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
