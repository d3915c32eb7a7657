"""What the sandbox's tests share: a sandbox at a fixed moment whose clock stands still, and a caller of it."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from aig_billing_sandbox import Sandbox
from tests.sandbox.caller import Caller, without_socket

# A Wednesday in the middle of a month.
NOON = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """In documented mode, which does all operations; what the live service does otherwise is in `test_live_mode.py`."""
    with Sandbox(now=NOON, mode="documented") as sandbox:
        sandbox.hold_clock()
        sandbox.set_clock(NOON)
        yield sandbox


@pytest.fixture
def api(sandbox: Sandbox) -> Caller:
    return without_socket(sandbox)
