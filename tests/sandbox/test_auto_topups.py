"""Auto top-up: when it buys, how it fails, and when it is switched off."""

from typing import Any

import pytest

from aig_billing_sandbox import Sandbox
from tests.sandbox.caller import Caller

OFF = {"amount": None, "threshold": None, "disabledReason": None, "error": None, "lastFailedAt": None}


def auto_invoices(api: Caller) -> list[Any]:
    return list(api.get("invoice-history?type=auto")["invoices"])


def test_it_is_set_read_and_deleted(api: Caller) -> None:
    assert api.get("topup/config") == OFF
    assert api.post("topup/config", {"amount": 5000, "threshold": 500}) == {"amount": 5000, "threshold": 500}
    assert api.get("topup/config") == {**OFF, "amount": 5000, "threshold": 500}
    assert api.get("credit-balance")["topup_config"] == api.get("topup/config")
    api.delete("topup/config")
    assert api.get("topup/config") == OFF


def test_deleting_what_is_absent_succeeds(api: Caller) -> None:
    assert api.delete("topup/config") == {}
    assert api.delete("topup/config") == {}


def test_it_buys_when_usage_takes_the_balance_under_the_threshold(sandbox: Sandbox, api: Caller) -> None:
    api.post("topup/config", {"amount": 5000, "threshold": 500})
    sandbox.use(2000)
    assert sandbox.balance() == 500
    assert auto_invoices(api) == []
    sandbox.use("0.001")
    (invoice,) = auto_invoices(api)
    assert (invoice["status"], invoice["amount_due"], invoice["auto_advance"]) == ("open", 5000, True)
    assert invoice["created_by"] == "auto-topup"
    sandbox.advance(seconds=2)
    assert float(sandbox.balance()) == 5499.999


def test_a_call_reports_the_balance_with_what_it_made_it_buy_where_payments_settle_at_once(
    sandbox: Sandbox, api: Caller
) -> None:
    sandbox.behave(settles_after=0)
    api.post("topup/config", {"amount": 1000, "threshold": 500})
    assert sandbox.use(4000).balance_cents == 500
    assert [invoice["status"] for invoice in auto_invoices(api)] == ["paid"] * 2


def test_setting_it_above_the_balance_buys_only_once_the_balance_falls(sandbox: Sandbox, api: Caller) -> None:
    api.post("topup/config", {"amount": 5000, "threshold": 2501})
    assert auto_invoices(api) == []
    sandbox.use("0.001")
    assert len(auto_invoices(api)) == 1


def test_it_buys_one_at_a_time_and_again_while_the_balance_is_too_low(sandbox: Sandbox, api: Caller) -> None:
    api.post("topup/config", {"amount": 1000, "threshold": 500})
    sandbox.use(4000)
    sandbox.advance(seconds=1)
    assert sandbox.use(1).blocked == "out_of_credit"
    assert len(auto_invoices(api)) == 1
    sandbox.advance(seconds=1)
    assert [invoice["status"] for invoice in auto_invoices(api)] == ["open", "paid"]
    sandbox.advance(minutes=1)
    assert [invoice["status"] for invoice in auto_invoices(api)] == ["paid"] * 2
    assert sandbox.balance() == 500


def test_a_decline_is_recorded_and_a_success_clears_it(sandbox: Sandbox, api: Caller) -> None:
    api.post("topup/config", {"amount": 5000, "threshold": 500})
    sandbox.put_card("declines")
    sandbox.use(2100)
    config = api.get("topup/config")
    assert config["error"] == "Your card was declined."
    assert config["lastFailedAt"] == int(sandbox.now.timestamp() * 1000)
    assert config["disabledReason"] is None
    assert [invoice["status"] for invoice in auto_invoices(api)] == ["void"]

    sandbox.put_card("good")
    sandbox.use(1)
    sandbox.advance(seconds=2)
    assert api.get("topup/config") == {**OFF, "amount": 5000, "threshold": 500}
    assert sandbox.balance() == 5399


def test_only_failures_in_a_row_switch_it_off(sandbox: Sandbox, api: Caller) -> None:
    api.post("topup/config", {"amount": 1000, "threshold": 2500})
    for card in ("declines", "declines", "good", "declines", "declines"):
        sandbox.put_card(card)
        sandbox.use(700)
        sandbox.advance(seconds=2)
    assert api.get("topup/config")["error"] == "Your card was declined."
    assert api.get("topup/config")["disabledReason"] is None


@pytest.mark.parametrize("card", ["declines", "declines_later", "needs_confirmation"])
def test_repeated_failures_switch_it_off_until_it_is_set_again(sandbox: Sandbox, api: Caller, card: Any) -> None:
    api.post("topup/config", {"amount": 5000, "threshold": 2000})
    sandbox.put_card(card)
    for _ in range(3):
        assert api.get("topup/config")["disabledReason"] is None
        sandbox.use(600)
        sandbox.advance(seconds=2)
    assert api.get("topup/config")["disabledReason"] == "too_many_failures"
    assert len(auto_invoices(api)) == 3
    sandbox.put_card("good")
    sandbox.use(600)
    assert len(auto_invoices(api)) == 3

    api.post("topup/config", {"amount": 5000, "threshold": 2000})
    assert api.get("topup/config")["disabledReason"] is None
    sandbox.use(1)
    assert len(auto_invoices(api)) == 4


def test_without_a_card_it_fails_and_draws_up_no_invoice(sandbox: Sandbox, api: Caller) -> None:
    api.post("topup/config", {"amount": 5000, "threshold": 500})
    sandbox.remove_card()
    sandbox.use(2100)
    assert api.get("topup/config")["error"] == "The account has no default payment method."
    assert auto_invoices(api) == []


def test_what_it_buys_is_no_topup_by_hand(sandbox: Sandbox, api: Caller) -> None:
    api.post("topup/config", {"amount": 5000, "threshold": 500})
    sandbox.use(2100)
    sandbox.advance(seconds=2)
    assert len(api.get("invoice-history?type=manual")["invoices"]) == 1
    assert len(api.get("invoice-history?type=all")["invoices"]) == 2
    assert sandbox.charges() == []


def test_the_live_service_leaves_out_what_it_has_nothing_to_say_about(sandbox: Sandbox, api: Caller) -> None:
    sandbox.behave(mode="live")
    assert api.get("topup/config") == {"amount": 0, "threshold": 0}
    sandbox.set_auto_topup(5000, 500)
    assert api.get("credit-balance")["topup_config"] == {"amount": 5000, "threshold": 500}
