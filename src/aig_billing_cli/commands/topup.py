"""`aig-billing topup` and `aig-billing topup status`: a card is charged at most once, always through the journal."""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer
from attrs import evolve

from ..exit_codes import ExitCode
from ..output.rows import Field, Report, Row
from ..problem import Problem
from ..registry import command
from ..session import Session
from ..typed import amount as dollars

if TYPE_CHECKING:
    from aig_billing import Money
    from rich.console import RenderableType
    from rich.text import Text

    from aig_billing_charges.record import TopupOutcome

    from ..journal import Charges

FIELDS = (
    Field("key", "the charge's key: the same key never charges twice"),
    Field("amount", "how much credit it buys", money=True),
    Field("status", "completed once it is paid, else pending"),
    Field("payment_id", "id of its invoice, for `topup status`"),
    Field("card_brand", "brand of the card"),
    Field("card_last4", "last four digits of its number"),
    Field("replayed", "whether the charge had been made before, and this call sent none"),
    Field("needs_confirmation", "whether the bank waits for the card holder"),
    Field("client_secret", "what a confirmation page needs; *** unless --show-client-secret is given"),
)
STATUS_FIELDS = (
    Field("payment_id", "id of the top-up's invoice"),
    Field("status", "completed or pending"),
)
LEAST_CENTS = 1_000
_A_GLANCE = 0.01
_FIVE_MINUTES = 300.0
"""Seconds."""
_MORE = (
    "\b\nExamples:\n  aig-billing topup 50\n  aig-billing topup 50 --key 2026-11-refill --yes --wait     (in a script)\n\n"
    "The charge is written to a journal before it is sent. Run again with the same --key, it tells what became of the charge and sends "
    "none. `aig-billing charges` lists them. Ends with 5 when the outcome is not known."
)


@command("topup", fields=FIELDS, more=_MORE)
def topup(
    session: Session,
    *,
    amount: Annotated[
        int, typer.Argument(parser=dollars, metavar="AMOUNT", help="Dollars: 50, 50.00 or $50.", show_default=False)
    ],
    key: Annotated[
        str | None,
        typer.Option(
            "--key", metavar="KEY", help="What tells this charge from others. By default a new one.", show_default=False
        ),
    ] = None,
    wait: Annotated[bool, typer.Option("--wait", help="Wait until it is paid, five minutes at most.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    show_client_secret: Annotated[bool, typer.Option("--show-client-secret", help="Do not mask it.")] = False,
) -> ExitCode:
    """Charge the card, once, and add to the balance."""
    from aig_billing import Money, PaymentConfirmationRequired

    from ..journal import Charges

    charge = _Charge(session, Charges(session.configuration), key or _new_key(), amount, Money.from_cents(amount))
    if charge.is_new():
        session.require_answer(yes=yes)
        charge.show_plan()
        session.confirm(f"Charge {charge.money}?", yes=yes)
    outcome = charge.make()
    needs_person = outcome.client_secret is not None
    if outcome.status == "pending" and not needs_person:
        try:
            # The same key again sends no charge: it asks how far the payment is.
            outcome = evolve(charge.make(wait=_FIVE_MINUTES if wait else _A_GLANCE), replayed=outcome.replayed)
        except PaymentConfirmationRequired:
            needs_person = True
    charge.report(outcome, needs_person=needs_person, show_secret=show_client_secret)
    if needs_person:
        session.terminal.say(
            "The bank asks the card holder to confirm this payment (3-D Secure); until then it stays pending."
        )
        return ExitCode.REFUSED if wait else ExitCode.FINE
    return ExitCode.CHARGE_UNKNOWN if wait and outcome.status == "pending" else ExitCode.FINE


@dataclass(frozen=True)
class _Charge:
    session: Session
    charges: Charges
    key: str
    amount: int
    money: Money

    def is_new(self) -> bool:
        """Say whether this key may send a charge; one that has a history only tells it."""
        record = self.charges.find(self.key)
        return record is None or record.state == "intent"

    def show_plan(self) -> None:
        """Show card, amount and balance; refuse what the API would refuse."""
        from aig_billing import Money

        from ..output.shown import card, safe
        from ..output.tables import record_table

        session = self.session
        with session.waiting("Asking for the balance"):
            answer = session.billing.credit_balance()
        if not answer.has_default_payment_method:
            raise Problem(
                ExitCode.REFUSED,
                "The account has no payment method; nothing was sent.",
                "Add a card in the dashboard: AI > AI Gateway > Credits.",
            )
        self._check_limits()
        paid_by, before = answer.payment_method, answer.balance_money
        after = Money(before.amount + self.money.amount, before.currency)
        plan: dict[str, str | Text] = {
            "Amount": f"{self.money} (tax may be added)",
            "Card": card(paid_by.brand, paid_by.last4) if paid_by else "the default payment method",
            "Account": self.charges.account,
            "Balance": f"{before} now, {after} after it",
            "Key": self.key,
        }
        configuration = session.configuration
        if configuration.given is not None:
            plan["Service"] = configuration.given.source
        elif configuration.base_url is not None:
            plan["Service"] = f"{safe(configuration.base_url.value)}, from {configuration.base_url.source}"
        session.terminal.explain(record_table(plan))

    def make(self, *, wait: float = 0) -> TopupOutcome:
        """Send the charge, or learn what became of it; with `wait`, be so many seconds patient until it is paid."""
        from aig_billing import ChargeError

        session = self.session
        try:
            with session.waiting("Waiting for the payment" if wait else "Charging"):
                return session.billing.topup.create_once(
                    key=self.key, amount=self.amount, journal=self.charges.journal, wait=wait
                )
        except KeyboardInterrupt:
            raise self._interrupted() from None
        except ChargeError as error:
            error.key = error.key or self.key
            raise

    def report(self, outcome: TopupOutcome, *, needs_person: bool, show_secret: bool) -> None:
        """Tell what came of it."""
        session = self.session
        secret = outcome.client_secret
        row: Row = {
            "key": self.key,
            "amount": self.money,
            "status": outcome.status,
            "payment_id": outcome.payment_intent_id,
            "card_brand": outcome.brand,
            "card_last4": outcome.last4,
            "replayed": outcome.replayed,
            "needs_confirmation": needs_person,
            "client_secret": secret if secret is None or show_secret else "***",
        }
        session.report(Report(FIELDS, [row], single=True), lambda: self._layout(outcome, row))
        if outcome.status == "pending" and not needs_person:
            session.terminal.say(f"Ask how far it is: `aig-billing topup status {outcome.payment_intent_id}`")
        if not outcome.recorded:
            session.terminal.say(
                "The journal could not be told of this charge. Do not delete it: it settles this by itself."
            )

    def _layout(self, outcome: TopupOutcome, row: Row) -> list[RenderableType]:
        from ..output.tables import record_table

        made = "made before; this time nothing was sent" if outcome.replayed else "made"
        state = {"completed": "paid", "pending": "pending: it is not in the balance yet"}[outcome.status]
        pairs = {
            "Charge": f"{self.money}, {made}",
            "Status": state,
            "Payment": outcome.payment_intent_id,
            "Key": self.key,
        }
        if outcome.client_secret is not None:
            pairs["Client secret"] = str(row["client_secret"])
        return [record_table(pairs)]

    def _check_limits(self) -> None:
        import warnings

        from aig_billing import APIError, Money

        try:
            with self.session.waiting("Asking for the limits of a top-up"), warnings.catch_warnings():
                warnings.simplefilter("ignore", DeprecationWarning)
                limits = self.session.billing.topup.limits()  # pyright: ignore[reportDeprecated]  # see below
        except APIError:
            # Deprecated, and its replacement is not published: where it is gone, the service itself checks the amount.
            least, most = LEAST_CENTS, self.amount
        else:
            least, most = limits.min_cents, limits.max_cents
        if not least <= self.amount <= most:
            raise Problem(
                ExitCode.USAGE,
                f"A top-up is between {Money.from_cents(least)} and {Money.from_cents(most)}, not {self.money}; nothing was sent.",
            )

    def _interrupted(self) -> Problem:
        """Say what the journal knows of a charge that was interrupted."""
        record = self.charges.find(self.key)
        state = record.state if record is not None else "intent"
        if state == "intent":
            return Problem(
                ExitCode.INTERRUPTED, f"Interrupted before the charge left: nothing was sent under the key {self.key}."
            )
        if record is not None and state in {"sent", "completed"}:
            paid = "is paid" if state == "completed" else "was accepted, and is not paid yet"
            return Problem(
                ExitCode.INTERRUPTED,
                f"Interrupted while waiting; the charge of {self.money} {paid}.",
                f"Ask how far it is: `aig-billing topup status {record.payment_id}`",
            )
        return Problem(
            ExitCode.CHARGE_UNKNOWN,
            f"Interrupted while the charge was under way: the card may or may not have been charged {self.money}.",
            f"Do not pay again before you know. Settle it: `aig-billing charges reconcile {self.key}`",
        )


@command("topup status", fields=STATUS_FIELDS, more="Needs the permission AI Gateway Write, though it changes nothing.")
def status(
    session: Session,
    *,
    payment_id: Annotated[str, typer.Argument(metavar="ID", help="The payment's id, in_...", show_default=False)],
    wait: Annotated[bool, typer.Option("--wait", help="Wait until it is paid, five minutes at most.")] = False,
) -> ExitCode:
    """Ask how far a top-up is."""
    topup = session.billing.topup
    with session.waiting("Waiting for the payment" if wait else "Asking for the payment"):
        answer = topup.wait(payment_intent_id=payment_id) if wait else topup.status(payment_intent_id=payment_id)
    row: Row = {"payment_id": answer.payment_intent_id, "status": answer.status}

    def layout() -> list[RenderableType]:
        from ..output.tables import record_table

        return [record_table({"Payment": answer.payment_intent_id, "Status": answer.status})]

    session.report(Report(STATUS_FIELDS, [row], single=True), layout)
    return ExitCode.CHARGE_UNKNOWN if wait and answer.status == "pending" else ExitCode.FINE


def _new_key() -> str:
    return f"cli-{dt.datetime.now(dt.UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"
