"""One request for an account and a key, ever; and what is reported of it, the first time and every other."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from aig_billing import usd
from aig_billing.errors import (
    APIConnectionError,
    APIStatusError,
    ChargeInProgress,
    ChargeKeyReused,
    ChargeOutcomeUnknown,
    InternalServerError,
    JournalError,
    PaymentConfirmationRequired,
    RateLimitError,
)

from aig_billing_sandbox import Sandbox
from tests.charges.stage import MovedJournal, Through, Topups, Way, charged, is_charge, topups_of


def test_a_charge_is_made_and_its_outcome_returned(topup: Topups, sandbox: Sandbox, journal: MovedJournal) -> None:
    outcome = topup.create_once(key="2026-11-refill", amount=usd("50"), journal=journal)

    (charge,) = sandbox.charges()
    assert (charge.amount_cents, charge.outcome) == (5000, "accepted")
    assert outcome.payment_intent_id == charge.invoice_id
    assert (outcome.status, outcome.brand, outcome.last4, outcome.onboarding) == ("pending", "visa", "4242", True)
    assert (outcome.key, outcome.amount, outcome.account_id) == ("2026-11-refill", 5000, sandbox.account_id)
    assert outcome.recorded
    assert not outcome.replayed


def test_the_same_key_again_gives_the_recorded_outcome_and_asks_the_service_nothing(
    topup: Topups, sandbox: Sandbox, journal: MovedJournal
) -> None:
    first = topup.create_once(key="refill", amount=5000, journal=journal)
    asked = len(sandbox.requests())
    for _ in range(3):
        again = topup.create_once(key="refill", amount=5000, journal=journal)
        assert again.replayed
        assert again.payment_intent_id == first.payment_intent_id
        assert (again.brand, again.last4, again.onboarding) == (first.brand, first.last4, first.onboarding)
    assert len(sandbox.requests()) == asked
    assert charged(sandbox) == [5000]


def test_the_same_key_for_another_amount_is_refused_and_nothing_is_sent(
    topup: Topups, sandbox: Sandbox, journal: MovedJournal
) -> None:
    topup.create_once(key="refill", amount=5000, journal=journal)
    asked = len(sandbox.requests())
    words = r"for \$50\.00 of the account's default payment method, and not for \$60\.00 of pm_1: "
    with pytest.raises(ChargeKeyReused, match=words) as caught:
        topup.create_once(key="refill", amount=6000, payment_method_id="pm_1", journal=journal)
    reused = caught.value
    assert (reused.account_id, reused.key, reused.amount) == (sandbox.account_id, "refill", 6000)
    assert len(sandbox.requests()) == asked


def test_a_key_is_one_charge_per_account_however_its_id_is_written(
    topup: Topups, sandbox: Sandbox, journal: MovedJournal
) -> None:
    other = sandbox.open_account()
    topup.create_once(key="refill", amount=5000, journal=journal)
    topup.create_once(key="refill", amount=5000, journal=journal, account_id=other)
    again = topup.create_once(key="refill", amount=5000, journal=journal, account_id=sandbox.account_id.upper())
    assert again.replayed
    assert [charge.account_id for charge in sandbox.charges()] == [sandbox.account_id, other]


@pytest.mark.slow
def test_of_many_threads_at_once_one_sends_and_all_learn_the_outcome(sandbox: Sandbox, journal: MovedJournal) -> None:
    sandbox.fault("topup.create", delay_before=0.2)
    with topups_of(sandbox) as topup, ThreadPoolExecutor(8) as threads:
        outcomes = list(threads.map(lambda _: topup.create_once(key="refill", amount=5000, journal=journal), range(8)))
    assert charged(sandbox) == [5000]
    assert len({outcome.payment_intent_id for outcome in outcomes}) == 1
    assert sorted(outcome.replayed for outcome in outcomes) == [False] + [True] * 7


def test_of_many_tasks_at_once_one_sends_and_all_learn_the_outcome(sandbox: Sandbox, journal: MovedJournal) -> None:
    import asyncio

    sandbox.fault("topup.create", delay_before=0.1)
    with topups_of(sandbox, "async") as topup:
        assert topup.loop is not None
        create_once = topup.client.ai_gateway.billing.topup.create_once

        async def all_at_once() -> list[Any]:
            calls = (create_once(key="refill", amount=5000, journal=journal) for _ in range(8))
            return await asyncio.gather(*calls)

        outcomes = topup.loop.run(all_at_once())
    assert charged(sandbox) == [5000]
    assert len({outcome.payment_intent_id for outcome in outcomes}) == 1


def test_waiting_for_another_sender_is_bounded(sandbox: Sandbox, journal: MovedJournal) -> None:
    sent, go_on = threading.Event(), threading.Event()

    def hold_up(request: httpx.Request) -> None:
        if is_charge(request):
            sent.set()
            assert go_on.wait(120)

    slow = Through(sandbox.transport(), hold_up)
    with (
        topups_of(sandbox, transport=slow) as first,
        topups_of(sandbox, deadline=0.3) as second,
        ThreadPoolExecutor(1) as threads,
    ):
        outcome = threads.submit(first.create_once, key="refill", amount=5000, journal=journal)
        assert sent.wait(60)
        started = time.monotonic()
        with pytest.raises(ChargeInProgress, match="sent nothing") as caught:
            second.create_once(key="refill", amount=5000, journal=journal)
        assert time.monotonic() - started < 60
        go_on.set()
        assert outcome.result(60).recorded
    about = caught.value
    assert (about.account_id, about.key, about.amount) == (sandbox.account_id, "refill", 5000)
    assert charged(sandbox) == [5000]


@pytest.mark.parametrize("status", [400, 402, 404, 405, 415, 422])
def test_a_definite_refusal_is_recorded_and_reported_again_without_asking(
    topup: Topups, sandbox: Sandbox, tmp_path: Path, status: int
) -> None:
    place = tmp_path / "journal.db"
    body = {"success": False, "result": None, "errors": [{"code": 1234, "message": "No, thank you."}], "messages": []}
    sandbox.fault("topup.create", status=status, body=body)
    caught: list[APIStatusError] = []
    asked: list[int] = []
    for _ in range(2):
        with pytest.raises(APIStatusError, match=r"\[1234\] No, thank you\.") as refused:
            topup.create_once(key="refill", amount=5000, journal=place)
        caught.append(refused.value)
        asked.append(len(sandbox.requests()))
    assert asked[0] == asked[1]
    first, again = caught
    assert type(first) is type(again)
    assert (again.status_code, again.errors, again.attempts) == (status, first.errors, 0)
    assert (again.operation, again.method) == (first.operation, first.method)
    assert first.path.endswith(again.path)
    assert "This key is spent" in str(again)
    assert charged(sandbox) == [5000]


def test_what_never_left_leaves_the_key_free(topup: Topups, sandbox: Sandbox, journal: MovedJournal) -> None:
    def refuse(request: httpx.Request) -> None:
        if is_charge(request):
            raise httpx.ConnectError("refused", request=request)

    with (
        topups_of(sandbox, transport=Through(sandbox.transport(), refuse)) as cut_off,
        pytest.raises(APIConnectionError) as caught,
    ):
        cut_off.create_once(key="refill", amount=5000, journal=journal)
    assert "Nothing was charged under the key 'refill'; it may be used again." in caught.value.__notes__
    assert journal.record(sandbox.account_id, "refill").state == "intent"
    assert not topup.create_once(key="refill", amount=5000, journal=journal).replayed
    assert charged(sandbox) == [5000]


@pytest.mark.slow
def test_each_further_try_of_what_never_left_asks_the_journal_first(
    sandbox: Sandbox, journal: MovedJournal, way: Way
) -> None:
    left = 2

    def refuse(request: httpx.Request) -> None:
        nonlocal left
        if is_charge(request) and left:
            left -= 1
            raise httpx.ConnectError("refused", request=request)

    with topups_of(sandbox, way, Through(sandbox.transport(), refuse), max_retries=2) as topup:
        topup.create_once(key="refill", amount=5000, journal=journal)
    assert journal.steps.count("start_sending") == 1
    assert journal.steps.count("keep_sending") == 2
    assert charged(sandbox) == [5000]


def test_a_further_try_that_the_journal_does_not_allow_leaves_the_key_free(
    sandbox: Sandbox, journal: MovedJournal, way: Way
) -> None:
    def refuse(request: httpx.Request) -> None:
        if is_charge(request):
            raise httpx.ConnectError("refused", request=request)

    def fail() -> None:
        raise JournalError("it fails.")

    journal.before["keep_sending"] = fail
    with (
        topups_of(sandbox, way, Through(sandbox.transport(), refuse), max_retries=2) as topup,
        pytest.raises(JournalError, match=r"it fails\. This call charged nothing\."),
    ):
        topup.create_once(key="refill", amount=5000, journal=journal)
    assert journal.record(sandbox.account_id, "refill").state == "intent"
    assert charged(sandbox) == []


def test_a_further_try_is_not_made_once_the_lease_is_over(sandbox: Sandbox, journal: MovedJournal, way: Way) -> None:
    def refuse(request: httpx.Request) -> None:
        if is_charge(request):
            journal.before["keep_sending"] = journal.let_leases_end
            raise httpx.ConnectError("refused", request=request)

    with (
        topups_of(sandbox, way, Through(sandbox.transport(), refuse), max_retries=2) as topup,
        pytest.raises(ChargeOutcomeUnknown),
    ):
        topup.create_once(key="refill", amount=5000, journal=journal)
    assert journal.steps.count("keep_sending") == 1
    assert charged(sandbox) == []


@pytest.mark.parametrize(
    "fault",
    [
        {"drop": "before"},
        {"drop": "after"},
        {"drop": "after", "reset": True},
        {"status": 500},
        {"status": 502, "body": "<html>"},
        {"status": 408},
        {"status": 409, "work": True},
        {"status": 307, "headers": {"location": "http://elsewhere.example/"}},
        {"status": 200, "body": "not json", "work": True},
        {"cut_off_after": 5},
    ],
    ids=lambda fault: "-".join(f"{name}={value}" for name, value in fault.items()),
)
def test_an_unclear_end_is_unknown_and_is_never_sent_again(
    sandbox: Sandbox, tmp_path: Path, fault: dict[str, Any]
) -> None:
    sandbox.fault("topup.create", **fault)
    place = tmp_path / "journal.db"
    with topups_of(sandbox, max_retries=2) as persistent, topups_of(sandbox) as topup:
        with pytest.raises(ChargeOutcomeUnknown, match=r"billing\.topup\.reconcile\('refill'\)") as caught:
            persistent.create_once(key="refill", amount=5000, journal=place)
        assert caught.value.key == "refill"
        assert caught.value.cause is not None
        assert caught.value.__cause__ is caught.value.cause
        assert caught.value.account_id == sandbox.account_id
        assert caught.value.sent_at is not None
        sandbox.fault("invoice_history", status=503, times=None)
        for _ in range(3):
            with pytest.raises(ChargeOutcomeUnknown, match="the service could not be asked") as caught:
                topup.create_once(key="refill", amount=5000, journal=place)
            assert isinstance(caught.value.cause, InternalServerError)
    assert charged(sandbox) == [5000]


def test_the_payment_id_of_an_answer_that_was_cut_off_is_kept(
    topup: Topups, sandbox: Sandbox, journal: MovedJournal
) -> None:
    whole = topup.create(amount=4000).payment_intent_id
    sandbox.fault("topup.create", cut_off_after=150)
    with pytest.raises(ChargeOutcomeUnknown) as caught:
        topup.create_once(key="refill", amount=5000, journal=journal)
    if caught.value.payment_id is None:
        pytest.fail("the answer was cut off before its payment id: the fault needs more bytes")
    assert caught.value.payment_id != whole
    assert journal.record(sandbox.account_id, "refill").payment_id == caught.value.payment_id
    assert topup.reconcile(caught.value, journal=journal).payment_intent_id == caught.value.payment_id


def test_an_answer_that_names_an_older_payment_is_no_outcome_and_the_journal_notes_it(
    topup: Topups, sandbox: Sandbox, journal: MovedJournal
) -> None:
    older = topup.create(amount=5000).payment_intent_id
    result = {"payment_intent_id": older, "client_secret": None, "onboarding": False}
    sandbox.fault("topup.create", body={"success": True, "errors": [], "messages": [], "result": result}, status=200)
    said = f"the answer named '{older}', which cannot be the charge's payment"
    with pytest.raises(ChargeOutcomeUnknown, match=said):
        topup.create_once(key="refill", amount=5000, journal=journal)
    kept = journal.record(sandbox.account_id, "refill")
    assert (kept.state, kept.payment_id, kept.note) == ("unknown", None, said)


def test_after_a_refusal_that_passes_the_invoice_of_another_key_does_not_stop_the_charge(
    topup: Topups, sandbox: Sandbox, journal: MovedJournal
) -> None:
    sandbox.fault("topup.create", status=429)
    with pytest.raises(RateLimitError):
        topup.create_once(key="refill", amount=5000, journal=journal)
    other = topup.create_once(key="other", amount=5000, journal=journal)
    assert topup.create_once(key="refill", amount=5000, journal=journal).payment_intent_id != other.payment_intent_id


def test_without_the_invoices_before_the_charge_there_is_no_charge(
    topup: Topups, sandbox: Sandbox, journal: MovedJournal
) -> None:
    sandbox.fault("invoice_history", status=429, headers={"retry-after": "1"})
    with pytest.raises(RateLimitError) as caught:
        topup.create_once(key="refill", amount=5000, journal=journal)
    assert "Nothing was charged under the key 'refill'; it may be used again." in caught.value.__notes__
    assert charged(sandbox) == []
    topup.create_once(key="refill", amount=5000, journal=journal)
    assert charged(sandbox) == [5000]


def test_intent_lease_and_baseline_are_in_the_journal_before_the_request_leaves(
    sandbox: Sandbox, journal: MovedJournal, way: Way
) -> None:
    seen: list[tuple[bool, str, Any]] = []
    reader = MovedJournal(journal.place)

    def look(request: httpx.Request) -> None:
        found, now_ms = reader.find(sandbox.account_id, "refill")
        assert found is not None
        assert found.is_under_way(now_ms)
        seen.append((is_charge(request), found.state, found.baseline))

    with topups_of(sandbox, way, Through(sandbox.transport(), look)) as topup:
        topup.create_once(key="refill", amount=5000, journal=journal)
    (listing, charging) = seen
    assert listing == (False, "intent", None)
    assert charging[:2] == (True, "sending")
    # A fresh sandbox account has topped up once.
    assert len(charging[2].ids) == 1


def test_the_lease_outlives_the_deadline_of_the_call(sandbox: Sandbox, journal: MovedJournal) -> None:
    left: list[float] = []

    def look(request: httpx.Request) -> None:
        found, now_ms = journal.find(sandbox.account_id, "refill")
        assert found is not None
        assert found.lease_ms is not None
        left.append((found.lease_ms - now_ms) / 1000)

    with topups_of(sandbox, transport=Through(sandbox.transport(), look), deadline=300) as topup:
        topup.create_once(key="refill", amount=5000, journal=journal)
    assert min(left) > 300


def test_the_client_secret_is_given_once_and_stored_nowhere(topup: Topups, sandbox: Sandbox, tmp_path: Path) -> None:
    sandbox.put_card("needs_confirmation")
    place = tmp_path / "journal.db"
    first = topup.create_once(key="refill", amount=5000, journal=place)
    assert first.client_secret
    assert first.client_secret not in repr(first)
    assert topup.create_once(key="refill", amount=5000, journal=place).client_secret is None
    kept = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert first.payment_intent_id.encode() in kept
    for secret in (first.client_secret, "_secret_", sandbox.token):
        assert secret.encode() not in kept


@pytest.mark.slow
def test_wait_goes_on_until_the_payment_is_completed_and_keeps_that(
    topup: Topups, sandbox: Sandbox, journal: MovedJournal
) -> None:
    sandbox.behave(settles_after=0.5)
    assert topup.create_once(key="refill", amount=5000, journal=journal, wait=10).status == "completed"
    assert journal.record(sandbox.account_id, "refill").state == "completed"
    asked = len(sandbox.requests())
    assert topup.create_once(key="refill", amount=5000, journal=journal, wait=True).status == "completed"
    assert len(sandbox.requests()) == asked


@pytest.mark.slow
def test_wait_ends_with_its_time_and_tells_that_the_payment_is_pending(
    topup: Topups, sandbox: Sandbox, journal: MovedJournal
) -> None:
    sandbox.behave(settles_after=3600)
    started = time.monotonic()
    assert topup.create_once(key="refill", amount=5000, journal=journal, wait=1.2).status == "pending"
    assert time.monotonic() - started < 60


def test_a_status_that_cannot_be_asked_for_does_not_hide_that_the_charge_was_made(
    topup: Topups, sandbox: Sandbox, journal: MovedJournal
) -> None:
    sandbox.fault("topup.status", status=500, times=None)
    outcome = topup.create_once(key="refill", amount=5000, journal=journal, wait=0.5)
    assert (outcome.status, outcome.recorded) == ("pending", True)


@pytest.mark.slow
def test_a_client_secret_decides_nothing_and_wait_goes_on_asking(
    topup: Topups, sandbox: Sandbox, journal: MovedJournal
) -> None:
    sandbox.behave(settles_after=0)
    sandbox.put_card("needs_confirmation")
    pending = topup.create_once(key="refill", amount=5000, journal=journal, wait=0.2)
    assert (pending.status, pending.client_secret is not None) == ("pending", True)
    assert topup.create_once(key="refill", amount=5000, journal=journal, wait=0.2).status == "pending"
    waiting = threading.Timer(0.3, sandbox.confirm, [pending.payment_intent_id])
    waiting.start()
    assert topup.create_once(key="refill", amount=5000, journal=journal, wait=30).status == "completed"
    waiting.join()
    assert charged(sandbox) == [5000]


def test_the_service_itself_may_say_that_the_card_holder_must_confirm(
    topup: Topups, sandbox: Sandbox, journal: MovedJournal
) -> None:
    answer = {
        "errors": [],
        "messages": [],
        "success": True,
        "result": {"payment_intent_id": "in_1", "status": "requires_action"},
    }
    sandbox.fault("topup.status", status=200, body=answer)
    sandbox.behave(settles_after=3600)
    with pytest.raises(PaymentConfirmationRequired, match="'requires_action'") as caught:
        topup.create_once(key="refill", amount=5000, journal=journal, wait=60)
    error = caught.value
    made = journal.record(sandbox.account_id, "refill")
    assert (error.account_id, error.key, error.amount) == (sandbox.account_id, "refill", 5000)
    assert error.payment_id == made.payment_id
    assert made.state == "sent"


def test_listing_the_invoices_leaves_half_of_the_time_to_the_charge(sandbox: Sandbox, journal: MovedJournal) -> None:
    seconds: dict[str, float] = {}

    def note(request: httpx.Request) -> None:
        seconds[request.url.path.rpartition("/")[2]] = request.extensions["timeout"]["read"]

    with topups_of(sandbox, transport=Through(sandbox.transport(), note), deadline=20) as topup:
        topup.create_once(key="refill", amount=5000, journal=journal)
    assert seconds["invoice-history"] <= 10 < seconds["topup"]


@pytest.mark.slow
def test_the_call_that_was_given_a_client_secret_waits_for_the_confirmation(
    topup: Topups, sandbox: Sandbox, journal: MovedJournal
) -> None:
    sandbox.behave(settles_after=0)
    sandbox.put_card("needs_confirmation")

    def confirm() -> None:
        record, end = None, time.monotonic() + 60
        while record is None or record.payment_id is None:
            assert time.monotonic() < end
            time.sleep(0.05)
            record, _ = journal.find(sandbox.account_id, "refill")
        sandbox.confirm(record.payment_id)

    journal.prepare()
    with ThreadPoolExecutor(1) as threads:
        confirming = threads.submit(confirm)
        outcome = topup.create_once(key="refill", amount=5000, journal=journal, wait=60)
        confirming.result()
    assert (outcome.status, outcome.client_secret is not None) == ("completed", True)


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"key": ""}, ValueError),
        ({"key": " refill"}, ValueError),
        ({"key": "refill\n"}, ValueError),
        ({"key": "caf\u00e9"}, ValueError),
        ({"key": "k" * 201}, ValueError),
        ({"key": 7}, TypeError),
        ({"amount": 999}, ValueError),
        ({"amount": 50.0}, TypeError),
        ({"wait": -1}, ValueError),
        ({"wait": "long"}, TypeError),
        ({"account_id": "../other"}, ValueError),
        ({"journal": 7}, TypeError),
    ],
)
def test_an_argument_of_no_use_is_refused_before_anything_is_opened_or_sent(
    topup: Topups, sandbox: Sandbox, tmp_path: Path, arguments: dict[str, Any], error: type[Exception]
) -> None:
    usual = {"key": "refill", "amount": 5000, "journal": tmp_path / "journal.db"}
    with pytest.raises(error):
        topup.create_once(**{**usual, **arguments})
    assert sandbox.requests() == []
    assert list(tmp_path.iterdir()) == []


def test_a_key_that_cannot_be_one_is_named(topup: Topups, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"^key='' cannot be a key"):
        topup.create_once(key="", amount=5000, journal=tmp_path / "journal.db")


def test_which_account_is_meant_must_be_known(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CLOUDFLARE_ACCOUNT_ID", raising=False)
    with topups_of(sandbox, account_id=None) as topup:
        with pytest.raises(ValueError, match="which account"):
            topup.create_once(key="refill", amount=5000, journal=tmp_path / "journal.db")
        topup.create_once(key="refill", amount=5000, journal=tmp_path / "journal.db", account_id=sandbox.account_id)
    assert charged(sandbox) == [5000]


@pytest.mark.slow
def test_an_outcome_that_cannot_be_written_down_is_reported_and_found_again(
    sandbox: Sandbox, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    journal = MovedJournal(tmp_path / "journal.db", timeout=0.1)
    holder = MovedJournal(tmp_path / "journal.db")
    with topups_of(sandbox) as topup:
        holder.prepare()
        lock = holder.transaction("hold", sandbox.account_id)

        def hold_the_journal(request: httpx.Request) -> None:
            if is_charge(request):
                lock.__enter__()

        with topups_of(sandbox, transport=Through(sandbox.transport(), hold_the_journal)) as held_up:
            started = time.monotonic()
            outcome = held_up.create_once(key="refill", amount=5000, journal=journal)
            # It was tried again after a tenth, half and two seconds.
            assert time.monotonic() - started >= 2.6
        lock.__exit__(None, None, None)
        assert not outcome.recorded
        assert outcome.payment_intent_id == sandbox.charges()[0].invoice_id
        assert "could not be written to the journal" in caplog.text
        assert journal.record(sandbox.account_id, "refill").state == "sending"

        journal.let_leases_end()
        again = topup.create_once(key="refill", amount=5000, journal=journal)
    assert again.payment_intent_id == outcome.payment_intent_id
    assert charged(sandbox) == [5000]


def test_a_journal_that_fails_before_the_charge_prevents_it(topup: Topups, sandbox: Sandbox, tmp_path: Path) -> None:
    journal = MovedJournal(tmp_path / "journal.db")

    def fail() -> None:
        raise JournalError("it fails")

    journal.before["start_sending"] = fail
    with pytest.raises(JournalError, match="it fails"):
        topup.create_once(key="refill", amount=5000, journal=journal)
    assert charged(sandbox) == []
    topup.create_once(key="refill", amount=5000, journal=journal)
    assert charged(sandbox) == [5000]
