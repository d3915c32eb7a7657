"""`aig-billing balance`."""

from __future__ import annotations

from ..command import command
from ..output import formatting
from ..output.rows import Field, Row, Words
from ..session import Session

FIELDS: tuple[Field[Row], ...] = (
    Field("balance", "credit left; below zero when more was used than paid for", money=True),
    Field("payment_method", "whether the account has a default payment method"),
    Field("card_brand", "brand of the card that pays"),
    Field("card_last4", "last four digits of its number"),
    Field("auto_topup", "off, on, failing (it will try again) or stopped (it will not)"),
    Field("auto_topup_amount", "what one auto top-up buys", money=True),
    Field("auto_topup_threshold", "the balance below which it buys", money=True),
    Field("auto_topup_error", "why it failed"),
    Field("auto_topup_last_failed_at", "when it last failed"),
    Field("topped_up_before", "whether a first top-up by hand has gone through"),
)


@command("balance", fields=FIELDS)
def balance(session: Session) -> None:
    """Show the credit left, the card, and auto top-up."""
    from ..account_state import AutoTopup

    answer = session.ask("Asking for the balance", session.billing.credit_balance)
    auto, card, left = AutoTopup.of(answer.topup_config), answer.payment_method, answer.balance_money
    row: Row = {
        "balance": left,
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
    is_low = auto.threshold is not None and left.amount < auto.threshold.amount
    style = "bold red" if left.amount <= 0 else "bold yellow" if is_low else "bold green"
    pairs: dict[str, Words] = {
        "Balance": (formatting.money(left), style),
        "Card": formatting.card(card.brand, card.last4) if card else ("none", "yellow"),
        "Auto top-up": (auto.sentence(), "red" if auto.state in {"failing", "stopped"} else ""),
    }
    session.report_record(row, pairs)
