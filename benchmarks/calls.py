"""Calls over a socket: synchronous ones, asynchronous ones with 1, 20 and 100 in flight, and decoding beside `json.loads`."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial

from benchmarks.answers import INVOICES, account_with
from benchmarks.figures import Figure, Target, exactly
from benchmarks.peers import ASYNC_NAMES, IN_WORDS, NAMES
from benchmarks.processes import Connections, Place, Worker, connections_seen, workers
from benchmarks.rounds import Cost, Measure, Spread, Timed, interleave, spread

Note = Callable[[str], None]
_BALANCE = account_with(10)
_SYNC_SLICE = 0.06
_ASYNC_SLICE = 0.04
_DECODING_SLICE = 0.03


def sync(place: Place, rounds: int, note: Note) -> Iterator[Figure]:
    """Measure calls one after another."""
    with workers(place) as running:
        yield from _sync(running, rounds, note)


def concurrent(place: Place, rounds: int, note: Note) -> Iterator[Figure]:
    """Measure asynchronous calls, with 1, 20 and 100 in flight."""
    with workers(place, ASYNC_NAMES) as running:
        yield from _concurrent(running, place.base_url, rounds, note)


def decoding(place: Place, rounds: int, note: Note) -> Iterator[Figure]:
    """Measure what becomes of an answer: validating, building, and what is kept of it."""
    with workers(place, ("ours",)) as running:
        yield from _decoding(running["ours"], rounds, note)
    with workers(place, tuple(name for name in NAMES if name != "http.client")) as running:
        yield _memory(running)


def _sync(running: Mapping[str, Worker], rounds: int, note: Note) -> Iterator[Figure]:
    for what, account, title, targets in (
        ("balance", _BALANCE, "credit balance, sync", {"ours": Target(0.70), "ours+orjson": Target(0.70)}),
        ("invoices", account_with(100), "100 invoices, sync", {"ours": Target(0.85), "ours+orjson": Target(0.70)}),
    ):
        measures = {name: _sync_measure(worker, what, account) for name, worker in running.items()}
        timed = interleave(measures, rounds, _SYNC_SLICE, _below(note, title))
        ratios = {name: taken.of(timed["httpx"]) for name, taken in timed.items()}
        peers = {name: ratio for name, ratio in ratios.items() if not name.startswith("ours")}
        for name, target in targets.items():
            json_text = "orjson" if "orjson" in name else "stdlib json"
            yield Figure(
                key=f"{what}_{'orjson' if 'orjson' in name else 'stdlib'}",
                title=f"{title}, {json_text}, time of bare httpx's",
                ours=ratios[name],
                target=target,
                peers=peers,
                remark=f"one call: {_microseconds(timed)}" if name == "ours" else "",
            )


def _below(note: Note, title: str) -> Note:
    return lambda text: note(f"{title}: {text}")


def _microseconds(timed: Mapping[str, Timed]) -> str:
    return ", ".join(
        f"{IN_WORDS[name]} {taken.typical * 1e6:,.0f} us (processor {taken.cpu * 1e6:,.0f})"
        for name, taken in timed.items()
    )


def _sync_measure(worker: Worker, what: str, account: str) -> Measure:
    def measure(calls: int) -> Cost:
        return Cost(**worker.do("sync", what=what, account=account, calls=calls))

    return measure


def _concurrent(running: Mapping[str, Worker], base_url: str, rounds: int, note: Note) -> Iterator[Figure]:
    for in_flight, target in ((1, 1.3), (20, 2.0), (100, 2.0)):
        title = f"async throughput, {in_flight} in flight"
        seen: dict[str, list[Connections]] = {}
        measures = {
            name: _concurrent_measure(worker, in_flight, base_url, seen.setdefault(name, []))
            for name, worker in running.items()
        }
        timed = interleave(measures, rounds, _ASYNC_SLICE, _below(note, title))
        ratios = {name: timed["httpx"].of(taken) for name, taken in timed.items()}
        yield Figure(
            key=f"async_{in_flight}",
            title=f"{title}, of bare httpx's",
            ours=ratios["ours"],
            target=Target(target, at_most=False),
            peers={name: ratio for name, ratio in ratios.items() if name not in {"ours", "httpx"}},
            remark=f"one call: {_microseconds(timed)}; connections: {_connections(seen, rounds)}",
        )


def _concurrent_measure(worker: Worker, in_flight: int, base_url: str, seen: list[Connections]) -> Measure:
    def measure(calls: int) -> Cost:
        connections_seen(base_url)
        cost = worker.do("concurrent", in_flight=in_flight, account=_BALANCE, calls=max(calls, 3 * in_flight))
        seen.append(connections_seen(base_url))
        return Cost(**cost)

    return measure


def _connections(seen: Mapping[str, list[Connections]], rounds: int) -> str:
    """Tell on how many connections each peer worked in the measured rounds: bare httpx has more than one state at 100 in flight."""
    told = []
    for name, all_rounds in seen.items():
        used = spread([connections.used for connections in all_rounds[-rounds:]])
        opened = spread([connections.opened for connections in all_rounds[-rounds:]])
        told.append(f"{IN_WORDS[name]} used {_range(used)}, {_range(opened)} of them new")
    return "; ".join(told)


def _range(values: Spread) -> str:
    if values.low == values.high:
        return f"{values.median:.0f}"
    return f"{values.median:.0f} ({values.low:.0f}-{values.high:.0f})"


def _decoding(ours: Worker, rounds: int, note: Note) -> Iterator[Figure]:
    per_invoice: dict[int, dict[str, float]] = {}
    for count in INVOICES:
        title = f"validate and build {count:,} invoices"
        measures = {what: partial(_decoding_measure, ours, what, account_with(count)) for what in ("loads", "decode")}
        timed = interleave(measures, rounds, _DECODING_SLICE, _below(note, title))
        per_invoice[count] = {what: taken.typical / count for what, taken in timed.items()}
        yield Figure(
            key=f"decode_{count}",
            title=f"{title}, time of json.loads's",
            ours=timed["decode"].of(timed["loads"]),
            target=Target(0.5),
            remark=f"{per_invoice[count]['decode'] * 1e6:.2f} us an invoice; json.loads {per_invoice[count]['loads'] * 1e6:.2f} us",
        )
    few, many = per_invoice[100], per_invoice[INVOICES[-1]]
    growth = {what: many[what] / few[what] for what in few}
    yield Figure(
        key="decode_linear",
        title="an invoice among 10,000, of one among 100, beside the same of json.loads",
        ours=exactly(growth["decode"] / growth["loads"]),
        target=Target(1.5),
        remark=(
            f"building slows down {growth['decode']:.2f} times, json.loads {growth['loads']:.2f} times: "
            "10,000 invoices do not fit the processor's cache"
        ),
    )


def _decoding_measure(ours: Worker, what: str, account: str, calls: int) -> Cost:
    return Cost(**ours.do("decoding", what=what, account=account, calls=calls))


def _memory(running: Mapping[str, Worker]) -> Figure:
    count = INVOICES[-1]
    kept = {
        name: float(worker.do("memory", account=account_with(count), invoices=count)["bytes"])
        for name, worker in running.items()
    }
    ratios = {name: exactly(size / kept["cloudflare"]) for name, size in kept.items()}
    return Figure(
        key="memory",
        title="memory per decoded invoice, of the official SDK's",
        ours=ratios["ours"],
        target=Target(0.5),
        peers={name: ratio for name, ratio in ratios.items() if name not in {"ours", "cloudflare"}},
        remark=", ".join(f"{IN_WORDS[name]} {size:,.0f} bytes" for name, size in kept.items()),
    )
