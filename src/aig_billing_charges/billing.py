"""What charges rest on: a journal, and the billing operations as flows, of which each asks one question until a given moment."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Final, TypeAlias

from aig_billing.api.ai_gateway_billing import credit_balance, invoice_history, topup_create, topup_status

from aig_billing_runtime.arguments import integer
from aig_billing_runtime.caller import Caller
from aig_billing_runtime.errors import JournalError
from aig_billing_runtime.flow import call_flow
from aig_billing_runtime.retries import http_date
from aig_billing_runtime.steps import Flow
from aig_billing_runtime.urls import given_account

from .evidence import InvoiceList, read_invoices
from .identity import account_identity
from .record import ChargeRecord

if TYPE_CHECKING:
    from aig_billing import AsyncClient, Client
    from aig_billing.models import BillingCreditBalanceResponse, TopupCreateResponse, TopupStatusResponse

    from aig_billing_runtime.operation import Call

    from .journal import Journal

JournalLike: TypeAlias = "Journal | str | os.PathLike[str]"
_LEAST_SECONDS = 0.05
_LARGEST_AMOUNT: Final = 2**63 - 1
"""Cents: what the journal can hold."""


class Billing:
    """What a client can be asked about charges; each question ends by a moment of `time.monotonic`."""

    def __init__(self, client: Client | AsyncClient) -> None:
        self._caller = client.caller
        self._own_account = client.account_id
        self.deadline = client.caller.options.deadline
        """The client's deadline for a whole call, in seconds."""

    def account(self, account_id: str | None) -> str:
        """Return the account that a call is about, as the journal keeps it: the client's own unless one is named."""
        return account_identity(given_account(self._own_account if account_id is None else account_id))

    def charge(self, wish: ChargeRecord) -> Call[TopupCreateResponse]:
        """Make the call that charges, checked and not sent."""
        integer("amount", wish.amount, maximum=_LARGEST_AMOUNT, unit="cents")
        return topup_create.call(wish.account_id, amount=wish.amount, payment_method_id=wish.payment_method_id)

    def until(self, end: float) -> Caller:
        """Return the caller with what is left of a deadline; it keeps no connections, so no answer can be that of an earlier question."""
        left = max(end - time.monotonic(), _LEAST_SECONDS)
        return self._caller.on_fresh_connections(min(left, self.deadline))

    def invoices(self, account_id: str, end: float) -> Flow[InvoiceList]:
        """Ask for the manual invoices."""
        done = yield from call_flow(invoice_history.call(account_id, type="manual"), self.until(end))
        served = http_date(done.answer.headers.get("date", ""))
        return read_invoices(done.value, None if served is None else served.timestamp())

    def status(self, account_id: str, payment_id: str, end: float) -> Flow[TopupStatusResponse]:
        """Ask how far a payment is."""
        call = topup_status.call(account_id, payment_intent_id=payment_id)
        return (yield from call_flow(call, self.until(end))).value

    def balance(self, account_id: str, end: float) -> Flow[BillingCreditBalanceResponse]:
        """Ask for the credit balance."""
        return (yield from call_flow(credit_balance.call(account_id), self.until(end))).value


def open_journal(journal: JournalLike | None) -> Journal:
    """Return the journal that is meant; opens it, and makes it where there is none."""
    try:
        # Imported only when it is needed: it needs SQLAlchemy, and platformdirs for the usual place.
        from .journal import Journal

        opened = journal if isinstance(journal, Journal) else Journal(journal)
    except ImportError as error:
        raise JournalError(
            f"charging at most once keeps a journal, and that needs {error.name}, which is not installed: "
            "pip install 'aig-billing[journal]'."
        ) from error
    opened.prepare()
    return opened
