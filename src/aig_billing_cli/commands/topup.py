"""`aig-billing topup` and `aig-billing topup status`: a card is charged at most once, always through the journal."""

from __future__ import annotations

import datetime as dt
import logging
import sys
from typing import TYPE_CHECKING

from aig_billing import Money
from attrs import evolve, frozen

from ..command import command
from ..errors import CommandError, ExitCode, OutputError, UsageError
from ..options import YES, argument, option
from ..options import amount as dollars
from ..output.rows import Field, Words
from ..output.terminal import discard
from ..session import Session
from .charges import complete_invoices

if TYPE_CHECKING:
    from aig_billing import TopupOutcome
    from aig_billing.models import TopupStatusResponse

FIELDS: tuple[Field[TopupOutcome], ...] = (
    Field("key", "the charge's key: the same key never charges twice"),
    Field("amount", "how much credit it buys", lambda it: Money.from_cents(it.amount), money=True),
    Field("status", "completed once it is paid, else pending"),
    Field("payment_id", "id of its invoice, for `topup status`", lambda it: it.payment_intent_id),
    Field("card_brand", "brand of the card", lambda it: it.brand),
    Field("card_last4", "last four digits of its number", lambda it: it.last4),
    Field("replayed", "whether the charge had been made before, and this call sent none"),
    Field("client_secret", "of the payment, for Stripe's libraries; *** unless --show-client-secret is given"),
)
STATUS_FIELDS: tuple[Field[TopupStatusResponse], ...] = (
    Field("payment_id", "id of the top-up's invoice", lambda it: it.payment_intent_id),
    Field("status", "completed or pending"),
)
_MASK = "***"
LEAST_CENTS = 1_000
_SHORT_PATIENCE_SECONDS = 5.0
_PATIENCE_SECONDS = 300.0
_log = logging.getLogger("aig_billing")
_MORE = (
    "\b\nExamples:\n  aig-billing topup 50\n  aig-billing topup 50 --key 2026-11-refill --yes --wait     (in a script)\n\n"
    "The charge is written to a journal before it is sent. Run again with the same --key, it reports that charge and sends none. "
    "`aig-billing charges list` lists them. Ends with 5 when the outcome is not known, and with 7 when the charge was made and is not "
    "paid within a few seconds (with --wait, five minutes)."
)
WAIT = option("--wait", "Wait until it is paid, five minutes at most.")


@command("topup", fields=FIELDS, more=_MORE)
def topup(
    session: Session,
    *,
    amount: int = argument("AMOUNT", "Dollars: 50, 50.00 or $50.", parser=dollars),
    key: str | None = option("--key KEY", "Identifies this charge. By default a new one."),
    card: str | None = option(
        "--card ID", "Charge this payment method (pm_...). By default the account's default one."
    ),
    wait: bool = WAIT,
    yes: bool = YES,
    show_client_secret: bool = option("--show-client-secret", "Do not mask it."),
) -> ExitCode:
    """Charge the card, once, and add to the balance."""
    charge = _Charge(session, key or _new_key(), amount, card)
    if charge.is_new():
        session.require_answer(yes=yes)
        charge.show_plan()
        session.confirm(f"{charge.cost}. Charge the card?", yes=yes)
    outcome = charge.make()
    if outcome.status == "pending":
        outcome = charge.wait(outcome, _PATIENCE_SECONDS if wait else _SHORT_PATIENCE_SECONDS)
    charge.report(outcome, show_secret=show_client_secret)
    return ExitCode.OK if outcome.status == "completed" else ExitCode.PAYMENT_PENDING


@frozen
class _Charge:
    session: Session
    key: str
    amount: int
    card: str | None

    @property
    def money(self) -> Money:
        return Money.from_cents(self.amount)

    @property
    def cost(self) -> str:
        """The credit, the fee and what is charged."""
        return str(self.session.billing.topup.cost(amount=self.amount))

    def is_new(self) -> bool:
        """Say whether this key may send a charge; one that has a history only reports it."""
        from aig_billing import JournalError

        try:
            record = self.session.charges.find(self.key)
        except JournalError as error:
            described = self.session.describe(error)
            sentence = f"{described.sentence} Nothing was charged by this call."
            raise CommandError(described.code, sentence, described.next_step, cause=error) from None
        return record is None or record.state == "intent"

    def show_plan(self) -> None:
        """Show card, amount and balance; refuse what the API would refuse."""
        from ..output.formatting import card

        session = self.session
        answer = session.ask("Asking for the balance", session.billing.credit_balance)
        if not answer.has_default_payment_method and self.card is None:
            raise CommandError(
                ExitCode.REFUSED,
                "The account has no payment method; nothing was charged.",
                "Add a card in the dashboard: AI > AI Gateway > Credits.",
            )
        self._check_limits()
        method, before = answer.payment_method, answer.balance_money
        after = Money(before.amount + self.money.amount, before.currency)
        plan: dict[str, Words] = {
            "Amount": self.cost,
            "Card": self.card or (card(method.brand, method.last4) if method else "the default payment method"),
            "Account": self.session.charges.account,
            "Balance": f"{before} now, {after} after it",
            "Key": self.key,
        }
        configuration = session.configuration
        if configuration.given is not None:
            plan["Service"] = configuration.given.source
        elif configuration.base_url is not None:
            plan["Service"] = f"{configuration.base_url.value}, from {configuration.base_url.source}"
        session.terminal.info(plan)

    def make(self, *, wait: float = 0) -> TopupOutcome:
        """Send the charge, or read its outcome; wait up to `wait` seconds until it is paid."""
        from aig_billing import ChargeError

        session = self.session
        try:
            with session.waiting("Waiting for the payment" if wait else "Charging"):
                return session.billing.topup.create_once(
                    key=self.key,
                    amount=self.amount,
                    payment_method_id=self.card,
                    journal=self.session.charges.journal,
                    wait=wait,
                )
        except KeyboardInterrupt:
            raise self._interrupted() from None
        except ChargeError as error:
            error.key = error.key or self.key
            raise

    def wait(self, outcome: TopupOutcome, seconds: float) -> TopupOutcome:
        """Wait until the payment is completed; one that was made stays made, even if asking about it fails."""
        from aig_billing import CloudflareError

        try:
            # The same key again sends no charge: it asks for the payment's status.
            again = self.make(wait=seconds)
            return evolve(again, replayed=outcome.replayed, client_secret=outcome.client_secret)
        except CloudflareError as error:
            self.session.terminal.info(f"The charge was made. {self.session.describe(error).sentence}")
            return outcome

    def report(self, outcome: TopupOutcome, *, show_secret: bool) -> None:
        """Print the outcome, wherever it can be printed."""
        from ..error_messages import pending_hint

        session = self.session
        if outcome.client_secret is not None and not show_secret:
            outcome = evolve(outcome, client_secret=_MASK)
        paid = outcome.status == "completed"
        pairs: dict[str, Words] = {
            "Charge": f"{self.money}, {'made before; this time nothing was charged' if outcome.replayed else 'made'}",
            "Status": "paid" if paid else f"{outcome.status}: it is not in the balance yet",
            "Payment": outcome.payment_intent_id,
            "Key": self.key,
            **({} if outcome.client_secret is None else {"Client secret": outcome.client_secret}),
        }
        summary = f"The charge of {self.money} was made: key {self.key}, payment {outcome.payment_intent_id}, {outcome.status}."
        _log.info("%s", summary)
        try:
            session.report_record(outcome, pairs)
        except (OutputError, KeyboardInterrupt) as error:
            # The exit code stays that of the charge: another would invite a second one.
            discard(sys.stdout)
            why = error.sentence if isinstance(error, OutputError) else "Interrupted while this was printed."
            session.terminal.notice(f"{summary} Do not charge again. {why}")
        if not paid:
            session.terminal.info(pending_hint(outcome.payment_intent_id))
        if not outcome.recorded:
            session.terminal.info(
                "This charge could not be recorded in the journal. Do not delete the journal: the next call settles it."
            )

    def _check_limits(self) -> None:
        from aig_billing import APIError

        try:
            ask = self.session.billing.topup.limits  # pyright: ignore[reportDeprecated]  # see below
            limits = self.session.ask("Asking for the limits of a top-up", ask)
        except APIError:
            # Deprecated, and its replacement is not published: where it is gone, the service itself checks the amount.
            least, most = LEAST_CENTS, self.amount
        else:
            least, most = max(limits.min_cents, LEAST_CENTS), limits.max_cents
        if not least <= self.amount <= most:
            between = f"between {Money.from_cents(least)} and {Money.from_cents(most)}"
            raise UsageError(f"A top-up is {between}, not {self.money}; nothing was charged.")

    def _interrupted(self) -> CommandError:
        """Say what the journal knows of a charge that was interrupted."""
        record = self.session.charges.find(self.key)
        code, hint = ExitCode.INTERRUPTED, ""
        if record is None or record.state == "intent":
            sentence = f"Interrupted before the charge left: nothing was charged under the key {self.key}."
        elif record.state in {"sent", "completed"}:
            paid = "is paid" if record.state == "completed" else "was accepted, and is not paid yet"
            sentence = f"Interrupted while waiting; the charge of {self.money} {paid}."
            hint = f"Ask for its status: `aig-billing topup status {record.payment_id}`"
        else:
            code = ExitCode.CHARGE_UNKNOWN
            known = f"the card may or may not have been charged {self.money}"
            sentence = f"Interrupted while the charge was under way: {known}."
            hint = f"Do not pay again before you know. Settle it: `aig-billing charges reconcile {self.key}`"
        return CommandError(code, sentence, hint)


@command("topup status", fields=STATUS_FIELDS, more="Needs the permission AI Gateway Write, though it changes nothing.")
def status(
    session: Session,
    *,
    payment_id: str = argument("ID", "The payment's id, in_...", autocompletion=complete_invoices),
    wait: bool = WAIT,
) -> ExitCode:
    """Ask for the status of a top-up."""
    from ..error_messages import pending_hint

    topup = session.billing.topup
    with session.waiting("Waiting for the payment" if wait else "Asking for the payment"):
        answer = topup.wait(payment_intent_id=payment_id) if wait else topup.status(payment_intent_id=payment_id)
    session.report_record(answer, {"Payment": answer.payment_intent_id, "Status": answer.status})
    if answer.status == "pending":
        session.terminal.info(pending_hint(answer.payment_intent_id))
    return ExitCode.PAYMENT_PENDING if wait and answer.status == "pending" else ExitCode.OK


def _new_key() -> str:
    import secrets

    return f"cli-{dt.datetime.now(dt.UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"
