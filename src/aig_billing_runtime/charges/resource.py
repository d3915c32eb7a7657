"""What the flows of charges stand on: the resource `billing.topup`, and the calls that they ask of the service."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Protocol

from attrs import evolve, frozen

from ..both_ways import HasClient
from ..flow import Caller, Flow, call_flow
from ..operation import Call
from .evidence import InvoiceLike, Page, read_page
from .identity import account_identity

_LEAST_TIME = 0.05


class PaymentStatus(Protocol):
    """What the status of a payment has: the generated `TopupStatusResponse`."""

    payment_intent_id: str
    status: str


class CreatedTopup(Protocol):
    """What the answer to a charge has: the generated `TopupCreateResponse`."""

    client_secret: str | None
    onboarding: bool
    payment_intent_id: str
    brand: str | None
    last4: str | None


class _Pagination(Protocol):
    has_more: bool
    total_count: float


class _InvoiceHistory(Protocol):
    @property
    def invoices(self) -> list[InvoiceLike]: ...

    @property
    def pagination(self) -> _Pagination: ...


class AutoTopup(Protocol):
    """How auto top-up is set: the generated `TopupConfig`."""

    amount: float | None
    threshold: float | None
    disabled_reason: str | None


class CreditBalance(Protocol):
    """What the credit balance has: the generated `BillingCreditBalanceResponse`."""

    balance: float

    @property
    def topup_config(self) -> AutoTopup:
        """How auto top-up is set."""
        ...


class TopupResource(HasClient):
    """The resource `billing.topup`, as far as its hand-written methods need it."""

    __slots__ = ()
    _call_of: Callable[..., Call[Any]]


@frozen
class Service:
    """What a client can be asked for, in flows; each call ends by a moment of `time.monotonic`."""

    call_of: Callable[..., Call[Any]]
    caller: Caller
    own_account: str | None

    @property
    def deadline(self) -> float:
        """The client's deadline for a whole call, in seconds."""
        return self.caller.options.deadline

    def account(self, account_id: str | None) -> str:
        """Give the account that a call is about, in the form in which the journal keeps it: the client's own unless one is named.

        Raises:
            ValueError, TypeError: When there is none, or when it cannot be one.
        """
        named = self.own_account if account_id is None else account_id
        if named is None:
            raise ValueError(
                "which account? Pass account_id= to the call or to the client, or set CLOUDFLARE_ACCOUNT_ID "
                "(its 32 characters stand in the dashboard's address)"
            )
        return account_identity(named)

    def charge(self, account_id: str, amount: int) -> Call[CreatedTopup]:
        """Make the call that charges, checked and not sent."""
        call: Call[CreatedTopup] = self.call_of("ai_gateway.billing.topup.create", account_id, amount=amount)
        return call

    def until(self, end: float) -> Caller:
        """Give the caller with what is left of a deadline."""
        left = max(end - time.monotonic(), _LEAST_TIME)
        return evolve(self.caller, options=evolve(self.caller.options, deadline=min(left, self.deadline)))

    def invoices(self, account_id: str, end: float) -> Flow[Page]:
        """Ask for the manual invoices."""
        call: Call[_InvoiceHistory] = self.call_of("ai_gateway.billing.invoice_history", account_id, type="manual")
        history, _ = yield from call_flow(call, self.until(end))
        return read_page(history.invoices, has_more=history.pagination.has_more, total=history.pagination.total_count)

    def status(self, account_id: str, payment_id: str, end: float) -> Flow[PaymentStatus]:
        """Ask how far a payment is."""
        call: Call[PaymentStatus] = self.call_of(
            "ai_gateway.billing.topup.status", account_id, payment_intent_id=payment_id
        )
        status, _ = yield from call_flow(call, self.until(end))
        return status

    def balance(self, account_id: str, end: float) -> Flow[CreditBalance]:
        """Ask for the credit balance."""
        call: Call[CreditBalance] = self.call_of("ai_gateway.billing.credit_balance", account_id)
        balance, _ = yield from call_flow(call, self.until(end))
        return balance


def service_of(topup: TopupResource) -> Service:
    """Give what a resource's client can be asked for."""
    client = topup._client  # pyright: ignore[reportPrivateUsage]  # the flows are the resource's own methods
    return Service(topup._call_of, client.caller, client.account_id)  # pyright: ignore[reportPrivateUsage]
