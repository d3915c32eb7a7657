"""Calls over a socket: synchronous ones, asynchronous ones with 1, 20 and 100 in flight, and decoding beside `json.loads`."""

from collections.abc import Iterator, Mapping
from functools import partial

from benchmarks.answers import INVOICES, account_with
from benchmarks.measure import Figure, exactly, interleave, ratios
from benchmarks.peers import ASYNC_NAMES, NAMES
from benchmarks.processes import Place, Worker, workers

_BALANCE = account_with(10)
_SYNC = (
    ("balance", _BALANCE, "credit balance", 0.60, 0.60, "how much a program that polls waits for each answer"),
    ("invoices", account_with(100), "100 invoices", 0.80, 0.68, "the same for a long answer, with every field checked"),
)


def sync(place: Place, rounds: int) -> Iterator[Figure]:
    """Measure calls one after another."""
    with workers(place, NAMES) as running:
        for what, account, title, stdlib, orjson, means in _SYNC:
            measures = {name: partial(one, do="sync", what=what, account=account) for name, one in running.items()}
            shown = ratios(interleave(title, measures, rounds, 0.06), "httpx")
            peers = {name: ratio for name, ratio in shown.items() if not name.startswith("ours")}
            for name, reader, limit in (("ours", "stdlib", stdlib), ("ours+orjson", "orjson", orjson)):
                yield Figure(
                    key=f"{what}_{reader}",
                    title=f"{title}, sync, JSON read by {reader}, time of bare httpx's",
                    means=means,
                    ours=shown[name],
                    limit=limit,
                    peers=peers,
                )


def concurrent(place: Place, rounds: int) -> Iterator[Figure]:
    """Measure asynchronous calls, with 1, 20 and 100 in flight."""
    with workers(place, ASYNC_NAMES) as running:
        for in_flight, limit in ((1, 1.3), (20, 2.0), (100, 2.0)):
            title = f"async calls a second, {in_flight} in flight"
            command = {"do": "concurrent", "in_flight": in_flight, "account": _BALANCE}
            measures = {name: partial(worker, **command) for name, worker in running.items()}
            # Bare httpx has two states with 100 in flight, on about 15 connections or on about 100: hence its wide quartiles.
            taken = interleave(title, measures, rounds, 0.04)
            rates = {name: [1 / seconds for seconds in all_rounds] for name, all_rounds in taken.items()}
            shown = ratios(rates, "httpx")
            yield Figure(
                key=f"async_{in_flight}",
                title=f"{title}, of bare httpx's",
                means="how many accounts one event loop can watch",
                ours=shown.pop("ours"),
                limit=limit,
                at_most=False,
                peers=shown,
            )


def decoding(place: Place, rounds: int) -> Iterator[Figure]:
    """Measure what becomes of an answer: validating, building, and what is kept of it."""
    with workers(place, ("ours",)) as running:
        for count in INVOICES:
            title = f"validate and build {count:,} invoices"
            command = {"do": "decoding", "account": account_with(count)}
            measures = {what: partial(running["ours"], what=what, **command) for what in ("loads", "decode")}
            yield Figure(
                key=f"decode_{count}",
                title=f"{title}, time of json.loads's",
                means="what the checks of every field cost, beside reading the JSON",
                ours=ratios(interleave(title, measures, rounds, 0.03), "loads")["decode"],
                limit=0.5,
            )
    with workers(place, NAMES) as running:
        yield _memory(running)


def _memory(running: Mapping[str, Worker]) -> Figure:
    account = account_with(INVOICES[-1])
    kept = {name: worker(1, do="memory", account=account) for name, worker in running.items()}
    shown = {name: exactly(size / kept["cloudflare"]) for name, size in kept.items()}
    return Figure(
        key="memory",
        title="memory per decoded invoice, of the official SDK's",
        means="how long a list a program can keep",
        ours=shown.pop("ours"),
        limit=0.5,
        peers=shown,
    )
