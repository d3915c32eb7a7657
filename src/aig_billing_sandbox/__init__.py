"""The billing API on this machine: the same operations, on a ledger that adds up.

Three rooms: `bank` (accounts, invoices, payments, ledger), `http` (requests and answers) and `control` (how a test or a person plays
the owner, the clock and the bad network). Arrows go down: `control` imports `http`, which imports `bank`; the modules beside them put
the rooms together. What may not enter: the client (`aig_billing`) and its runtime. The only thing the two share is the document
`aig_billing/openapi.yaml`, which is read as a file, so that a mistake in one is not repeated in the other.

    from aig_billing_sandbox import Sandbox

    with Sandbox() as sandbox:
        print(sandbox.base_url, sandbox.account_id, sandbox.token)

Names are loaded on first use, so that importing this package costs a test run nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from aig_billing_sandbox.optional import requires_extra

if TYPE_CHECKING:
    from aig_billing_sandbox.errors import SandboxError
    from aig_billing_sandbox.http.faults import Fault
    from aig_billing_sandbox.sandbox import Sandbox

__all__ = ["Fault", "Sandbox", "SandboxError"]

_MODULES = {"Fault": "http.faults", "Sandbox": "sandbox", "SandboxError": "errors"}


def __getattr__(name: str) -> object:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    with requires_extra():
        return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
