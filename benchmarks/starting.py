"""Importing, and the way from the start of a process to its first answer over TLS, also of the command: a fresh process each time."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from benchmarks.answers import account_with
from benchmarks.measure import Figure, interleave, progress, ratios, spread
from benchmarks.peers import ASYNC_NAMES, STOCK_PACKAGE, TOKEN
from benchmarks.processes import ROOT, Place

_IMPORTS = {
    "ours": "from aig_billing import Client",
    "openapi-python-client": f"import {STOCK_PACKAGE}.client, {STOCK_PACKAGE}.api.ai_gateway_billing.billing_credit_balance",
    "cloudflare": "import cloudflare",
}
_IMPORTING = """
import json, os, time
def megabytes():
    with open("/proc/self/statm") as shown:
        return int(shown.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
import httpx
before, started = megabytes(), time.perf_counter()
{statement}
print(json.dumps([(time.perf_counter() - started) * 1e3, megabytes() - before]))
"""
_FIRST_ANSWER = "from benchmarks.peers import calls; print(calls({!r}, {!r})['balance']({!r}), flush=True)"


def starting(place: Place, rounds: int) -> Iterator[Figure]:
    """Measure imports, first answers and the command."""
    rounds = max(5, rounds // 2)
    yield from _imports(place, rounds)
    yield _first_answers(place, rounds)
    yield _command(place, rounds)


def _imports(place: Place, rounds: int) -> Iterator[Figure]:
    taken: dict[str, list[list[float]]] = {name: [] for name in _IMPORTS}
    for index in range(rounds + 1):
        progress("imports", index + 1, rounds + 1)
        for name, statement in _IMPORTS.items():
            one = json.loads(_first_line(place, place.python, _IMPORTING.format(statement=statement))[0])
            if index:  # the first run only compiles
                taken[name].append(one)
    for position, (key, title, unit, limit) in enumerate(
        (("import_time", "its time", " ms", 18.0), ("import_memory", "its memory", " MB", 2.0))
    ):
        spreads = {name: spread([one[position] for one in all_runs]) for name, all_runs in taken.items()}
        yield Figure(
            key=key,
            title=f"`from aig_billing import Client` after `import httpx`, {title}",
            means="what the client adds to a program that uses httpx",
            ours=spreads.pop("ours"),
            unit=unit,
            limit=limit,
            peers=spreads,
        )


def _first_answers(place: Place, rounds: int) -> Figure:
    def once(name: str, _calls: int) -> float:
        script = _FIRST_ANSWER.format(name, place.server.https, account_with(10))
        line, seconds = _first_line(place, place.python if name == "cloudflare" else place.bare, script)
        if "640.19" not in line:
            raise RuntimeError(f"{name} read another balance than the server sent")
        return seconds

    measures = {name: partial(once, name) for name in ASYNC_NAMES}
    shown = ratios(interleave("first answers", measures, rounds, 0), "httpx")
    return Figure(
        key="first_answer",
        title="process start to first answer over TLS, time of bare httpx's",
        means="what a script that runs every minute waits for; certifi's roots are read by each",
        ours=shown.pop("ours"),
        limit=1.12,
        peers=shown,
    )


def _command(place: Place, rounds: int) -> Figure:
    account = {"CLOUDFLARE_ACCOUNT_ID": account_with(10), "CLOUDFLARE_API_TOKEN": TOKEN}
    environ = {**place.environment(), **account, "CLOUDFLARE_BASE_URL": place.server.http, "HOME": str(place.stock)}
    commands = {
        "ours": [sys.executable, "-m", "aig_billing_cli", "balance"],
        "import httpx, typer": [sys.executable, "-c", "import httpx, typer"],
    }

    def once(name: str, _calls: int) -> float:
        started = time.perf_counter()
        subprocess.run(commands[name], env=environ, cwd=place.stock, check=True, capture_output=True)
        return time.perf_counter() - started

    measures = {name: partial(once, name) for name in commands}
    taken = interleave("aig-billing balance", measures, rounds, 0)
    return Figure(
        key="command",
        title="`aig-billing balance`, the whole process, time of `python -c 'import httpx, typer'`",
        means="what a person at a terminal waits for, beside the least that such a command can take",
        ours=ratios(taken, "import httpx, typer")["ours"],
        limit=1.3,
    )


def _first_line(place: Place, python: Path, script: str) -> tuple[str, float]:
    """Run a script; give the line that it writes, and the seconds until it was there, not those until its process ended."""
    started = time.perf_counter()
    with subprocess.Popen(
        [str(python), "-c", script], stdout=subprocess.PIPE, env=place.environment(), cwd=ROOT, text=True
    ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        seconds = time.perf_counter() - started
    if not line:
        raise RuntimeError("a script that was to be timed wrote nothing: its error stands above")
    return line, seconds
