"""The value that a request is carried in, the operation it is for, and the settings it is answered by."""

import secrets
import sqlite3
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Literal, get_args

import attrs

from aig_billing_sandbox.bank.accounts import Credential
from aig_billing_sandbox.bank.amounts import basis_points
from aig_billing_sandbox.bank.charge_log import Outcome
from aig_billing_sandbox.bank.topups import PurchaseTerms
from aig_billing_sandbox.http.faults import Fault
from aig_billing_sandbox.http.messages import RefusedRequest

Mode = Literal["live", "documented"]

# "Unified Billing" in developers.cloudflare.com/ai-gateway/reference/pricing
LIVE_FEE_PERCENT = Decimal(5)

_MAX_INVOICES_PER_PAGE = 1_000_000


@attrs.frozen
class Settings:
    """How the sandbox behaves where the real service leaves room."""

    mode: Mode = "live"
    """`live` does what the service is known to do, `documented` what its documents say."""
    settles_after_ms: int = 2_000
    """Until a payment settles."""
    listed_after_ms: int = 0
    """Until an invoice is in the history."""
    balance_lags_ms: int = 0
    """Until the balance shows a purchase or usage."""
    fee_percent: Decimal | None = None
    """The fee on purchases of credit; None is 5 % in live mode, and 0 in documented mode, whose documents know of none."""
    invoices_per_page: int = 20

    def __attrs_post_init__(self) -> None:
        if self.mode not in get_args(Mode):
            raise ValueError(f"mode is {' or '.join(get_args(Mode))}, not {self.mode!r}")
        shown = self.invoices_per_page
        if not 1 <= shown <= _MAX_INVOICES_PER_PAGE:
            raise ValueError(f"invoices_per_page is between 1 and {_MAX_INVOICES_PER_PAGE}, not {shown}")
        if min(self.settles_after_ms, self.listed_after_ms, self.balance_lags_ms) < 0:
            raise ValueError("settles_after, listed_after and balance_lags are 0 or more")
        if self.fee_percent is not None:
            basis_points(self.fee_percent, name="fee_percent")

    @property
    def fee(self) -> Decimal:
        """The fee on purchases of credit, in percent."""
        if self.fee_percent is not None:
            return self.fee_percent
        return LIVE_FEE_PERCENT if self.mode == "live" else Decimal(0)

    @property
    def terms(self) -> PurchaseTerms:
        """What a purchase of credit takes and costs."""
        return PurchaseTerms(self.settles_after_ms, self.listed_after_ms, basis_points(self.fee, name="fee_percent"))


OperationResult = Mapping[str, Any] | str | RefusedRequest
"""JSON, or its text, to be put into the envelope. A refusal that is returned keeps what was done; one that is raised undoes it."""

Run = Callable[["RequestContext"], OperationResult]


@attrs.frozen
class SandboxOperation:
    """One operation: its name in the client, where it is found, and the function that carries it out."""

    name: str
    method: Literal["GET", "POST", "PUT", "DELETE"]
    path: str
    """With parameters in braces: `/accounts/{account_id}/ai-gateway/billing/topup`."""
    run: Run


@attrs.define
class RequestContext:
    """One request on its way to its answer. Everything about it is determined once, and kept here."""

    method: str
    path: str
    """Below the API's base path, and still percent-encoded."""
    query_text: str
    headers: Mapping[str, str]
    """Names in lower case."""
    origin: str
    """Scheme, host and port that the caller used, for links that lead back here."""
    request_id: str = attrs.field(init=False, factory=lambda: f"{secrets.token_hex(8)}-SBX")

    # Known once it is identified.
    settings: Settings = attrs.field(init=False)
    received_ms: int = attrs.field(init=False)
    operation: SandboxOperation | None = None
    """None when the path or the method leads nowhere."""
    path_values: Mapping[str, str] = attrs.field(factory=dict[str, str])
    caller: Credential | None = None
    """None when the credentials are missing or unknown."""
    refusal: RefusedRequest | None = None
    """Why it may not be carried out, as far as that can be said without its body."""

    # Known once the body is there.
    content: bytes = b""
    fault: Fault = attrs.field(factory=Fault)

    # Known once the operation runs.
    db: sqlite3.Connection = attrs.field(init=False)
    at_ms: int = attrs.field(init=False)
    query: Mapping[str, Any] = attrs.field(init=False)
    body: Any = attrs.field(init=False)

    # Known once it is answered.
    answer_headers: Mapping[str, str] = attrs.field(factory=dict[str, str])
    result_info: Mapping[str, Any] | None = None
    outcome: Outcome | None = None
    """Of a charge, for the log; None as long as nothing but the operation itself has logged one."""

    @property
    def account_id(self) -> str:
        """The account in the path; empty where there is none."""
        return self.path_values.get("account_id", "")
