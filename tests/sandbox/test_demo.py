"""The demo account: plausible to look at, and the same for the same day."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from aig_billing_sandbox import Sandbox
from tests.sandbox.caller import without_socket

DAYS = [
    datetime(2026, 11, 20, 17, 30, tzinfo=UTC),
    datetime(2027, 3, 1, 0, 0, 1, tzinfo=UTC),
    datetime(2028, 2, 29, tzinfo=UTC),
]


@pytest.mark.parametrize("now", DAYS)
def test_it_has_lived_through_a_month_and_more(now: datetime) -> None:
    with Sandbox(seed="demo", now=now) as sandbox:
        api = without_socket(sandbox)
        balance = api.get("credit-balance")
        assert 1_000 < balance["balance"] < 15_000
        assert balance["payment_method"] == {"brand": "visa", "last4": "4242"}
        assert not balance["topup_config"]["amount"]
        assert balance["first_topup_success"] is True

        bounds = f"start_time={int((now - timedelta(days=45)).timestamp() * 1000)}&end_time={int(now.timestamp() * 1000) + 86_400_000}"
        history = api.get(f"usage-history?value_grouping_window=day&{bounds}")["history"]
        assert len(history) >= 40
        weekend, working = (
            [day["aggregated_value"] for day in history if is_weekend(day) is wanted] for wanted in (True, False)
        )
        assert sum(working) / len(working) > 2 * sum(weekend) / len(weekend)

        kinds = [invoice["invoice_origin"] for invoice in api.get("invoice-history")["invoices"]]
        assert kinds.count("manual") == 2
        assert kinds.count("auto") >= 1


def is_weekend(day: Any) -> bool:
    return datetime.fromtimestamp(day["start_time"] / 1000, UTC).weekday() >= 5


def test_nothing_of_it_lies_in_the_future() -> None:
    for now in (datetime(2026, 11, 20, hour, tzinfo=UTC) for hour in (0, 8, 14, 23)):
        with Sandbox(seed="demo", now=now) as sandbox:
            limit = int(now.timestamp() * 1000) + 1000
            state: Any = sandbox.state()
            assert max(row["at_ms"] for row in state["ledger_entries"]) <= limit
            assert max(row["created_ms"] for row in state["invoices"]) <= limit
            # What is bought is paid before the next call is metered.
            times = [row["at_ms"] for row in state["ledger_entries"]]
            assert times == sorted(times)


def without_ids(life: Any) -> Any:
    return [
        [
            {name: value for name, value in row.items() if not name.endswith("id") or name == "account_id"}
            for row in table
        ]
        for table in life
    ]


def test_it_is_the_same_for_the_same_moment_but_for_the_ids() -> None:
    lives: list[Any] = []
    for _ in range(2):
        with Sandbox(seed="demo", now=DAYS[0]) as sandbox:
            state: Any = sandbox.state()
            lives.append([state[name] for name in ("invoices", "usage_events", "ledger_entries")])
    ids = [{row["id"] for table in life[:2] for row in table} for life in lives]
    assert not ids[0] & ids[1], "an id is repeated"
    assert without_ids(lives[0]) == without_ids(lives[1])


def test_books_that_are_kept_are_not_filled_again(tmp_path: Path) -> None:
    with Sandbox(tmp_path / "books.db", seed="demo") as sandbox:
        count = len(sandbox.state()["usage_events"])
    with Sandbox(tmp_path / "books.db", seed="demo") as sandbox:
        assert len(sandbox.state()["usage_events"]) == count


def test_a_seed_that_is_unknown_is_refused() -> None:
    with pytest.raises(ValueError, match="seed is demo or None"):
        Sandbox(seed="lavish")  # type: ignore[arg-type]
