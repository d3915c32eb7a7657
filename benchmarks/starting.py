"""Importing, and the way from the start of a process to its first answer: a fresh process each time."""

import json
import subprocess
import time
from collections.abc import Callable, Iterator

from benchmarks.answers import account_with
from benchmarks.figures import Figure, Target
from benchmarks.peers import IN_WORDS, STOCK_PACKAGE, TOKEN
from benchmarks.processes import ROOT, Place
from benchmarks.rounds import Cost, Measure, Timed, interleave, spread

Note = Callable[[str], None]

_IMPORTS = {
    "ours": "import aig_billing",
    "ours, Client too": "from aig_billing import Client",
    "openapi-python-client": f"import {STOCK_PACKAGE}.client, {STOCK_PACKAGE}.api.ai_gateway_billing.billing_credit_balance",
    "cloudflare": "import cloudflare",
}
_IMPORTING = """
import json, os, time
def megabytes():
    with open("/proc/self/statm") as told:
        return int(told.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
import httpx
before, started = megabytes(), time.perf_counter()
{statement}
print(json.dumps([(time.perf_counter() - started) * 1e3, megabytes() - before]))
"""

_BILLING = "client.ai_gateway.billing"
_FIRST_ANSWERS = {
    "httpx": """
import httpx
client = httpx.Client(headers={{"Authorization": "Bearer {token}"}})
print(client.get("{base_url}/accounts/{account}/ai-gateway/billing/credit-balance").json()["result"]["balance"], flush=True)
""",
    "ours": """
from aig_billing import Client
client = Client(api_token="{token}", base_url="{base_url}", account_id="{account}")
print(client.ai_gateway.billing.credit_balance().balance, flush=True)
""",
    "ours, certificates read": """
import httpx
from aig_billing import Client
httpx.create_ssl_context()
client = Client(api_token="{token}", base_url="{base_url}", account_id="{account}")
print(client.ai_gateway.billing.credit_balance().balance, flush=True)
""",
    "openapi-python-client": """
from {stock} import AuthenticatedClient
from {stock}.api.ai_gateway_billing import billing_credit_balance
client = AuthenticatedClient(base_url="{base_url}", token="{token}")
print(billing_credit_balance.sync("{account}", client=client).result.balance, flush=True)
""",
    "cloudflare": """
from cloudflare import Cloudflare
client = Cloudflare(api_token="{token}", base_url="{base_url}")
print(client.ai_gateway.billing.credit_balance(account_id="{account}").balance, flush=True)
""",
}


def starting(place: Place, rounds: int, note: Note) -> Iterator[Figure]:
    """Measure imports and first answers."""
    rounds = max(5, rounds // 2)
    yield from _imports(place, rounds, note)
    yield from _first_answers(place, rounds, note)


def _imports(place: Place, rounds: int, note: Note) -> Iterator[Figure]:
    taken: dict[str, list[list[float]]] = {name: [] for name in _IMPORTS}
    for index in range(rounds + 1):
        note(f"imports: {index}/{rounds}")
        for name, statement in _IMPORTS.items():
            one = json.loads(_first_line(place, _IMPORTING.format(statement=statement))[0])
            if index:  # the first run only compiles
                taken[name].append(one)
    for position, (key, title, unit, limit) in enumerate(
        (
            ("import_time", "`import aig_billing` after `import httpx`", " ms", 5.0),
            ("import_memory", "... its memory", " MB", 0.5),
        )
    ):
        spreads = {name: spread([one[position] for one in all_runs]) for name, all_runs in taken.items()}
        yield Figure(
            key=key,
            title=title,
            ours=spreads.pop("ours"),
            unit=unit,
            target=Target(limit),
            peers=spreads,
        )


def _first_answers(place: Place, rounds: int, note: Note) -> Iterator[Figure]:
    def measure(name: str) -> Measure:
        script = _FIRST_ANSWERS[name].format(
            token=TOKEN, base_url=place.base_url, account=account_with(10), stock=STOCK_PACKAGE
        )

        def once(_calls: int) -> Cost:
            line, seconds = _first_line(place, script)
            if line.strip() != "640.19":
                raise RuntimeError(f"{name} read another balance than the server sent")
            return Cost(seconds)

        return once

    timed = interleave(
        {name: measure(name) for name in _FIRST_ANSWERS}, rounds, 0, lambda text: note(f"first answers: {text}")
    )
    ratios = {name: taken.of(timed["httpx"]) for name, taken in timed.items() if name != "httpx"}
    yield Figure(
        key="first_answer",
        title="process start to first answer, time of bare httpx's",
        ours=ratios.pop("ours"),
        target=Target(1.2),
        peers=ratios,
        remark=", ".join(f"{IN_WORDS.get(name, name)} {_milliseconds(taken)}" for name, taken in timed.items()),
    )


def _milliseconds(taken: Timed) -> str:
    return f"{taken.typical * 1e3:.0f} ms"


def _first_line(place: Place, script: str) -> tuple[str, float]:
    """Run a script; give the line that it writes, and the seconds until it was there, whatever the process does after."""
    started = time.perf_counter()
    with subprocess.Popen(
        [str(place.python), "-c", script], stdout=subprocess.PIPE, env=place.environment(), cwd=ROOT, text=True
    ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        seconds = time.perf_counter() - started
    if not line:
        raise RuntimeError("a script that was to be timed wrote nothing: its own words stand above")
    return line, seconds
