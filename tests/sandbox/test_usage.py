"""Usage: metered exactly, added up by hour, day and model, blocked when the credit is used up."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from aig_billing_sandbox import Sandbox
from tests.sandbox.caller import Caller


def ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def test_a_cost_is_exact_to_the_thousandth_of_a_cent(sandbox: Sandbox, api: Caller) -> None:
    sandbox.use("1859.81")
    assert api.get("credit-balance")["balance"] == 640.19
    assert '"balance":640.19,' in api.send("GET", "credit-balance").text
    with pytest.raises(ValueError, match=r"^cents has at most three decimals"):
        sandbox.use("0.0001")
    with pytest.raises(TypeError, match="float"):
        sandbox.use(0.1)  # type: ignore[arg-type]


def test_quantity_times_price_is_the_line_of_the_preview_and_what_was_debited(sandbox: Sandbox, api: Caller) -> None:
    # 5.4 thousandths of a cent each: rounded one by one, they would come to 35, and not to 37.8.
    for _ in range(7):
        sandbox.use(model="a/b", quantity=360, unit_amount="0.00000015")
    preview = api.get("invoice-preview")
    (line,) = preview["invoice_lines"]
    assert line["quantity"] == 7 * 360
    assert line["pricing"] == {"unit_amount_decimal": "0.00000015"}
    assert line["amount"] == 0.038
    assert sandbox.balance() == Decimal("2499.962")


def test_the_preview_has_a_line_for_each_model_and_price_the_dearest_first(sandbox: Sandbox, api: Caller) -> None:
    sandbox.use(model="cheap", quantity=10, unit_amount="0.001")
    sandbox.use(model="dear", quantity=10, unit_amount="0.1")
    sandbox.use(model="cheap", quantity=10, unit_amount="0.002")
    preview = api.get("invoice-preview")
    lines = [(line["description"], line["amount"]) for line in preview["invoice_lines"]]
    assert lines == [("dear", 100), ("cheap", 2), ("cheap", 1)]
    november, december = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)
    period = {"start": int(november.timestamp()), "end": int(december.timestamp())}
    assert all(line["period"] == period for line in preview["invoice_lines"])
    assert (preview["period_start"], preview["period_end"]) == (period["start"], period["end"])
    assert (preview["status"], preview["amount_paid"]) == ("draft", 0)


def test_credit_pays_for_the_preview_but_for_what_is_below_zero(sandbox: Sandbox, api: Caller) -> None:
    sandbox.use(2400, model="a")
    assert api.get("invoice-preview")["amount_due"] == 0
    sandbox.use(300, model="b")
    preview = api.get("invoice-preview")
    assert preview["amount_due"] == preview["amount_remaining"] == 200
    paid = sum(credit["amount"] for line in preview["invoice_lines"] for credit in line["pretax_credit_amounts"])
    assert paid == 2500


def test_the_preview_of_a_new_month_starts_empty(sandbox: Sandbox, api: Caller) -> None:
    sandbox.use(10)
    first = api.get("invoice-preview")
    sandbox.set_clock(datetime(2026, 12, 1, tzinfo=UTC))
    second = api.get("invoice-preview")
    assert second["invoice_lines"] == []
    assert second["id"] != first["id"]
    assert second["period_start"] == first["period_end"]


def test_usage_is_added_up_by_day_and_hour_in_utc(sandbox: Sandbox, api: Caller) -> None:
    midnight = datetime(2026, 11, 18, tzinfo=UTC)
    for moment, cents in (
        (midnight - timedelta(milliseconds=1), 1),
        (midnight, 2),
        (midnight + timedelta(minutes=59), 4),
        (midnight + timedelta(hours=1), 8),
    ):
        sandbox.use(cents, at=moment)
    by_day = api.get("usage-history?value_grouping_window=day")["history"]
    assert [(record["aggregated_value"], record["start_time"]) for record in by_day] == [
        (1, ms(midnight - timedelta(days=1))),
        (14, ms(midnight)),
    ]
    assert all(record["end_time"] - record["start_time"] == 86_400_000 for record in by_day)
    by_hour = api.get("usage-history?value_grouping_window=hour")["history"]
    assert [record["aggregated_value"] for record in by_hour] == [1, 6, 8]
    assert len({record["id"] for record in by_day + by_hour}) == 5


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [(0, 10, [3]), (1, 10, [2]), (0, 5, [1]), (0, 6, [3]), (5, 5, []), (-10, 0, []), ("0.5", "5.5", [2])],
)
def test_both_bounds_are_honoured_the_first_included_the_last_not(
    sandbox: Sandbox, api: Caller, start: Any, end: Any, expected: list[int]
) -> None:
    origin = datetime(2026, 11, 18, 6, tzinfo=UTC)
    sandbox.use(1, at=origin)
    sandbox.use(2, at=origin + timedelta(milliseconds=5))
    bounds = f"start_time={ms(origin) + Decimal(start)}&end_time={ms(origin) + Decimal(end)}"
    history = api.get(f"usage-history?value_grouping_window=day&{bounds}")["history"]
    assert [record["aggregated_value"] for record in history] == expected


@pytest.mark.parametrize("far", ["1e15", "1e20", "7.642051535989068e%2B119", "8640000000000000.5"])
def test_bounds_may_lie_beyond_all_time(sandbox: Sandbox, api: Caller, far: str) -> None:
    sandbox.use(1)
    history = api.get(f"usage-history?value_grouping_window=day&start_time=-{far}&end_time={far}")["history"]
    assert [record["aggregated_value"] for record in history] == [1]


def test_a_bound_that_is_left_out_means_thirty_days_up_to_now(sandbox: Sandbox, api: Caller) -> None:
    sandbox.use(1, at=sandbox.now - timedelta(days=30, milliseconds=1))
    sandbox.use(2, at=sandbox.now - timedelta(days=29))
    sandbox.use(4)
    for query in ("", "&start_time=&end_time=", "&start_time=null"):
        history = api.get(f"usage-history?value_grouping_window=day{query}")["history"]
        assert sum(record["aggregated_value"] for record in history) == 6


def test_the_live_service_wants_both_bounds(sandbox: Sandbox, api: Caller) -> None:
    sandbox.behave(mode="live")
    api.refused("GET", "usage-history?value_grouping_window=day", 400)
    api.refused("GET", "usage-history?value_grouping_window=day&start_time=0", 400)
    assert api.get("usage-history?value_grouping_window=day&start_time=0&end_time=1") == {"history": []}


def test_the_last_call_may_take_the_balance_below_zero_and_the_next_is_blocked(sandbox: Sandbox) -> None:
    assert sandbox.use(2499).blocked is None
    assert sandbox.use(500).balance_cents == -499
    after = sandbox.use(1)
    assert after.blocked == "out_of_credit"
    assert (after.cost_cents, after.balance_cents) == (Decimal(0), Decimal(-499))


def test_an_empty_balance_blocks(sandbox: Sandbox) -> None:
    assert sandbox.use("2499.999").blocked is None
    assert sandbox.use("0.001").blocked is None
    assert sandbox.use("0.001").blocked == "out_of_credit"


def test_a_call_is_metered_late_but_never_early(sandbox: Sandbox) -> None:
    sandbox.use(1, at=sandbox.now - timedelta(days=3))
    with pytest.raises(ValueError, match="in the future"):
        sandbox.use(1, at=sandbox.now + timedelta(seconds=1))


@pytest.mark.parametrize(
    "terms",
    [{}, {"cents": 1, "quantity": 1}, {"quantity": 1}, {"cents": 0}, {"cents": -1}, {"quantity": 0, "unit_amount": 1}],
)
def test_a_call_has_one_cost(sandbox: Sandbox, terms: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"either cents|above zero"):
        sandbox.use(**terms)
