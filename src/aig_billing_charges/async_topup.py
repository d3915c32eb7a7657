"""The asynchronous form of `topup.py`. Made from it by `make gen`: do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .cost import Costs
from .journal_url import without_text

if TYPE_CHECKING:
    from aig_billing import AsyncClient
    from aig_billing.models import TopupStatusResponse

    from aig_billing_runtime.errors import ChargeError

    from .billing import JournalLike
    from .ensure import EnsureOutcome
    from .record import TopupOutcome


class AsyncTopupMixin(Costs):
    """The hand-written methods of `billing.topup`."""

    __slots__ = ()
    _client: AsyncClient

    async def create_once(
        self,
        *,
        key: str,
        amount: int,
        payment_method_id: str | None = None,
        journal: JournalLike | None = None,
        wait: bool | float = False,
        account_id: str | None = None,
    ) -> TopupOutcome:
        """Top up, once for this key: one request for an account and a key, ever, no matter who calls, how often, or what crashes.

        Called again with the same key it returns what is known, and sends no charge. One request more than `create` is sent before
        the charge: the invoice history, by which a lost charge can be found again. docs/charges.md says what the promise rests on.

        Args:
            key: What tells this charge from others: 1 to 200 printable ASCII characters, such as "2026-11-refill".
            amount: How much credit to buy, in cents; 1000 cents or more.
            payment_method_id: The Stripe PaymentMethod to charge; the account's default if it is not given.
            journal: Where charges are kept: an absolute path, a database URL or a Journal; else AIG_BILLING_JOURNAL, or this user's file.
            wait: Seconds to wait for the payment to go through; True for five minutes, False for not at all.
            account_id: Id of the Cloudflare account. The client's own if it is not given.

        Returns:
            TopupOutcome: the documented result, with `status` and what else the journal knows.

        Raises:
            ChargeOutcomeUnknown: When the card may have been charged; `reconcile(key)` settles it.
            ChargeInProgress: When another caller is still sending this charge, and did not end within the client's deadline.
            ChargeKeyReused: When the key was used for another amount or payment method.
            ChargeNotFound: When the charge of this key was sent and left no invoice; charging after that takes a new key.
            PaymentConfirmationRequired: With `wait`, when the service says that the card holder must confirm the payment.
            JournalError: When the journal cannot be used; this call charged nothing.
            APIStatusError: When the API refused the charge, now or before; nothing was charged.
            APIError: When the invoices could not be asked for, or the charge never left this machine; nothing was charged.
            ValueError, TypeError: When an argument is invalid; nothing was sent.
        """
        from .once import create_once

        journal = without_text(journal)
        return await self._client.run(
            create_once(
                self._client,
                key=key,
                amount=amount,
                payment_method_id=payment_method_id,
                journal=journal,
                wait=wait,
                account_id=account_id,
            )
        )

    async def reconcile(
        self,
        error_or_key: ChargeError | str,
        *,
        journal: JournalLike | None = None,
        account_id: str | None = None,
    ) -> TopupOutcome:
        """Find out what happened to a charge whose outcome is not known, and return it if it was made. Sends no charge.

        Args:
            error_or_key: The key that was given to `create_once`, or the error that it or `create` raised.
            journal: Where charges are kept, as for `create_once`. An error of a plain `create` needs none; with one, invoices that
                belong to its charges are left out.
            account_id: The account; by default the error's, else the client's own.

        Raises:
            ChargeNotFound: When it left no invoice, and none can come any more: it was not made.
            ChargeOutcomeUnknown: When the evidence does not decide; the message says what is missing. Ask again later.
            ChargeInProgress: When it is being sent at this moment.
            ChargeError, APIStatusError: When it was refused; nothing was charged.
            JournalError: When the journal cannot be used.
            ValueError, TypeError: When the journal has no such charge, or an argument is invalid.
        """
        from .settling import reconcile

        journal = without_text(journal)
        return await self._client.run(reconcile(self._client, error_or_key, journal=journal, account_id=account_id))

    async def settle(
        self,
        *,
        key: str,
        payment_id: str | None,
        journal: JournalLike | None = None,
        account_id: str | None = None,
    ) -> TopupOutcome | None:
        """Record in the journal what a person has found out about a charge that no evidence decides. Sends no charge.

        Look first, in the dashboard or with `billing.invoice_history`: what is said here is believed. Returns the charge with its
        payment, or None when there is none.

        Args:
            key: The charge's key.
            payment_id: The invoice (`in_...`) that is the charge's; None when it was not made, or will not be paid any more.
            journal: Where charges are kept, as for `create_once`.
            account_id: Id of the Cloudflare account. The client's own if it is not given.

        Raises:
            ChargeError: When the journal knows better: the charge is under way, was answered, or the invoice is another charge's.
            APIError: When the account has no such payment, or could not be asked for it.
            JournalError: When the journal cannot be used.
            ValueError, TypeError: When the journal has no such charge, or an argument is invalid.
        """
        from .settling import settle

        journal = without_text(journal)
        return await self._client.run(
            settle(self._client, key=key, payment_id=payment_id, journal=journal, account_id=account_id)
        )

    async def ensure(
        self,
        *,
        at_least: int,
        amount: int,
        key_prefix: str,
        max_per_day: int = 1,
        max_per_month: int | None = None,
        max_amount_per_day: int | None = None,
        max_amount_per_month: int | None = None,
        cooldown: float = 3600.0,
        allow_auto_topup: bool = False,
        journal: JournalLike | None = None,
        wait: bool | float = False,
        account_id: str | None = None,
    ) -> EnsureOutcome:
        """Top up when the balance is below a threshold, a limited number of times a day. Made for cron, on several machines at once.

        Never charges while a charge of this account in the journal is unsettled, whichever key it has, nor until the balance shows
        the last one or `cooldown` is over. Keys are `{key_prefix}-{date}-{n}`, the date in UTC by the journal's clock and `n` from 1
        to `max_per_day`. A declined card uses up its number, so that it is not tried again and again; a refusal that passes (429,
        401, 403) uses up nothing.

        Args:
            at_least: The balance to keep, in cents; usd("20").
            amount: How much one top-up buys, in cents; 1000 cents or more.
            key_prefix: What tells these charges from others, such as "cron".
            max_per_day: How many charges a UTC day may see at most, under this prefix.
            max_per_month: How many a calendar month in UTC may see; no limit if it is not given.
            max_amount_per_day: How much may be bought in a UTC day under this prefix, in cents; no limit if it is not given.
            max_amount_per_month: How much in a calendar month in UTC, in cents.
            cooldown: Seconds after a purchase until the next one, if the balance does not show it by then; an hour by default.
            allow_auto_topup: Whether to go on although Cloudflare's own auto top-up is on, which may buy at the same moment.
            journal: Where charges are kept, as for `create_once`; all machines must share one.
            wait: As for `create_once`.
            account_id: Id of the Cloudflare account. The client's own if it is not given.

        Raises:
            ChargeOutcomeUnknown: When an earlier charge is unknown and cannot be settled; also when this one's outcome is.
            ChargeNotFound: When a charge of today was sent and left no invoice: a person should look before more is charged.
            ChargeError: When auto top-up is on, or when what a day or a month may see is used up and the balance is still below.
            APIError, JournalError, ValueError, TypeError: As for `create_once`.
        """
        from .ensure import Plan, ensure

        journal = without_text(journal)
        plan = Plan(
            at_least=at_least,
            amount=amount,
            key_prefix=key_prefix,
            max_per_day=max_per_day,
            max_per_month=max_per_month,
            max_amount_per_day=max_amount_per_day,
            max_amount_per_month=max_amount_per_month,
            cooldown=cooldown,
            allow_auto_topup=allow_auto_topup,
        )
        return await self._client.run(ensure(self._client, plan, journal=journal, wait=wait, account_id=account_id))

    async def wait(
        self, *, payment_intent_id: str, timeout: float = 300.0, account_id: str | None = None
    ) -> TopupStatusResponse:
        """Ask for a top-up's status, at growing intervals, until it is no longer pending or the time is over.

        Args:
            payment_intent_id: The id that `create` returned (`in_...`).
            timeout: Seconds to go on asking; 300 by default.
            account_id: The account. The client's own if it is not given.

        Returns:
            The last status seen: `completed`, or `pending` when the time was over.

        Raises:
            APIError: When the status could not be asked for; the top-up itself is not touched by that.
            ValueError, TypeError: When an argument is invalid.
        """
        from .waiting import wait

        return await self._client.run(
            wait(self._client, payment_intent_id=payment_intent_id, timeout=timeout, account_id=account_id)
        )
