"""Top-ups: what is charged, when it settles, and what is left on the books when it does not."""

import sqlite3
import time
from datetime import timedelta
from decimal import Decimal

import httpx
import pytest

from aig_billing_sandbox import Sandbox
from aig_billing_sandbox.bank import topups
from aig_billing_sandbox.http import service
from tests.sandbox.caller import Caller, result_of, without_socket


def test_a_topup_is_pending_until_its_payment_settles(sandbox: Sandbox, api: Caller) -> None:
    topup = api.post("topup", {"amount": 5000})
    status = {"payment_intent_id": topup["payment_intent_id"]}
    assert api.post("topup/status", status)["status"] == "pending"
    assert sandbox.balance() == 2500

    sandbox.advance(seconds=1.999)
    assert api.post("topup/status", status)["status"] == "pending"
    sandbox.advance(seconds=0.001)
    assert api.post("topup/status", status)["status"] == "completed"
    assert sandbox.balance() == 7500


def test_a_topup_settles_by_itself_while_the_clock_runs() -> None:
    with Sandbox(settles_after=timedelta(seconds=0.1)) as sandbox:
        api = without_socket(sandbox)
        topup = api.post("topup", {"amount": 5000})
        deadline = time.monotonic() + 60
        while api.get("credit-balance")["balance"] == 2500 and time.monotonic() < deadline:
            time.sleep(0.02)
        assert api.get("credit-balance")["balance"] == 7500
        assert api.post("topup/status", {"payment_intent_id": topup["payment_intent_id"]})["status"] == "completed"


def test_a_topup_names_the_card_and_needs_no_confirmation(api: Caller) -> None:
    topup = api.post("topup", {"amount": 1000})
    assert (topup["brand"], topup["last4"], topup["client_secret"]) == ("visa", "4242", None)
    assert topup["payment_intent_id"].startswith("in_")


def test_onboarding_tells_whether_the_account_had_topped_up_before(sandbox: Sandbox, api: Caller) -> None:
    assert api.post("topup", {"amount": 1000})["onboarding"] is True
    newcomer = without_socket(sandbox, account_id=sandbox.open_account(topped_up=False))
    assert newcomer.post("topup", {"amount": 1000})["onboarding"] is False


def test_an_invoice_follows_its_payment(sandbox: Sandbox, api: Caller) -> None:
    topup = api.post("topup", {"amount": 5000})
    invoice = api.get("invoice-history?type=manual")["invoices"][0]
    assert invoice["id"] == topup["payment_intent_id"]
    assert (invoice["status"], invoice["amount_due"], invoice["amount_paid"], invoice["amount_remaining"]) == (
        "open",
        5000,
        0,
        5000,
    )
    assert (invoice["attempt_count"], invoice["attempted"], invoice["invoice_origin"]) == (1, True, "manual")
    assert invoice["created_by"] == sandbox.email
    assert invoice["created"] == int(sandbox.now.timestamp())

    sandbox.advance(seconds=2)
    paid = api.get("invoice-history?type=manual")["invoices"][0]
    assert (paid["status"], paid["amount_paid"], paid["amount_remaining"]) == ("paid", 5000, 0)


def test_a_declined_card_charges_nothing_and_leaves_a_void_invoice(sandbox: Sandbox, api: Caller) -> None:
    sandbox.put_card("declines")
    assert "CARD_DECLINED" in api.refused("POST", "topup", 402, json={"amount": 5000})
    sandbox.advance(days=1)
    assert sandbox.balance() == 2500
    invoice = api.get("invoice-history")["invoices"][0]
    assert (invoice["status"], invoice["amount_due"], invoice["amount_paid"]) == ("void", 5000, 0)
    assert [charge.outcome for charge in sandbox.charges()] == ["declined"]


def test_a_payment_that_fails_later_stays_pending_for_ever(sandbox: Sandbox, api: Caller) -> None:
    sandbox.put_card("declines_later")
    topup = api.post("topup", {"amount": 5000})
    sandbox.advance(days=30)
    assert api.post("topup/status", {"payment_intent_id": topup["payment_intent_id"]})["status"] == "pending"
    assert api.get("invoice-history")["invoices"][0]["status"] == "uncollectible"
    assert sandbox.balance() == 2500


def test_a_payment_that_needs_confirmation_settles_once_the_person_has_confirmed(sandbox: Sandbox, api: Caller) -> None:
    sandbox.put_card("needs_confirmation")
    topup = api.post("topup", {"amount": 5000})
    assert topup["client_secret"].startswith("pi_")
    assert "_secret_" in topup["client_secret"]
    status = {"payment_intent_id": topup["payment_intent_id"]}

    sandbox.advance(days=3)
    assert api.post("topup/status", status)["status"] == "pending"
    sandbox.confirm(topup["payment_intent_id"])
    sandbox.advance(seconds=2)
    assert api.post("topup/status", status)["status"] == "completed"
    assert sandbox.balance() == 7500
    with pytest.raises(ValueError, match="no payment that waits"):
        sandbox.confirm(topup["payment_intent_id"])


def test_without_a_card_nothing_can_be_bought(sandbox: Sandbox, api: Caller) -> None:
    sandbox.remove_card()
    assert "NO_PAYMENT_METHOD" in api.refused("POST", "topup", 400, json={"amount": 5000})
    assert "NO_PAYMENT_METHOD" in api.refused("POST", "topup/config", 400, json={"amount": 5000, "threshold": 500})
    balance = api.get("credit-balance")
    assert balance["has_default_payment_method"] is False
    assert balance["payment_method"] is None


def test_the_limits_that_are_reported_are_the_ones_that_hold(api: Caller) -> None:
    limits = api.get("topup/limits")
    assert limits == {"min_cents": 1000, "max_cents": 1_000_000, "currency": "USD"}
    api.post("topup", {"amount": limits["min_cents"]})
    api.post("topup", {"amount": limits["max_cents"]})
    assert "$.amount" in api.refused("POST", "topup", 400, json={"amount": limits["min_cents"] - 1})
    assert "$.amount" in api.refused("POST", "topup", 400, json={"amount": limits["max_cents"] + 1})


def test_tax_is_on_the_invoice_and_not_in_the_credit(sandbox: Sandbox, api: Caller) -> None:
    sandbox.set_tax("8.25")
    api.post("topup", {"amount": 1010})
    sandbox.advance(seconds=2)
    invoice = api.get("invoice-history")["invoices"][0]
    # 8.25 % of 1010 cents is 83.325.
    assert (invoice["amount_due"], invoice["amount_paid"]) == (1093, 1093)
    assert sandbox.balance() == 2500 + 1010


def test_a_topup_of_another_account_is_not_found(sandbox: Sandbox, api: Caller) -> None:
    stranger = without_socket(sandbox, account_id=sandbox.open_account())
    theirs = stranger.post("topup", {"amount": 1000})["payment_intent_id"]
    assert "$.payment_intent_id" in api.refused("POST", "topup/status", 404, json={"payment_intent_id": theirs})


def test_invoices_can_be_late_in_the_history(sandbox: Sandbox, api: Caller) -> None:
    sandbox.behave(listed_after=600)
    before = api.get("invoice-history")["pagination"]["total_count"]
    topup = api.post("topup", {"amount": 5000})
    sandbox.advance(seconds=599)
    assert api.get("invoice-history")["pagination"]["total_count"] == before
    sandbox.advance(seconds=1)
    assert api.get("invoice-history")["invoices"][0]["id"] == topup["payment_intent_id"]


def test_only_the_newest_page_of_invoices_can_be_had(sandbox: Sandbox, api: Caller) -> None:
    sandbox.behave(invoices_per_page=3)
    bought = [api.post("topup", {"amount": 1000 + number})["payment_intent_id"] for number in range(5)]
    history = api.get("invoice-history")
    assert [invoice["id"] for invoice in history["invoices"]] == bought[:1:-1]
    assert history["pagination"] == {"has_more": True, "page": 1, "per_page": 3, "total_count": 6}
    sandbox.behave(invoices_per_page=6)
    assert api.get("invoice-history")["pagination"]["has_more"] is False


def test_the_page_of_an_answer_is_reported_in_the_envelope_too(api: Caller) -> None:
    body = api.send("GET", "invoice-history").json()
    assert body["result_info"] == body["result"]["pagination"]


def test_the_link_of_an_invoice_leads_to_a_pdf(sandbox: Sandbox) -> None:
    with httpx.Client() as client:
        api = Caller(client, sandbox.base_url, sandbox.account_id, sandbox.token)
        invoice = api.get("invoice-history")["invoices"][0]
        page = client.get(invoice["invoice_pdf"])
        assert page.headers["content-type"] == "application/pdf"
        assert page.content.startswith(b"%PDF-")
        assert b"Total: $25.00" in page.content
        assert client.get(invoice["invoice_pdf"].replace(invoice["id"], "in_none")).status_code == 404


def test_every_charge_that_arrives_is_in_the_log_with_any_outcome(sandbox: Sandbox, api: Caller) -> None:
    accepted = api.post("topup", {"amount": 5000})["payment_intent_id"]
    api.refused("POST", "topup", 400, json={"amount": 1})
    without_socket(sandbox, token="wrong").refused("POST", "topup", 401, json={"amount": 2000})
    without_socket(sandbox, token=sandbox.read_token).refused("POST", "topup", 403, json={"amount": 3000})
    sandbox.fault("topup.create", status=500)
    api.refused("POST", "topup", 500, json={"amount": 4000})
    sandbox.fault("topup.create", status=502, work=True)
    api.refused("POST", "topup", 502, json={"amount": 6000})
    # The body of a request that is refused without it is not read.
    log = [
        (charge.amount_cents, charge.authorised, charge.outcome, charge.delivery, charge.status)
        for charge in sandbox.charges()
    ]
    assert log == [
        (5000, True, "accepted", "answered", 200),
        (1, True, "refused", "answered", 400),
        (None, False, "refused", "answered", 401),
        (None, False, "refused", "answered", 403),
        (4000, True, "prevented", "answered", 500),
        (6000, True, "accepted", "answered", 502),
    ]
    assert sandbox.charges()[0].invoice_id == accepted
    assert len(sandbox.charges(after=4)) == 2
    sandbox.advance(seconds=2)
    assert sandbox.balance() == Decimal(2500 + 5000 + 6000)


def test_a_charge_is_in_the_log_under_the_id_of_its_answer(sandbox: Sandbox, api: Caller) -> None:
    response = api.send("POST", "topup", json={"amount": 5000})
    result_of(response)
    assert sandbox.charges()[0].request_id == response.headers["cf-ray"]


def test_payments_settle_in_the_order_in_which_they_are_due(sandbox: Sandbox, api: Caller) -> None:
    later, sooner = 30, 10
    for settles_after in (later, sooner):
        sandbox.behave(settles_after=settles_after)
        api.post("topup", {"amount": 1000 * settles_after})
    sandbox.advance(minutes=1)
    entries = [row["amount_millicents"] for row in sandbox.state()["ledger_entries"][1:]]
    assert entries == [1_000_000 * sooner, 1_000_000 * later]


def test_a_charge_that_fails_in_the_sandbox_is_logged_as_failed(
    sandbox: Sandbox, api: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("a mistake in the sandbox")

    monkeypatch.setattr(topups, "buy", fail)
    api.refused("POST", "topup", 500, json={"amount": 1000})
    assert [charge.outcome for charge in sandbox.charges()] == ["failed"]


def test_a_charge_that_cannot_be_logged_is_not_made(
    sandbox: Sandbox, api: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise sqlite3.OperationalError("disk I/O error")

    invoices = sandbox.state()["invoices"]
    monkeypatch.setattr(service, "log_arrival", fail)
    api.refused("POST", "topup", 500, json={"amount": 1000})
    assert sandbox.state()["invoices"] == invoices
