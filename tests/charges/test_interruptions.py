"""A call that is cancelled or interrupted anywhere leaves a journal that tells the truth, and is never sent again."""

import asyncio
import threading
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from aig_billing.errors import ChargeOutcomeUnknown

from aig_billing_sandbox import Sandbox
from tests.charges.stage import MovedJournal, Through, charged, is_charge, topups_of

STEPS = ("claim", "start_sending", "record_sent")


def cancelled_at(sandbox: Sandbox, journal: MovedJournal, arrange: Callable[[Callable[[], None], Any], Any]) -> None:
    """Run a charge that is cancelled where `arrange` says."""
    with topups_of(sandbox, "async") as topup:
        assert topup.loop is not None
        loop = topup.loop.get_loop()

        async def run() -> None:
            task = asyncio.current_task()
            assert task is not None

            def cancel() -> None:
                loop.call_soon_threadsafe(task.cancel)

            arrange(cancel, topup)
            await topup.client.ai_gateway.billing.topup.create_once(key="refill", amount=5000, journal=journal)
            await asyncio.sleep(0)

        with pytest.raises(asyncio.CancelledError):
            topup.loop.run(run())


@pytest.mark.slow
@pytest.mark.parametrize("step", STEPS)
def test_cancelled_during_a_step_of_the_journal_the_step_is_finished_first(
    sandbox: Sandbox, journal: MovedJournal, step: str
) -> None:
    import time

    def arrange(cancel: Callable[[], None], _: Any) -> None:
        def slowly() -> None:
            cancel()
            time.sleep(0.1)

        journal.before[step] = slowly

    cancelled_at(sandbox, journal, arrange)
    state = journal.record(sandbox.account_id, "refill").state
    # Nothing had left before the last of them: the key is free at once, without waiting for a lease.
    assert state == ("sent" if step == "record_sent" else "intent")
    with topups_of(sandbox) as topup:
        outcome = topup.create_once(key="refill", amount=5000, journal=journal)
    assert outcome.replayed == (step == "record_sent")
    assert charged(sandbox) == [5000]


@pytest.mark.parametrize("during", ["invoices", "charge"])
def test_cancelled_during_a_request(sandbox: Sandbox, journal: MovedJournal, during: str) -> None:
    def arrange(cancel: Callable[[], None], topup: Any) -> None:
        operation = "invoice_history" if during == "invoices" else "topup.create"
        sandbox.fault(operation, delay_after=2)

        def look(request: httpx.Request) -> None:
            if is_charge(request) == (during == "charge"):
                topup.loop.get_loop().call_later(0.2, cancel)

        topup.client._transports._given = None
        topup.client._transports._pooled = topup.client._transports._fresh = Through(sandbox.transport(), look)

    cancelled_at(sandbox, journal, arrange)
    assert journal.record(sandbox.account_id, "refill").state == ("intent" if during == "invoices" else "unknown")
    with topups_of(sandbox) as topup:
        outcome = topup.create_once(key="refill", amount=5000, journal=journal)
    assert outcome.replayed == (during == "charge")
    assert charged(sandbox) == [5000]


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit, RuntimeError, MemoryError])
@pytest.mark.parametrize("when", ["before", "after"])
def test_interrupted_while_the_charge_is_on_its_way(
    sandbox: Sandbox, journal: MovedJournal, error: type[BaseException], when: str
) -> None:
    inner = sandbox.transport()

    class Interrupting(httpx.BaseTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            if not is_charge(request):
                return inner.handle_request(request)
            if when == "after":
                inner.handle_request(request)
            raise error

    with topups_of(sandbox, transport=Interrupting()) as topup, pytest.raises(error):
        topup.create_once(key="refill", amount=5000, journal=journal)
    assert journal.record(sandbox.account_id, "refill").state == "unknown"
    with topups_of(sandbox) as topup:
        if when == "after":
            assert topup.create_once(key="refill", amount=5000, journal=journal).replayed
        else:
            with pytest.raises(ChargeOutcomeUnknown, match="one may still appear"):
                topup.create_once(key="refill", amount=5000, journal=journal)
    assert len(charged(sandbox)) == (1 if when == "after" else 0)


@pytest.mark.parametrize("error", [KeyboardInterrupt, RuntimeError])
def test_interrupted_before_anything_has_left(
    sandbox: Sandbox, journal: MovedJournal, error: type[BaseException]
) -> None:
    def interrupt(request: httpx.Request) -> None:
        raise error

    with topups_of(sandbox, transport=Through(sandbox.transport(), interrupt)) as topup, pytest.raises(error):
        topup.create_once(key="refill", amount=5000, journal=journal)
    assert journal.record(sandbox.account_id, "refill").state == "intent"
    with topups_of(sandbox) as topup:
        assert not topup.create_once(key="refill", amount=5000, journal=journal).replayed
    assert charged(sandbox) == [5000]


def test_a_task_that_is_cancelled_again_and_again_still_finishes_its_step(
    sandbox: Sandbox, journal: MovedJournal
) -> None:
    import time

    def arrange(cancel: Callable[[], None], _: Any) -> None:
        def slowly() -> None:
            for _ in range(5):
                cancel()
                time.sleep(0.02)

        journal.before["record_sent"] = slowly

    cancelled_at(sandbox, journal, arrange)
    assert journal.record(sandbox.account_id, "refill").state == "sent"


def test_an_event_loop_is_not_held_up_by_the_journal(sandbox: Sandbox, journal: MovedJournal) -> None:
    begun, released = threading.Event(), threading.Event()

    def claim() -> None:
        begun.set()
        assert released.wait(60), "the event loop did not go on while the journal was busy"

    journal.before["claim"] = claim
    journal.prepare()
    with topups_of(sandbox, "async") as topup:
        assert topup.loop is not None

        async def release() -> None:
            await asyncio.to_thread(begun.wait, 60)
            released.set()

        async def run() -> None:
            create_once = topup.client.ai_gateway.billing.topup.create_once
            await asyncio.gather(create_once(key="refill", amount=5000, journal=journal), release())

        topup.loop.run(run())


def test_a_client_that_is_closed_before_the_request_leaves_has_charged_nothing(
    sandbox: Sandbox, journal: MovedJournal
) -> None:
    with topups_of(sandbox) as topup:
        journal.after["start_sending"] = topup.client.close
        with pytest.raises(RuntimeError, match="closed"):
            topup.create_once(key="refill", amount=5000, journal=journal)
    assert charged(sandbox) == []
    assert journal.record(sandbox.account_id, "refill").state == "intent"
