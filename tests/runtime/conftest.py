"""Shared by the tests of the runtime: no waiting between retries, no credentials or proxies from outside, and the matrix's summary."""

from __future__ import annotations

import collections
import os
from typing import Any

import pytest

from aig_billing_runtime import retries
from tests.runtime.fault_server import FaultServer
from tests.runtime.operations import BALANCE
from tests.runtime.ways import make_one


@pytest.fixture(autouse=True, scope="session")
def everything_is_loaded() -> None:
    """The first calls of a process import parts of httpx and anyio, which can take longer than the deadlines that are tested here."""
    with FaultServer(lambda exchange: exchange.answer(200, BALANCE.answer)) as server:
        for way in ("sync", "async"):
            make_one(way, server.url, BALANCE)


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith(("CLOUDFLARE_", "SSL_CERT_")) or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)


@pytest.fixture
def without_backoff(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let retries follow at once: how long they wait has its own tests."""
    monkeypatch.setattr(retries, "backoff", lambda _retry: 0.0)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print what the fault matrix and the property tests counted, over all workers."""
    counted: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    for report in terminalreporter.getreports("passed"):
        for name, counts in report.user_properties:
            if isinstance(counts, dict):
                counted[name].update(counts)
    for name, counts in counted.items():
        terminalreporter.write_line(f"{name}: {', '.join(f'{count:,} {what}' for what, count in counts.items())}")
