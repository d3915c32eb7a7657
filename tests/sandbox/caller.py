"""A plain HTTP caller of the billing API, as little of a client as can be: the sandbox is judged by what is on the wire."""

from collections.abc import Mapping
from typing import Any

import httpx

from aig_billing_sandbox import Sandbox

BASE_URL = "http://sandbox.test/client/v4"


class Caller:
    """Calls operations of one account by their paths; results come out of the envelope."""

    def __init__(self, client: httpx.Client, base_url: str, account_id: str, token: str) -> None:
        self._client = client
        self._base = f"{base_url}/accounts/{account_id}/ai-gateway/billing/"
        self._headers = {"authorization": f"Bearer {token}"}

    def send(
        self,
        method: str,
        path: str,
        *,
        json: object = None,
        headers: Mapping[str, str] | None = None,
        timeout: float | httpx.Timeout = 5.0,
    ) -> httpx.Response:
        merged = {**self._headers, **(headers or {})}
        return self._client.request(method, self._base + path, json=json, headers=merged, timeout=timeout)

    def get(self, path: str) -> Any:
        return result_of(self.send("GET", path))

    def post(self, path: str, body: object) -> Any:
        return result_of(self.send("POST", path, json=body))

    def delete(self, path: str) -> Any:
        return result_of(self.send("DELETE", path))

    def refused(self, method: str, path: str, status: int, *, json: object = None) -> str:
        """The message of a call that has to be refused with this status."""
        response = self.send(method, path, json=json)
        assert response.status_code == status, response.text
        body = response.json()
        assert body["success"] is False
        assert body["result"] is None
        assert body["messages"] == []
        return "; ".join(f"{error['code']} {error['message']}" for error in body["errors"])


def result_of(response: httpx.Response) -> Any:
    assert response.is_success, response.text
    body = response.json()
    assert body["success"] is True
    assert body["errors"] == []
    return body["result"]


def without_socket(sandbox: Sandbox, *, account_id: str | None = None, token: str | None = None) -> Caller:
    client = httpx.Client(transport=sandbox.transport())
    return Caller(client, BASE_URL, account_id or sandbox.account_id, token or sandbox.token)
