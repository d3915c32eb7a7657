"""The sandbox from elsewhere: its pages, the controls from another process, and from another machine where that is allowed."""

import asyncio
from typing import Any

import httpx
import pytest

from aig_billing_sandbox import Sandbox, SandboxError
from aig_billing_sandbox.control.remote import RemoteControl
from aig_billing_sandbox.control.routes import ACTIONS, READINGS, ControlRoutes


def origin_of(sandbox: Sandbox) -> str:
    return sandbox.control_url.removesuffix("/_sandbox")


def test_a_running_sandbox_is_controlled_from_another_process(sandbox: Sandbox) -> None:
    remote = RemoteControl(origin_of(sandbox))
    assert remote.read()["account_id"] == sandbox.account_id
    assert remote.act("use", cents=100)["balance_cents"] == 2400
    assert remote.read("balance") == 2400
    remote.act("change_gateway", gateway_id="production", settings={"cache_ttl": 7, "note": [None]})
    assert remote.read("gateway", gateway_id="production")["cache_ttl"] == 7
    remote.act("advance", days=1)
    assert remote.read("charges", after=0) == []
    with pytest.raises(SandboxError, match="a card is good, declines"):
        remote.act("put_card", behaviour="golden")


def test_what_is_not_a_sandbox_is_reported(sandbox: Sandbox) -> None:
    with pytest.raises(SandboxError, match=r"no sandbox answers at http://127\.0\.0\.1:9"):
        RemoteControl("http://127.0.0.1:9").read()
    with pytest.raises(SandboxError, match="not a billing sandbox"):
        RemoteControl(sandbox.base_url.removesuffix("/client/v4") + "/docs?").read()


@pytest.mark.parametrize("path", ["/", "/_sandbox"])
def test_a_browser_is_shown_a_page_that_leads_on(sandbox: Sandbox, path: str) -> None:
    response = httpx.get(origin_of(sandbox) + path, headers={"accept": "text/html,*/*"})
    assert response.headers["content-type"].startswith("text/html")
    assert "<script" not in response.text
    reported = ("/docs", "/_sandbox", sandbox.token, sandbox.account_id) if path == "/" else (*ACTIONS, *READINGS)
    for text in reported:
        assert text in response.text, text


def test_programs_still_get_the_settings_as_json(sandbox: Sandbox) -> None:
    assert httpx.get(sandbox.control_url).json()["result"]["mode"] == "documented"


def called_from(sandbox: Sandbox, machine: str, path: str = "/_sandbox/use", **headers: str) -> tuple[int, Any]:
    async def call() -> tuple[int, str]:
        transport = httpx.ASGITransport(ControlRoutes(sandbox).app(), client=(machine, 50_000))
        async with httpx.AsyncClient(
            transport=transport, base_url="http://billing-sandbox:8787", headers=headers
        ) as client:
            if path == "/_sandbox/use":
                response = await client.post(path, json={"cents": 1})
            else:
                response = await client.get(path)
            return response.status_code, response.text

    return asyncio.run(call())


def test_another_container_controls_it_only_where_that_was_opened() -> None:
    with Sandbox() as closed, Sandbox(open_controls=True) as opened:
        assert called_from(closed, "172.17.0.3")[0] == 403
        assert called_from(opened, "172.17.0.3")[0] == 200
        # A page of another site may not use them in anybody's browser.
        assert called_from(opened, "172.17.0.3", origin="https://evil.example")[0] == 403
        assert called_from(opened, "172.17.0.3", origin="http://billing-sandbox:8787")[0] == 200


def test_other_machines_are_not_shown_the_token(sandbox: Sandbox) -> None:
    status, page = called_from(sandbox, "172.17.0.3", "/")
    assert status == 200
    assert sandbox.token not in page
