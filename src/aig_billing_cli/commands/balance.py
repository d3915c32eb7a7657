"""`aig-billing balance`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..output.rows import Field, Report, Row
from ..registry import command
from ..session import Session

if TYPE_CHECKING:
    from aig_billing.models import BillingCreditBalanceResponse
    from rich.console import RenderableType

    from ..auto_topup_state import AutoTopup

FIELDS = (
    Field("balance", "credit that is left; below zero when more was used than paid for", money=True),
    Field("payment_method", "whether the account has a default payment method"),
    Field("card_brand", "brand of the card that pays"),
    Field("card_last4", "last four digits of its number"),
    Field("auto_topup", "off, on, failing (it will try again) or stopped (it will not)"),
    Field("auto_topup_amount", "what one auto top-up buys", money=True),
    Field("auto_topup_threshold", "the balance that sets one off", money=True),
    Field("auto_topup_error", "what went wrong with it"),
    Field("auto_topup_last_failed_at", "when"),
    Field("topped_up_before", "whether a first top-up by hand has gone through"),
)


@command("balance", fields=FIELDS)
def balance(session: Session) -> None:
    """Show the credit left, the card, and auto top-up."""
    from ..auto_topup_state import AutoTopup

    with session.waiting("Asking for the balance"):
        answer = session.billing.credit_balance()
    auto = AutoTopup.of(answer.topup_config)
    session.report(Report(FIELDS, [_row(answer, auto)], single=True), lambda: _layout(answer, auto))


def _row(answer: BillingCreditBalanceResponse, auto: AutoTopup) -> Row:
    card = answer.payment_method
    return {
        "balance": answer.balance_money,
        "payment_method": answer.has_default_payment_method,
        "card_brand": card.brand if card else None,
        "card_last4": card.last4 if card else None,
        "auto_topup": auto.state,
        "auto_topup_amount": auto.amount,
        "auto_topup_threshold": auto.threshold,
        "auto_topup_error": auto.error or auto.disabled_reason,
        "auto_topup_last_failed_at": auto.last_failed_at,
        "topped_up_before": answer.first_topup_success,
    }


def _layout(answer: BillingCreditBalanceResponse, auto: AutoTopup) -> list[RenderableType]:
    from rich.text import Text

    from ..output.shown import card
    from ..output.tables import balance_style, record_table

    paid_by = answer.payment_method
    pairs: dict[str, str | Text] = {
        "Balance": Text(str(answer.balance_money), style=balance_style(answer.balance_money, auto.threshold)),
        "Card": card(paid_by.brand, paid_by.last4) if paid_by else Text("none", style="yellow"),
        "Auto top-up": Text(auto.sentence(), style="red" if auto.state in {"failing", "stopped"} else ""),
    }
    return [record_table(pairs)]
