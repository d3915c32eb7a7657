"""What the command line's tests share: a person with their own home, and a sandbox to talk to."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from aig_billing_sandbox import Sandbox
from tests.cli.dated import dated
from tests.cli.terminal import CommandLine

NOON = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)

_KEPT = ("PATH", "PYTHONPATH", "COVERAGE_PROCESS_START", "MUTANT_UNDER_TEST", "SYSTEMROOT")


def person(home: Path, **variables: str) -> CommandLine:
    """Someone with nothing set but what is said."""
    home.mkdir(parents=True, exist_ok=True)
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return CommandLine(
        home,
        {
            **kept,
            "HOME": str(home),
            "XDG_STATE_HOME": str(home / "state"),
            "TZ": "UTC",
            "LANG": "C.UTF-8",
            "TERM": "xterm-256color",
            "PYTHONWARNINGS": "error",
            **variables,
        },
    )


def owner_of(sandbox: Sandbox, base_url: str, home: Path, token: str | None = None) -> CommandLine:
    """Someone whose environment names this sandbox."""
    return person(
        home,
        CLOUDFLARE_BASE_URL=base_url,
        CLOUDFLARE_ACCOUNT_ID=sandbox.account_id,
        CLOUDFLARE_API_TOKEN=sandbox.token if token is None else token,
    )


@pytest.fixture
def stranger(tmp_path: Path) -> CommandLine:
    """Someone who has set nothing up."""
    return person(tmp_path / "home")


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(mode="documented") as sandbox:
        sandbox.behave(settles_after=0)
        yield sandbox


@pytest.fixture
def owner(sandbox: Sandbox, tmp_path: Path) -> CommandLine:
    """The owner of the sandbox's account."""
    return owner_of(sandbox, sandbox.base_url, tmp_path / "home")


@pytest.fixture(scope="session")
def frozen_sandbox() -> Iterator[Sandbox]:
    """The demo account at noon on a Wednesday; nobody changes it."""
    with Sandbox(seed="demo", now=NOON, mode="documented") as sandbox:
        sandbox.hold_clock()
        sandbox.set_clock(NOON)
        yield sandbox


@pytest.fixture(scope="session")
def frozen(frozen_sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Iterator[CommandLine]:
    """The owner of the demo account, at noon on a Wednesday."""
    with dated(frozen_sandbox) as base_url:
        yield owner_of(frozen_sandbox, base_url, tmp_path_factory.mktemp("frozen"))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--show-screens", action="store_true", help="write tests/cli/screens/ again")
