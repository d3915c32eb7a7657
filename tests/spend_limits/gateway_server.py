"""A server of one gateway, written for these tests without the sandbox: it replaces the gateway by what is sent, and keeps nothing else."""

from __future__ import annotations

import copy
import datetime as dt
import json
import threading
import uuid
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

ACCOUNT = "0123456789abcdef0123456789abcdef"
PATH = f"/client/v4/accounts/{ACCOUNT}/ai-gateway/gateways"

SETTINGS: dict[str, Any] = {
    "id": "production",
    "created_at": "2026-07-01T08:00:00.123Z",
    "modified_at": "2026-11-02T10:30:00Z",
    "is_default": False,
    "cache_invalidate_on_update": False,
    "cache_ttl": 300,
    "collect_logs": True,
    "rate_limiting_interval": 60,
    "rate_limiting_limit": None,
    "rate_limiting_technique": "sliding",
    "authentication": True,
    "byok_only": None,
    "dlp": {
        "enabled": True,
        "policies": [{"id": "p", "action": "FLAG", "check": ["REQUEST"], "enabled": True, "profiles": []}],
    },
    "guardrails": {"prompt": {"P1": "FLAG", "S1": None}, "response": {}},
    "log_management": 100_000,
    "log_management_strategy": "DELETE_OLDEST",
    "logpush": False,
    "logpush_public_key": "-----BEGIN PUBLIC KEY-----\nabc\n-----END PUBLIC KEY-----",
    "otel": [{"headers": {"a": "b", "ü": "\u2028"}, "url": "https://collector.example", "content_type": "json"}],
    "retry_backoff": "exponential",
    "retry_delay": 1_000,
    "retry_max_attempts": 3,
    "stripe": {"authorization": "x", "usage_events": [{"payload": "{}"}]},
    "store_id": None,
    "workers_ai_billing_mode": "postpaid",
    "zdr": False,
    "from_next_year": {"ratio": 0.1, "large": 2**60, "nested": [[], {}, [None, 1.5]], "empty": ""},
    "spend_limits": {
        "enabled": True,
        "rules": [
            {
                "id": "r1",
                "limit": 100,
                "limitType": "cost",
                "window": 2_592_000,
                "technique": "sliding",
                "later": [1, {"a": None}],
            },
            {
                "id": "r2",
                "limit": 12.34,
                "limitType": "cost",
                "window": 86_400,
                "enabled": False,
                "model": {"mode": "filter", "values": ["m"]},
            },
        ],
        "later": {"x": [1]},
    },
}


class GatewayServer:
    """`with GatewayServer() as server: Client(base_url=server.url, ...)`."""

    def __init__(self) -> None:
        self.gateway: dict[str, Any] = copy.deepcopy(SETTINGS)
        self.puts: list[dict[str, Any]] = []
        self.before_put: Callable[[dict[str, Any]], None] | None = None
        """Called with the gateway once, when the next PUT arrives: what somebody else does at that moment."""
        self.after_put: Callable[[dict[str, Any]], None] | None = None
        self.text_of_next_year = ""
        """What stands for `from_next_year` in answers, as text: JSON that Python would write otherwise."""
        self._lock = threading.Lock()
        self._changes = 0
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                server._answer(self, server.gateway if self.path == f"{PATH}/production" else None)

            def do_PUT(self) -> None:
                sent = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                server._answer(self, server.replace(sent) if self.path == f"{PATH}/production" else None)

            def log_message(self, format: str, *args: Any) -> None: ...

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}/client/v4"

    def replace(self, sent: dict[str, Any]) -> dict[str, Any]:
        """Replace the gateway by what was sent: a setting that is missing is gone."""
        with self._lock:
            self.puts.append(copy.deepcopy(sent))
            if hook := self.before_put:
                self.before_put = None
                hook(self.gateway)
            kept = {name: self.gateway[name] for name in ("id", "created_at", "is_default")}
            assert not kept.keys() & sent.keys(), "what is read-only was sent"
            self.gateway = {**kept, **sent}
            for rule in (sent.get("spend_limits") or {}).get("rules") or ():
                rule.setdefault("id", uuid.uuid4().hex)
            self.touch()
            answer = copy.deepcopy(self.gateway)
            if hook := self.after_put:
                self.after_put = None
                hook(self.gateway)
            return answer

    def touch(self) -> None:
        """Say that the gateway was changed now."""
        self._changes += 1
        moment = dt.datetime(2026, 11, 25, tzinfo=dt.UTC) + dt.timedelta(milliseconds=self._changes)
        self.gateway["modified_at"] = moment.isoformat().replace("+00:00", "Z")

    @property
    def others(self) -> str:
        """Everything but what a change of the limits changes, as bytes of JSON."""
        return json.dumps(
            {name: value for name, value in self.gateway.items() if name not in {"spend_limits", "modified_at"}},
            sort_keys=True,
        )

    def _answer(self, handler: BaseHTTPRequestHandler, result: dict[str, Any] | None) -> None:
        found = result is not None
        errors = [] if found else [{"code": 7002, "message": "gateway not found"}]
        text = json.dumps({"success": found, "errors": errors, "messages": [], "result": result})
        if self.text_of_next_year:
            text = text.replace(json.dumps(self.gateway["from_next_year"]), self.text_of_next_year)
        body = text.encode()
        handler.send_response(200 if found else 404)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    def __enter__(self) -> Self:
        threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._http.server_close()
