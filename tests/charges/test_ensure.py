"""Keeping a balance: only when it is low, only when nothing is on its way, only so often a day."""

import contextlib
import datetime as dt
import json
import re
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import httpx
import pytest
from aig_billing import usd
from aig_billing.errors import APIStatusError, ChargeError, ChargeInProgress, ChargeNotFound, ChargeOutcomeUnknown

from aig_billing_charges.evidence import InvoiceList
from aig_billing_sandbox import Sandbox
from tests.charges.stage import MovedJournal, Through, Topups, Way, charged, claim_charge, topups_of
from tests.runtime.operations import refusal

# A sandbox account starts with $25.
LOW = {"at_least": usd("30"), "amount": usd("50"), "key_prefix": "cron"}


def test_enough_is_left_alone(topup: Topups, sandbox: Sandbox, journal: MovedJournal) -> None:
    found = topup.ensure(**{**LOW, "at_least": usd("25")}, journal=journal)
    assert (found.action, found.balance, found.topup) == ("enough", Decimal(2500), None)
    assert str(found.balance_money) == "$25.00"
    assert charged(sandbox) == []


def test_a_low_balance_is_topped_up_under_a_key_of_the_utc_day(
    topup: Topups, sandbox: Sandbox, journal: MovedJournal
) -> None:
    sandbox.use("0.001")
    found = topup.ensure(**{**LOW, "at_least": usd("25")}, journal=journal)
    assert (found.action, found.balance) == ("topped_up", Decimal("2499.999"))
    assert re.fullmatch(r"cron-\d{4}-\d\d-\d\d-1", found.topup.key)
    assert charged(sandbox) == [5000]


def test_while_a_charge_is_pending_the_balance_does_not_count(
    topup: Topups, sandbox: Sandbox, journal: MovedJournal
) -> None:
    sandbox.behave(settles_after=3600)
    first = topup.ensure(**LOW, max_per_day=9, journal=journal)
    for _ in range(3):
        again = topup.ensure(**LOW, max_per_day=9, journal=journal)
        assert (again.action, again.balance) == ("pending", Decimal(2500))
        assert again.topup.payment_intent_id == first.topup.payment_intent_id
    sandbox.advance(hours=2)
    assert topup.ensure(**LOW, max_per_day=9, journal=journal).action == "enough"
    assert charged(sandbox) == [5000]


def test_a_charge_under_any_other_key_counts_too(topup: Topups, sandbox: Sandbox, journal: MovedJournal) -> None:
    sandbox.behave(settles_after=3600)
    topup.create_once(key="by hand", amount=5000, journal=journal)
    found = topup.ensure(**LOW, journal=journal)
    assert (found.action, found.topup.key) == ("pending", "by hand")
    assert charged(sandbox) == [5000]


def test_an_unknown_charge_is_settled_first(topup: Topups, sandbox: Sandbox, journal: MovedJournal) -> None:
    sandbox.behave(settles_after=3600)
    sandbox.fault("topup.create", drop="after")
    with pytest.raises(ChargeOutcomeUnknown):
        topup.ensure(**LOW, journal=journal)
    assert topup.ensure(**LOW, journal=journal).action == "pending"
    assert charged(sandbox) == [5000]


def test_while_a_charge_is_unknown_nothing_is_charged(topup: Topups, sandbox: Sandbox, journal: MovedJournal) -> None:
    sandbox.fault("topup.create", drop="before")
    for _ in range(3):
        with pytest.raises(ChargeOutcomeUnknown):
            topup.ensure(**LOW, max_per_day=9, journal=journal)
    assert charged(sandbox) == [5000]


def test_while_a_charge_of_another_key_is_unknown_nothing_is_charged(
    topup: Topups, sandbox: Sandbox, journal: MovedJournal
) -> None:
    sandbox.fault("topup.create", drop="before")
    with pytest.raises(ChargeOutcomeUnknown):
        topup.create_once(key="by hand", amount=5000, journal=journal)
    with pytest.raises(ChargeOutcomeUnknown, match="'by hand'"):
        topup.ensure(**LOW, max_per_day=9, journal=journal)
    assert len(sandbox.charges()) == 1


def test_after_a_charge_that_was_not_found_nothing_is_charged_that_day(
    topup: Topups, sandbox: Sandbox, journal: MovedJournal
) -> None:
    sandbox.fault("topup.create", drop="before")
    with pytest.raises(ChargeOutcomeUnknown) as lost:
        topup.create_once(key="by hand", amount=5000, journal=journal)
    # It ends well within a day, at any time of day.
    journal.ahead_ms += 86_400_000 - journal.now_ms() % 86_400_000 + 3_600_000
    with pytest.raises(ChargeNotFound):
        topup.reconcile(lost.value, journal=journal)
    for _ in range(2):
        with pytest.raises(ChargeNotFound, match="nothing more is charged today") as caught:
            topup.ensure(**LOW, max_per_day=9, journal=journal)
        assert (caught.value.account_id, caught.value.key, caught.value.amount) == (sandbox.account_id, "by hand", 5000)
    journal.pass_time(86_400)
    assert topup.ensure(**LOW, journal=journal).action == "topped_up"
    assert charged(sandbox) == [5000, 5000]


def test_only_so_many_charges_a_day(topup: Topups, sandbox: Sandbox, journal: MovedJournal) -> None:
    sandbox.behave(settles_after=0)
    keys = []
    for _ in range(2):
        sandbox.adjust_balance(-sandbox.balance())
        keys.append(topup.ensure(**LOW, max_per_day=2, cooldown=0, journal=journal).topup.key)
    sandbox.adjust_balance(-sandbox.balance())
    with pytest.raises(ChargeError, match="used up"):
        topup.ensure(**LOW, max_per_day=2, cooldown=0, journal=journal)
    assert [key[-2:] for key in keys] == ["-1", "-2"]
    assert len(charged(sandbox)) == 2
    # Another prefix has its own count; the next day begins again.
    journal.pass_time(86_400)
    assert topup.ensure(**LOW, max_per_day=2, cooldown=0, journal=journal).topup.key.endswith("-1")


def test_a_refused_charge_uses_up_its_number(topup: Topups, sandbox: Sandbox, journal: MovedJournal) -> None:
    sandbox.put_card("declines")
    with pytest.raises(APIStatusError, match="CARD_DECLINED"):
        topup.ensure(**LOW, journal=journal)
    for _ in range(2):
        with pytest.raises(ChargeError, match=r"used up .*is refused"):
            topup.ensure(**LOW, journal=journal)
    assert charged(sandbox) == [5000]


def test_while_auto_topup_is_on_it_refuses_unless_asked(topup: Topups, sandbox: Sandbox, journal: MovedJournal) -> None:
    topup.client.max_retries = 0
    sandbox.set_auto_topup(5000, 500)
    with pytest.raises(ChargeError, match="auto top-up is on"):
        topup.ensure(**LOW, journal=journal)
    assert charged(sandbox) == []
    assert topup.ensure(**LOW, allow_auto_topup=True, journal=journal).action == "topped_up"
    assert charged(sandbox) == [5000]


@pytest.mark.parametrize("mode", ["documented", "live"])
def test_auto_topup_that_is_off_is_known_in_each_of_its_spellings(
    topup: Topups, sandbox: Sandbox, journal: MovedJournal, mode: Any
) -> None:
    sandbox.behave(mode=mode)
    assert topup.ensure(**LOW, journal=journal).action == "topped_up"


@pytest.mark.slow
@pytest.mark.parametrize("settles_after", [0, 3600])
def test_many_machines_at_once_make_one_charge(sandbox: Sandbox, place: str, settles_after: float) -> None:
    sandbox.behave(settles_after=settles_after)
    sandbox.fault("topup.create", delay_before=0.1)

    def machine(_: int) -> str:
        # Each has its own client and journal object, as a process would.
        with topups_of(sandbox) as topup:
            action: str = topup.ensure(**LOW, max_per_day=9, journal=MovedJournal(place)).action
            return action

    with ThreadPoolExecutor(8) as machines:
        actions = list(machines.map(machine, range(16)))
    assert charged(sandbox) == [5000]
    assert actions.count("topped_up") == 1
    assert set(actions) <= {"topped_up", "pending", "enough"}


def test_a_balance_that_was_read_before_another_charge_moved_is_read_again(
    sandbox: Sandbox, journal: MovedJournal
) -> None:
    sandbox.behave(settles_after=0)
    with topups_of(sandbox) as topup, topups_of(sandbox) as other:
        # Between the look at the balance and the claim, another machine tops up and is done.
        journal.before["claim"] = lambda: other.create_once(key="by hand", amount=5000, journal=journal)
        assert topup.ensure(**LOW, max_per_day=9, journal=journal).action == "enough"
    assert charged(sandbox) == [5000]


def test_the_balance_is_asked_for_after_the_look_at_the_charges(sandbox: Sandbox, journal: MovedJournal) -> None:
    """The other way round, a charge between the two would be neither in the balance nor among what moved."""
    sandbox.behave(settles_after=0)
    with topups_of(sandbox) as topup, topups_of(sandbox) as other:
        journal.before["budget"] = lambda: other.create_once(key="by hand", amount=5000, journal=journal, wait=60)
        assert topup.ensure(**LOW, max_per_day=9, cooldown=0, journal=journal).action == "enough"
    assert charged(sandbox) == [5000]


def test_asking_for_the_balance_may_take_as_long_as_a_call(sandbox: Sandbox, journal: MovedJournal) -> None:
    seconds: list[float] = []

    def note(request: httpx.Request) -> None:
        if request.url.path.endswith("/credit-balance"):
            seconds.append(request.extensions["timeout"]["read"])

    with topups_of(sandbox, transport=Through(sandbox.transport(), note), deadline=20) as topup:
        topup.ensure(**LOW, journal=journal)
    assert [10 < each <= 20 for each in seconds] == [True]


def test_a_charge_that_is_about_to_be_sent_counts_too(topup: Topups, sandbox: Sandbox, journal: MovedJournal) -> None:
    journal.prepare()
    claim_charge(journal, sandbox.account_id, "by hand", 5000, "another attempt", lease=60)
    found = topup.ensure(**LOW, max_per_day=9, journal=journal)
    assert (found.action, found.topup) == ("pending", None)
    assert charged(sandbox) == []


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"at_least": -1}, ValueError),
        ({"at_least": 20.0}, TypeError),
        ({"amount": 999}, ValueError),
        ({"key_prefix": ""}, ValueError),
        ({"key_prefix": "k" * 190}, ValueError),
        ({"max_per_day": 0}, ValueError),
        ({"max_per_day": True}, TypeError),
        ({"allow_auto_topup": "yes"}, TypeError),
    ],
)
def test_an_argument_of_no_use_is_refused_before_anything_is_asked(
    topup: Topups, sandbox: Sandbox, journal: MovedJournal, arguments: dict[str, Any], error: type[Exception]
) -> None:
    (name,) = arguments
    with pytest.raises(error, match=f"^{name}\\b"):
        topup.ensure(**{**LOW, **arguments}, journal=journal)
    assert sandbox.requests() == []


class Lagging(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """A service whose balance stays what it was, until it is let go."""

    def __init__(self, inner: Any) -> None:
        self.inner = inner
        self.held: float | None = 100.0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response: httpx.Response = self.inner.handle_request(request)
        if self.held is None or not request.url.path.endswith("/credit-balance"):
            return response
        return self._lagging(response.read())

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response: httpx.Response = await self.inner.handle_async_request(request)
        if self.held is None or not request.url.path.endswith("/credit-balance"):
            return response
        return self._lagging(await response.aread())

    def _lagging(self, body: bytes) -> httpx.Response:
        answer = json.loads(body)
        answer["result"]["balance"] = self.held
        return httpx.Response(200, json=answer)


@pytest.fixture
def lagging(sandbox: Sandbox) -> Lagging:
    sandbox.behave(settles_after=0)
    return Lagging(sandbox.transport())


def test_a_purchase_that_the_balance_does_not_show_yet_is_waited_for(
    sandbox: Sandbox, way: Way, journal: MovedJournal, lagging: Lagging
) -> None:
    with topups_of(sandbox, way, lagging) as topup:
        first = topup.ensure(**LOW, max_per_day=10, journal=journal, wait=5)
        assert first.action == "topped_up"
        for _ in range(5):
            journal.pass_time(600)
            again = topup.ensure(**LOW, max_per_day=10, journal=journal)
            assert (again.action, again.topup.key) == ("pending", first.topup.key)
        journal.pass_time(700)
        assert topup.ensure(**LOW, max_per_day=10, journal=journal, wait=5).action == "topped_up"
        # Less than half of it more is another purchase's, or an older balance than the one that was seen.
        lagging.held = 2599.0
        assert topup.ensure(**LOW, max_per_day=10, journal=journal).action == "pending"
        # It shows the purchase: nothing to wait for, although it is low again.
        lagging.held = 2600.0
        assert topup.ensure(**LOW, max_per_day=10, journal=journal, wait=5).action == "topped_up"
        lagging.held = None
        assert topup.ensure(**LOW, max_per_day=10, journal=journal).action == "enough"
    assert charged(sandbox) == [5000] * 3


@pytest.mark.parametrize("cooldown", [0, 60])
def test_the_pause_can_be_chosen(
    sandbox: Sandbox, way: Way, journal: MovedJournal, lagging: Lagging, cooldown: float
) -> None:
    with topups_of(sandbox, way, lagging) as topup:
        for _ in range(3):
            assert topup.ensure(**LOW, max_per_day=10, cooldown=cooldown, journal=journal, wait=5).action == "topped_up"
            journal.pass_time(cooldown + 1)
    assert charged(sandbox) == [5000] * 3


@pytest.mark.slow
@pytest.mark.parametrize(
    ("limits", "said"),
    [
        ({"max_per_month": 2}, "max_per_month=2"),
        ({"max_amount_per_day": usd("149")}, r"max_amount_per_day=\$149\.00 would be passed \(\$150\.00\)"),
        ({"max_amount_per_month": usd("100")}, r"max_amount_per_month=\$100\.00"),
    ],
    ids=["charges a month", "amount a day", "amount a month"],
)
def test_a_day_and_a_month_have_limits_in_number_and_amount(
    sandbox: Sandbox, way: Way, journal: MovedJournal, lagging: Lagging, *, limits: dict[str, int], said: str
) -> None:
    terms = {**LOW, **limits, "max_per_day": 10, "cooldown": 0, "journal": journal, "wait": 5}
    with topups_of(sandbox, way, lagging) as topup:
        # Of another prefix, which has its own limits.
        topup.ensure(**{**terms, "key_prefix": "other"})
        for _ in range(2):
            topup.ensure(**terms)
        with pytest.raises(ChargeError, match=said):
            topup.ensure(**terms)
        if "max_amount_per_day" in limits:
            journal.pass_time(86_400)
        else:
            journal.pass_time(86_400)
            with pytest.raises(ChargeError, match=said) if _same_month(journal) else contextlib.nullcontext():
                topup.ensure(**terms)
            journal.pass_time(31 * 86_400)
        topup.ensure(**terms)


def _same_month(journal: MovedJournal) -> bool:
    now = dt.datetime.fromtimestamp(journal.now_ms() / 1000, dt.UTC)
    return now.day > 1


@pytest.mark.slow
@pytest.mark.parametrize(
    ("status", "code"), [(429, 10000), (401, 10000), (403, 9109), (403, 1000), (400, 6003), (400, 10000)]
)
def test_a_refusal_that_passes_uses_nothing_up(
    topup: Topups, sandbox: Sandbox, journal: MovedJournal, status: int, code: int
) -> None:
    sandbox.fault("topup.create", status=status, body=json.dumps(refusal(code)).encode())
    with pytest.raises(APIStatusError) as caught:
        topup.ensure(**LOW, journal=journal)
    assert caught.value.status_code == status
    assert "may be used again" in caught.value.__notes__[0]
    sandbox.clear_faults()
    assert topup.ensure(**LOW, journal=journal).action == "topped_up"
    assert charged(sandbox)[-1] == 5000


def test_a_declined_card_uses_up_its_number(topup: Topups, sandbox: Sandbox, journal: MovedJournal) -> None:
    sandbox.put_card("declines")
    with pytest.raises(APIStatusError):
        topup.ensure(**LOW, journal=journal)
    sandbox.put_card("good")
    with pytest.raises(ChargeError, match=r"used up \(1; the last, .* is refused\)"):
        topup.ensure(**LOW, journal=journal)


@pytest.mark.parametrize(
    ("argument", "value", "error"),
    [
        ("max_per_month", 0, ValueError),
        ("max_amount_per_day", "100", TypeError),
        ("max_amount_per_month", 50.0, TypeError),
        ("cooldown", -1, ValueError),
        ("cooldown", float("nan"), ValueError),
        ("cooldown", "1h", TypeError),
    ],
)
def test_limits_that_are_invalid_are_refused_before_anything_is_sent(
    topup: Topups, sandbox: Sandbox, journal: MovedJournal, *, argument: str, value: object, error: type[Exception]
) -> None:
    with pytest.raises(error, match=argument):
        topup.ensure(**LOW, **{argument: value}, journal=journal)
    assert sandbox.requests() == []


def test_another_account_can_be_named(topup: Topups, sandbox: Sandbox, journal: MovedJournal) -> None:
    other = sandbox.open_account()
    found = topup.ensure(**LOW, journal=journal, account_id=other)
    assert (found.action, found.topup.account_id) == ("topped_up", other)
    assert [charge.account_id for charge in sandbox.charges()] == [other]


def test_its_errors_say_which_account_and_amount_and_how_low_the_balance_is(
    topup: Topups, sandbox: Sandbox, journal: MovedJournal
) -> None:
    sandbox.set_auto_topup(5000, 500)
    with pytest.raises(ChargeError, match=r"^The balance is \$25\.00, and auto top-up is on") as switched_on:
        topup.ensure(**LOW, journal=journal)
    sandbox.behave(settles_after=0)
    with pytest.raises(ChargeError, match=r"^The balance is \$25\.00, and with another charge, max_amount") as limited:
        topup.ensure(**LOW, allow_auto_topup=True, max_amount_per_day=4999, journal=journal)
    for error in (switched_on.value, limited.value):
        assert (error.account_id, error.amount) == (sandbox.account_id, 5000)


def test_while_a_purchase_does_not_show_the_balance_that_was_read_is_given(
    topup: Topups, sandbox: Sandbox, journal: MovedJournal
) -> None:
    sandbox.behave(settles_after=0)
    topup.ensure(**LOW, max_per_day=9, journal=journal, wait=60)
    sandbox.use("5000")
    found = topup.ensure(**LOW, max_per_day=9, journal=journal)
    assert (found.action, found.balance) == ("pending", Decimal(2500))


def test_a_charge_that_keeps_moving_while_it_is_settled_stops_it(sandbox: Sandbox, journal: MovedJournal) -> None:
    journal.prepare()
    name = (sandbox.account_id, "by hand")
    claim_charge(journal, *name, 5000, "another attempt", lease=60)
    journal.start_sending(*name, "another attempt", InvoiceList((), has_more=False, total=0), lease=60)
    journal.let_leases_end()

    def move() -> None:
        journal.before["conclude"] = move
        journal.ahead_ms = 0
        journal.keep_sending(*name, "another attempt", lease=60)
        journal.let_leases_end()

    journal.before["conclude"] = move
    with topups_of(sandbox) as topup, pytest.raises(ChargeOutcomeUnknown, match="the journal changed"):
        topup.ensure(**LOW, max_per_day=9, journal=journal)
    assert charged(sandbox) == []


@pytest.mark.slow
def test_when_charges_keep_moving_it_gives_up_and_says_of_which_account(
    sandbox: Sandbox, journal: MovedJournal
) -> None:
    sandbox.behave(settles_after=0)
    with topups_of(sandbox) as topup, topups_of(sandbox) as other:

        def move() -> None:
            number = len(sandbox.charges())
            other.create_once(key=f"by hand {number}", amount=1000, journal=journal, wait=60)
            sandbox.use("1000")
            journal.before["claim"] = move

        journal.before["claim"] = move
        with pytest.raises(ChargeInProgress, match="keep changing") as caught:
            topup.ensure(**LOW, max_per_day=9, cooldown=0, journal=journal)
    assert (caught.value.account_id, caught.value.amount) == (sandbox.account_id, 5000)
    assert set(charged(sandbox)) == {1000}


@pytest.mark.parametrize("name", ["at_least", "max_amount_per_day", "max_amount_per_month"])
def test_what_is_not_whole_cents_is_refused_with_its_unit(topup: Topups, journal: MovedJournal, name: str) -> None:
    with pytest.raises(TypeError, match=f"^{name} must be a whole number of cents"):
        topup.ensure(**{**LOW, name: 99.5}, journal=journal)
