"""Gateways: their settings are stored as the text that was sent, so that unknown fields survive byte for byte."""

import json
import sqlite3
from typing import Any

from aig_billing_sandbox.bank.clock import datetime_of
from aig_billing_sandbox.bank.ids import new_id

# Set by the service; a PUT does not change them.
_READ_ONLY = frozenset({"id", "created_at", "modified_at", "is_default"})
_SEPARATORS = " \t\r\n,:"

_DEFAULT = {
    "cache_invalidate_on_update": False,
    "cache_ttl": None,
    "collect_logs": True,
    "rate_limiting_interval": None,
    "rate_limiting_limit": None,
    "authentication": False,
    "guardrails": None,
    "otel": None,
    "spend_limits": None,
    "zdr": False,
}

_PRODUCTION = {
    "cache_invalidate_on_update": True,
    "cache_ttl": 300,
    "collect_logs": True,
    "rate_limiting_interval": 60,
    "rate_limiting_limit": 200,
    "rate_limiting_technique": "sliding",
    "authentication": True,
    "byok_only": False,
    "dlp": {
        "enabled": True,
        "policies": [
            {"id": "cards", "enabled": True, "action": "BLOCK", "check": ["REQUEST", "RESPONSE"], "profiles": ["pci"]}
        ],
    },
    "guardrails": {"prompt": {"S1": "BLOCK", "P1": "FLAG"}, "response": {"S1": "FLAG", "S9": None}},
    "log_classification": False,
    "log_management": 100_000,
    "log_management_strategy": "DELETE_OLDEST",
    "logpush": True,
    "logpush_public_key": "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----",
    "otel": [
        {
            "url": "https://otel.example.com/v1/traces",
            "headers": {"x-team": "billing", "x-größe": "½"},
            "authorization": "Bearer otel-secret",
            "content_type": "json",
        }
    ],
    "retry_backoff": "exponential",
    "retry_delay": 250,
    "retry_max_attempts": 3,
    "spend_limits": {
        "enabled": True,
        "rules": [
            {
                "id": "rule-of-the-dashboard",
                "enabled": True,
                "limit": 250.5,
                "limitType": "cost",
                "window": 2_592_000,
                "technique": "sliding",
                "metadata": {"user_id": {"mode": "partition"}, "team": {"mode": "filter", "values": ["a", "b"]}},
            }
        ],
    },
    "store_id": None,
    "stripe": {"authorization": "stripe-secret", "usage_events": [{"payload": '{"value": "{{cost}}"}'}]},
    "workers_ai_billing_mode": "unified",
    "zdr": True,
    "field_of_next_year": {"ratio": 0.1, "tiers": [1, 2.5, None], "enabled": None},
}


def add_default_gateways(db: sqlite3.Connection, account_id: str, at_ms: int) -> None:
    """Adds the gateways that each account has: `default`, and `production` with settings of every kind."""
    for gateway_id, settings in {"default": _DEFAULT, "production": _PRODUCTION}.items():
        db.execute(
            "INSERT INTO gateways VALUES (?, ?, ?, ?, ?, ?)",
            (account_id, gateway_id, gateway_id == "default", json.dumps(settings, ensure_ascii=False), at_ms, at_ms),
        )


def gateway_json(db: sqlite3.Connection, account_id: str, gateway_id: str) -> str | None:
    """The gateway as JSON text, or None if the account has no such gateway."""
    row = db.execute("SELECT * FROM gateways WHERE account_id = ? AND id = ?", (account_id, gateway_id)).fetchone()
    return None if row is None else _json_of(row)


def gateways_json(
    db: sqlite3.Connection, account_id: str, *, page: int, per_page: int, search: str
) -> tuple[list[str], int]:
    """One page of the account's gateways as JSON texts, ordered by id, and how many there are on all pages."""
    rows = db.execute(
        "SELECT * FROM gateways WHERE account_id = ? AND instr(id, ?) > 0 ORDER BY id", (account_id, search)
    ).fetchall()
    return [_json_of(row) for row in rows[(page - 1) * per_page : page * per_page]], len(rows)


def replace_gateway(db: sqlite3.Connection, account_id: str, gateway_id: str, body: str, at_ms: int) -> None:
    """Replaces all settings by those of a JSON object; rules of `spend_limits` without an id are given one."""
    settings = raw_values(body)
    limits: Any = json.loads(settings.get("spend_limits", "null"))
    rules: list[dict[str, Any]] = (limits and limits.get("rules")) or []
    if any("id" not in rule for rule in rules):
        limits["rules"] = [{"id": new_id("")} | rule for rule in rules]
        settings["spend_limits"] = json.dumps(limits, ensure_ascii=False)
    _store(db, account_id, gateway_id, settings, at_ms)


def change_gateway(
    db: sqlite3.Connection, account_id: str, gateway_id: str, changes: dict[str, Any], at_ms: int
) -> None:
    """Changes some settings, as somebody else would in the dashboard; raises ValueError if there is no such gateway."""
    text = gateway_json(db, account_id, gateway_id)
    if text is None:
        raise ValueError(f"the account has no gateway {gateway_id!r}")
    changed = {name: json.dumps(value, ensure_ascii=False) for name, value in changes.items()}
    _store(db, account_id, gateway_id, raw_values(text) | changed, at_ms)


def raw_values(text: str) -> dict[str, str]:
    """The text of each value in the text of a JSON object."""
    decode = json.JSONDecoder().raw_decode
    values: dict[str, str] = {}
    rest = text.lstrip()[1:].lstrip()
    while not rest.startswith("}"):
        name, end = decode(rest)
        rest = rest[end:].lstrip(_SEPARATORS)
        _, end = decode(rest)
        values[name] = rest[:end]
        rest = rest[end:].lstrip(_SEPARATORS)
    return values


def _object(values: dict[str, str]) -> str:
    return "{" + ",".join(f"{json.dumps(name, ensure_ascii=False)}:{text}" for name, text in values.items()) + "}"


def _store(db: sqlite3.Connection, account_id: str, gateway_id: str, settings: dict[str, str], at_ms: int) -> None:
    kept = _object({name: text for name, text in settings.items() if name not in _READ_ONLY})
    # Two changes within a millisecond differ in it, too.
    db.execute(
        "UPDATE gateways SET settings = ?, modified_ms = MAX(?, modified_ms + 1) WHERE account_id = ? AND id = ?",
        (kept, at_ms, account_id, gateway_id),
    )


def _json_of(row: sqlite3.Row) -> str:
    system = {
        "id": row["id"],
        "is_default": bool(row["is_default"]),
        "created_at": _iso(row["created_ms"]),
        "modified_at": _iso(row["modified_ms"]),
    }
    return _object({name: json.dumps(value) for name, value in system.items()} | raw_values(row["settings"]))


def _iso(at_ms: int) -> str:
    return datetime_of(at_ms).isoformat(timespec="milliseconds").replace("+00:00", "Z")
