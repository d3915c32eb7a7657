"""Makes calls through the synchronous or the asynchronous client, alike: results and errors come back as values."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from aig_billing import AsyncClient, Client

from tests.runtime.operations import ACCOUNT, TOKEN, Tried, Way

sync_async = pytest.mark.parametrize("way", ["sync", "async"])


def make(way: Way, url: str | None, calls: Sequence[Tried], *, raw: bool = False, **options: Any) -> list[Any]:
    """Make calls one after the other on one client."""
    given: dict[str, Any] = {"api_token": TOKEN, "account_id": ACCOUNT, "base_url": url, **options}
    return _make_sync(given, calls, raw=raw) if way == "sync" else asyncio.run(_make_async(given, calls, raw=raw))


def make_one(way: Way, url: str | None, tried: Tried, **options: Any) -> Any:
    """Make one call."""
    return make(way, url, [tried], **options)[0]


def _make_sync(given: dict[str, Any], calls: Sequence[Tried], *, raw: bool) -> list[Any]:
    came: list[Any] = []
    with Client(**given) as client:
        for tried in calls:
            try:
                came.append(tried.on(client, raw=raw)())
            except Exception as error:  # noqa: BLE001 - it is what is looked at
                came.append(error)
    return came


async def _make_async(given: dict[str, Any], calls: Sequence[Tried], *, raw: bool) -> list[Any]:
    came: list[Any] = []
    async with AsyncClient(**given) as client:
        for tried in calls:
            try:
                came.append(await tried.on(client, raw=raw)())
            except Exception as error:  # noqa: BLE001 - it is what is looked at
                came.append(error)
    return came


def wait_until(true: Callable[[], object]) -> None:
    """Wait for what another thread does."""
    for _ in range(6000):
        if true():
            return
        threading.Event().wait(0.005)
    assert true()
