"""What an editor shows: a real language server, asked for hover on fields, says type, unit and meaning."""

from __future__ import annotations

import json
import pydoc
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aig_billing import AsyncClient, Client

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = """\
from aig_billing import AsyncClient, Client

asynchronous = AsyncClient().ai_gateway.billing.topup
asynchronous.create_once
asynchronous.reconcile
asynchronous.settle
asynchronous.ensure
with Client() as client:
    topup = client.ai_gateway.billing.topup
    topup.create_once
    topup.reconcile
    topup.settle
    topup.ensure
    credit = client.ai_gateway.billing.credit_balance()
    credit.balance
    credit.balance_money
    credit.payment_method
    credit.first_topup_success
    for invoice in client.ai_gateway.billing.invoice_history().invoices:
        invoice.created_datetime
        invoice.amount_due
"""


class LanguageServer:
    """A pyright-langserver, spoken to over stdio."""

    def __init__(self, folder: Path) -> None:
        command = [sys.executable, "-c", "from pyright.langserver import entrypoint; entrypoint()", "--stdio"]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=folder)
        self._asked = 0
        place = {"rootUri": folder.as_uri(), "workspaceFolders": [{"uri": folder.as_uri(), "name": "test"}]}
        self.ask("initialize", {"processId": None, "capabilities": {"workspace": {"configuration": True}}, **place})
        self.send("initialized", {})

    def send(self, method: str, params: Any, **more: Any) -> None:
        self._write({"jsonrpc": "2.0", "method": method, "params": params, **more})

    def _write(self, message: dict[str, Any]) -> None:
        content = json.dumps(message).encode()
        assert self._process.stdin is not None
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(content), content))
        self._process.stdin.flush()

    def ask(self, method: str, params: Any) -> Any:
        """Ask, answer what the server asks meanwhile, and wait for the answer."""
        self._asked += 1
        self.send(method, params, id=self._asked)
        while True:
            message = self._read()
            if "method" in message and "id" in message:
                items = message["params"].get("items", []) if message["method"] == "workspace/configuration" else []
                self._write(
                    {"jsonrpc": "2.0", "id": message["id"], "result": [self._settings(item) for item in items] or None}
                )
            elif message.get("id") == self._asked:
                assert "error" not in message, message
                return message["result"]

    @staticmethod
    def _settings(item: dict[str, Any]) -> Any:
        extra = [str(ROOT / "generated"), str(ROOT / "src")]
        return {
            "python": {"pythonPath": sys.executable},
            "python.analysis": {"extraPaths": extra, "autoSearchPaths": False},
        }.get(item.get("section", ""))

    def _read(self) -> Any:
        assert self._process.stdout is not None
        length = 0
        while line := self._process.stdout.readline().strip():
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        assert length, "the language server has ended"
        return json.loads(self._process.stdout.read(length))

    def close(self) -> None:
        self.ask("shutdown", None)
        self.send("exit", None)
        self._process.communicate(timeout=30)


@pytest.fixture(scope="module")
def hover(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    folder = tmp_path_factory.mktemp("editor")
    file = folder / "program.py"
    file.write_text(PROGRAM)
    server = LanguageServer(folder)
    document = {"uri": file.as_uri(), "languageId": "python", "version": 1, "text": PROGRAM}
    server.send("textDocument/didOpen", {"textDocument": document})

    def hover_on(end_of_line: str) -> str:
        lines = PROGRAM.splitlines()
        line = next(number for number, text in enumerate(lines) if text.endswith(end_of_line))
        at = {"line": line, "character": len(lines[line]) - 1}
        found = server.ask("textDocument/hover", {"textDocument": {"uri": file.as_uri()}, "position": at})
        assert found is not None, f"nothing is shown for {end_of_line}"
        shown: str = found["contents"]["value"]
        return " ".join(shown.split())

    yield hover_on
    server.close()


@pytest.mark.slow
def test_hover_shows_type_unit_and_meaning(hover: Any) -> None:
    shown = hover("credit.balance")
    assert "balance: float" in shown
    assert "in cents" in shown
    shown = hover("credit.balance_money")
    assert "balance_money: Money" in shown
    assert "exact" in shown
    shown = hover("credit.payment_method")
    assert "payment_method: PaymentMethod | None" in shown
    assert "card" in shown.lower()
    assert "first_topup_success: bool | None" in hover("credit.first_topup_success")
    shown = hover("invoice.created_datetime")
    assert "created_datetime: datetime | None" in shown
    assert "UTC" in shown
    shown = hover("invoice.amount_due")
    assert "amount_due: float" in shown
    assert "in cents" in shown


@pytest.mark.slow
@pytest.mark.parametrize(
    ("method", "shown_as", "result"),
    [
        ("create_once", "key: str, amount: int, payment_method_id: str | None = None", "TopupOutcome"),
        ("reconcile", "error_or_key: ChargeError | str", "TopupOutcome"),
        ("settle", "key: str, payment_id: str | None", "TopupOutcome | None"),
        ("ensure", "at_least: int, amount: int, key_prefix: str, max_per_day: int = 1", "EnsureOutcome"),
    ],
)
def test_the_methods_that_charge_show_their_own_signatures(hover: Any, method: str, shown_as: str, result: str) -> None:
    for way, client, returned in (
        ("topup", Client, result),
        ("asynchronous", AsyncClient, f"CoroutineType[Any, Any, {result}]"),
    ):
        shown = hover(f"{way}.{method}").replace("( ", "(").replace(", )", ")")
        assert shown_as in shown
        assert f"-> {returned}" in shown.replace("(TopupOutcome | None)", "TopupOutcome | None")
        assert "Flow" not in shown
        # The docstring, as it is shown below the signature.
        assert "journal: Where charges are kept" in shown
        with_help = pydoc.render_doc(
            getattr(type(client(api_token="t", account_id="a").ai_gateway.billing.topup), method)
        )
        assert "self" in with_help
        assert "TopupResource" not in with_help.partition("\n    ")[0]
        assert f"-> '{result}'" in with_help or f"-> {result}" in with_help
        assert "Raises:" in with_help
