"""The pytest fixture `billing_sandbox`; loads nothing of the sandbox until a test asks for it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from aig_billing_sandbox.sandbox import Sandbox


@pytest.fixture
def billing_sandbox(monkeypatch: pytest.MonkeyPatch) -> "Iterator[Sandbox]":
    """A fresh sandbox in memory: one account that has topped up once, a good card, a running clock.

    Charges with a key go to a journal of this sandbox, wherever the code under test does not name another.
    """
    from aig_billing_sandbox.sandbox import Sandbox

    with Sandbox() as sandbox:
        monkeypatch.setenv("AIG_BILLING_JOURNAL", sandbox.journal)
        yield sandbox
