"""The billing API on this machine: the same operations, with a ledger that keeps its books.

What belongs here: everything that answers as Cloudflare's billing API would, and the controls that a test or a person needs to play
the bank, the clock and the bad network. What may not enter: the client (`aig_billing`) and its runtime. The sandbox is the client's
peer, so the only thing the two share is the document `aig_billing/openapi.yaml`, which is read as a file.

    from aig_billing_sandbox import Sandbox

    with Sandbox() as sandbox:
        print(sandbox.base_url, sandbox.account_id, sandbox.token)

Names are loaded on first use, so that importing this package costs a test run nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from aig_billing_sandbox.extra import needing_the_extra

if TYPE_CHECKING:
    from aig_billing_sandbox.errors import SandboxError
    from aig_billing_sandbox.faults import Fault
    from aig_billing_sandbox.sandbox import Sandbox

__all__ = ["Fault", "Sandbox", "SandboxError"]

_HOMES = {"Fault": "faults", "Sandbox": "sandbox", "SandboxError": "errors"}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    with needing_the_extra():
        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
