"""`aig-billing verify` reads, and says what differs from openapi.yaml without saying what it read."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

from aig_billing_sandbox import Sandbox
from tests.cli.conftest import owner_of
from tests.cli.terminal import CommandLine

pytestmark = pytest.mark.slow

Change = Callable[[str, Any], object]


@pytest.fixture(scope="module", params=["live", "documented"])
def demo(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    with Sandbox(seed="demo", mode=request.param) as sandbox:
        yield sandbox


class Proxy:
    """Passes requests on to the sandbox over real sockets, changes what comes back, and keeps what was asked."""

    def __init__(self, target: str, change: Change, drop: str = "") -> None:
        self.asked: list[tuple[str, str]] = []
        self.drop, proxy = drop.lower(), self

        class Handler(BaseHTTPRequestHandler):
            def do(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length") or 0))
                proxy.asked.append((self.command, self.path))
                headers = {k: v for k, v in self.headers.items() if k.lower() not in {"host", "accept-encoding"}}
                came = httpx.request(self.command, target + self.path, headers=headers, content=body)
                answer = came.json()
                change(self.path, answer)
                content = json.dumps(answer).encode()
                self.send_response(came.status_code)
                for name in ("ratelimit", "ratelimit-policy", "cf-ray", "content-type"):
                    if name in came.headers and name != proxy.drop:
                        self.send_header(name, came.headers[name])
                self.send_header("content-length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST = do_PUT = do_DELETE = do  # noqa: N815 - the names that http.server looks for

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.base_url = f"http://127.0.0.1:{self._server.server_address[1]}"

    @contextmanager
    def serving(self) -> Iterator["Proxy"]:
        thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._server.server_close()
            thread.join()


def verified(sandbox: Sandbox, home: Path, change: Change, drop: str = "") -> tuple[int, list[dict[str, str]], Proxy]:
    root = sandbox.base_url.removesuffix("/client/v4")
    with Proxy(root, change, drop).serving() as proxy:
        base = proxy.base_url + sandbox.base_url.removeprefix(root)
        ended = owner_of(sandbox, base, home).run("verify", "-o", "json")
    return ended.code, json.loads(ended.out), proxy


def unchanged(path: str, answer: Any) -> None:
    """Change nothing."""


def test_a_service_that_is_as_documented_ends_with_0(demo: Sandbox, tmp_path: Path) -> None:
    code, rows, _ = verified(demo, tmp_path, unchanged)
    assert [row for row in rows if row["verdict"] == "differs"] == []
    assert code == 0
    agreeing = {row["where"] for row in rows if row["verdict"] == "agrees"}
    assert {"GET /billing/credit-balance", "GET /billing/invoice-preview", "POST /billing/topup/status"} <= agreeing
    assert "GET /gateways/{id}" in agreeing


def test_nothing_but_questions_is_sent(demo: Sandbox, tmp_path: Path) -> None:
    before = demo.charges()
    _, _, proxy = verified(demo, tmp_path, unchanged)
    assert {method for method, path in proxy.asked if not path.endswith("/topup/status")} == {"GET"}
    assert len({path.partition("?")[0] for _, path in proxy.asked}) >= 12
    assert demo.charges() == before


def test_nothing_of_the_account_is_shown(demo: Sandbox, tmp_path: Path) -> None:
    seen: list[str] = []

    def keep(path: str, answer: Any) -> None:
        seen.append(json.dumps(answer))

    owner = owner_of(demo, demo.base_url, tmp_path)
    verified(demo, tmp_path, keep)
    private = {demo.account_id, demo.token} | set(texts_of(seen))
    for arguments in (("verify",), ("verify", "-o", "json")):
        ended = owner.run(*arguments)
        assert [one for one in private if one in ended.out + ended.err] == []


def texts_of(answers: list[str]) -> Iterator[str]:
    """Every text in the answers that could be of somebody, and every number that is long enough to be known again."""

    def walk(value: Any) -> Iterator[str]:
        if isinstance(value, dict):
            for inner in value.values():
                yield from walk(inner)
        elif isinstance(value, list):
            for inner in value:
                yield from walk(inner)
        elif (
            isinstance(value, str) and (any(map(str.isdigit, value)) or " " in value or "@" in value) and len(value) > 3
        ):
            yield value
        elif isinstance(value, (int, float)) and not isinstance(value, bool) and len(str(value)) > 4:
            yield str(value)

    for text in answers:
        yield from walk(json.loads(text)["result"])


def at(answer: Any, *path: str | int) -> Any:
    for step in path:
        answer = answer[step]
    return answer


PLANTED: dict[str, tuple[str, Change, str, str]] = {
    "a missing field": (
        "/credit-balance",
        lambda _, it: it["result"].pop("balance"),
        "GET /billing/credit-balance $.result.balance",
        "is missing",
    ),
    "a new field": (
        "/topup/config",
        lambda _, it: it["result"].update(colour="red"),
        "GET /billing/topup/config $.result.colour",
        "is not documented (string)",
    ),
    "another type": (
        "/invoice-preview",
        lambda _, it: it["result"].update(currency=3),
        "GET /billing/invoice-preview $.result.currency",
        "is an integer, documented is a string",
    ),
    "a null": (
        "/invoice-preview",
        lambda _, it: it["result"].update(period_end=None),
        "GET /billing/invoice-preview $.result.period_end",
        "is null, which is not documented",
    ),
    "a new word": (
        "/invoice-preview",
        lambda _, it: it["result"].update(status="frozen"),
        "GET /billing/invoice-preview $.result.status",
        "has a word that is not documented: 'frozen'",
    ),
    "times in milliseconds": (
        "/invoice-preview",
        lambda _, it: it["result"].update(period_start=it["result"]["period_start"] * 1000),
        "GET /billing/invoice-preview $.result.period_start",
        "is in milliseconds, taken to be seconds",
    ),
    "usage in dollars": (
        "/usage-history",
        lambda _, it: [one.update(aggregated_value=one["aggregated_value"] / 100) for one in it["result"]["history"]],
        "GET /billing/usage-history $.result.history[].aggregated_value",
        "dollars, where cents are expected",
    ),
    "invoices that do not add up": (
        "/invoice-history",
        lambda _, it: [one.update(amount_paid=one["amount_paid"] + 7) for one in it["result"]["invoices"]],
        "GET /billing/invoice-history",
        "amount_due is amount_paid and amount_remaining in all invoices but",
    ),
}


@pytest.mark.parametrize("kind", PLANTED)
def test_a_planted_difference_is_found_and_ends_with_1(frozen_sandbox: Sandbox, tmp_path: Path, kind: str) -> None:
    path, change, where, what = PLANTED[kind]
    code, rows, _ = verified(frozen_sandbox, tmp_path, lambda asked, answer: path in asked and change(asked, answer))
    assert any(row["verdict"] == "differs" and row["where"] == where and what in row["finding"] for row in rows), [
        row for row in rows if row["verdict"] == "differs"
    ]
    assert code == 1


def test_a_header_that_is_promised_and_absent_is_found(frozen_sandbox: Sandbox, tmp_path: Path) -> None:
    code, rows, _ = verified(frozen_sandbox, tmp_path, unchanged, drop="Ratelimit-Policy")
    assert {row["finding"] for row in rows if row["verdict"] == "differs"} == {"has no header Ratelimit-Policy"}
    assert code == 1


def test_what_is_refused_could_not_be_seen(frozen_sandbox: Sandbox, tmp_path: Path) -> None:
    ended = owner_of(frozen_sandbox, frozen_sandbox.base_url, tmp_path, token="sandbox-unknown-token").run("verify")
    assert ended.code == 3  # nothing can be verified without credentials


def test_text_has_the_three_groups(owner: CommandLine) -> None:
    ended = owner.run("verify")
    assert ended.code == 0, ended.out + ended.err
    assert "Agrees" in ended.out
    assert "Could not be seen" in ended.out
