"""The history keeps what the API forgets, and reports show it: exact, escaped, and readable wherever they are opened."""

from __future__ import annotations

import asyncio
import contextlib
import csv
import datetime as dt
import io
import re
from decimal import Decimal
from pathlib import Path

import pytest
from aig_billing import Money, usd

from aig_billing_monitor.history import History, HistoryError
from aig_billing_monitor.history.history import KeptBalance, KeptInvoice
from aig_billing_monitor.report import MonthReport, gather, write_csv, write_html, write_markdown
from aig_billing_monitor.report.month import TopUp, month_range
from aig_billing_monitor.sync import Synced, sync
from aig_billing_sandbox import Sandbox

from .conftest import NOON, account_of, reading

HOSTILE = "<script>alert(1)</script>|=cmd`"


@pytest.fixture
def history(place: str) -> History:
    return History(place)


def synced(sandbox: Sandbox, history: History) -> Synced:
    async def go() -> Synced:
        async with reading(sandbox) as reader:
            return await sync(reader, account_of(sandbox), history)

    return asyncio.run(go())


def test_more_invoices_are_kept_than_the_api_lists(sandbox: Sandbox, history: History) -> None:
    sandbox.behave(invoices_per_page=2, settles_after=0)
    with sandbox.client() as client:
        for dollars in (30, 40, 50):
            sandbox.advance(days=1)
            client.ai_gateway.billing.topup.create(amount=usd(dollars))
            kept = synced(sandbox, history)
    assert (kept.invoices, kept.invoices_in_all) == (2, 4)
    found = [
        one.due_cents
        for one in history.invoices(sandbox.account_id, NOON - dt.timedelta(days=365), NOON + dt.timedelta(days=365))
    ]
    assert len(found) == 4
    assert found == sorted(found), "the oldest first: $25 of the start, then 30, 40, 50"


def test_usage_of_days_is_kept_without_gaps_and_replaced_where_it_was_metered_late(
    sandbox: Sandbox, history: History
) -> None:
    sandbox.use(100, at=NOON - dt.timedelta(days=3))
    synced(sandbox, history)
    sandbox.use(50, at=NOON - dt.timedelta(days=1))
    sandbox.advance(days=1)
    synced(sandbox, history)
    days = history.usage(sandbox.account_id, dt.date(2026, 11, 14), dt.date(2026, 11, 19))
    assert {day.day: cents for day, cents in days.items()} == {14: 0, 15: 100, 16: 0, 17: 50, 18: 0, 19: 0}


def test_costs_by_model_are_those_of_the_preview_and_of_its_month(sandbox: Sandbox, history: History) -> None:
    sandbox.use(300, model="openai/gpt-5-mini")
    sandbox.use(100, model="anthropic/claude")
    synced(sandbox, history)
    sandbox.use(Decimal("0.5"), model="anthropic/claude")
    synced(sandbox, history)
    assert history.model_costs(sandbox.account_id, "2026-11") == [
        ("openai/gpt-5-mini", Money(3)),
        ("anthropic/claude", Money("1.005")),
    ]
    assert history.model_costs(sandbox.account_id, "2026-10") == []


def test_a_history_of_another_version_is_refused_and_stays_as_it_is(tmp_path: Path) -> None:
    import sqlite3

    History(tmp_path / "h.db")
    with contextlib.closing(sqlite3.connect(tmp_path / "h.db")) as connection, connection:
        connection.execute("UPDATE aig_history_versions SET version = 99")
    connection.close()
    with pytest.raises(HistoryError, match="version 99"):
        History(tmp_path / "h.db")


@pytest.mark.parametrize("place", ["mysql://host/db", "nonsense://x", "sqlite:///x.db", "postgresql://host:port/db"])
def test_a_place_that_cannot_be_a_history_is_refused(place: str) -> None:
    with pytest.raises(HistoryError):
        History(place)


def test_no_password_of_a_database_is_shown() -> None:
    with pytest.raises(HistoryError) as error:
        History("postgresql://me:hunter2hunter2@127.0.0.1:1/db")
    assert "hunter2hunter2" not in str(error.value)


# Reports


def month(**more: object) -> MonthReport:
    start, end = month_range("2026-10")
    cents = Decimal(10_500)
    days = [dt.date(2026, 10, day) for day in range(1, 32)]
    figures: dict[str, object] = {
        "account_id": "7f3c0a9e5b1d42d8a6e4c9b20f18d573",
        "name": "shop",
        "start": start,
        "end": end,
        "made_at": NOON,
        "usage": tuple((day, Money(Decimal(day.day) / 10)) for day in days),
        "top_ups": (TopUp("in_1", start, "manual", "paid", cents, cents, "USD", "x", Money(Decimal(100)), "inferred"),),
        "models": (("openai/gpt-5-mini", Money(Decimal("30.5"))), (HOSTILE, Money(Decimal(2)))),
        "balances": tuple(KeptBalance(start + dt.timedelta(days=day), Decimal(5000 - 200 * day)) for day in range(30)),
    }
    return MonthReport(**(figures | more))  # type: ignore[arg-type]


def test_the_fee_is_worked_out_only_where_it_gives_whole_cents_and_is_known_from_the_journal(tmp_path: Path) -> None:
    history = History(tmp_path / "h.db")
    at = dt.datetime(2026, 10, 5, tzinfo=dt.UTC)
    paid = {"in_fee": 10_500, "in_tax": 12_495, "in_whole": 4_001}
    history.keep_invoices(
        "a",
        [KeptInvoice(name, at, "manual", "paid", Decimal(due), Decimal(due), "USD", "") for name, due in paid.items()],
    )
    found = gather(history, "a", "2026-10", now=NOON, credits_bought={"in_tax": 10_000})
    assert {one.invoice_id: (str(one.credit), str(one.fee_and_tax), one.source) for one in found.top_ups} == {
        "in_fee": ("$100.00", "$5.00", "inferred"),
        "in_tax": ("$100.00", "$24.95", "journal"),
        "in_whole": ("None", "None", "unknown"),
    }


def test_amounts_of_other_currencies_stay_what_they_are(tmp_path: Path) -> None:
    """A yen has no smaller part, and dollars and yen are not added."""
    history = History(tmp_path / "h.db")
    at = dt.datetime(2026, 10, 5, tzinfo=dt.UTC)
    for name, cents, currency in (("in_yen", 525_000, "JPY"), ("in_usd", 10_500, "USD")):
        kept = KeptInvoice(name, at, "manual", "paid", Decimal(cents), Decimal(cents), currency, "")
        history.keep_invoices("a", [kept])
    history.keep_model_costs("a", "2026-10", [("openai/gpt-5-mini", Decimal(120_000), "JPY")])
    found = gather(history, "a", "2026-10", now=NOON)
    assert {one.invoice_id: str(one.credit) for one in found.top_ups} == {"in_yen": "5,000 JPY", "in_usd": "$100.00"}
    assert sorted(map(str, found.paid)) == ["$105.00", "5,250 JPY"]
    assert [str(cost) for _, cost in found.models] == ["1,200 JPY"]
    assert "5,250 JPY" in write_html(found)


def test_a_month_is_one_of_utc_and_nothing_of_its_neighbours_is_in_it(tmp_path: Path) -> None:
    history = History(tmp_path / "h.db")
    day = dt.date(2026, 10, 31)
    history.keep_usage("a", [(day, Decimal(1)), (day + dt.timedelta(days=1), Decimal(2))])
    assert gather(history, "a", "2026-10", now=NOON).used == Money(Decimal("0.01"))
    assert gather(history, "a", "2026-11", now=NOON).used == Money(Decimal("0.02"))
    assert month_range("2026-12")[1] == dt.datetime(2027, 1, 1, tzinfo=dt.UTC)
    with pytest.raises(ValueError, match="2026-10"):
        month_range("October")


def test_a_report_without_anything_says_so_in_each_form(tmp_path: Path) -> None:
    empty = gather(History(tmp_path / "h.db"), "a", "2026-10", now=NOON)
    assert "Nothing was kept of this month." in write_html(empty)
    assert "Nothing was kept of this month." in write_markdown(empty)
    assert len(write_csv(empty).splitlines()) == 1


def test_the_forecast_is_that_of_the_last_reading_that_has_a_rate() -> None:
    start, _ = month_range("2026-10")
    cents = Decimal(5000)
    balances = [
        KeptBalance(start, cents, cents),
        KeptBalance(start + dt.timedelta(days=1), cents, Decimal(100)),
        KeptBalance(start + dt.timedelta(days=2), cents),
    ]
    lasts = "$50.00 on 2026-10-02 lasts 50.0 days at $1.00 a day, until 2026-11-21"
    assert f"| Forecast | {lasts} |" in write_markdown(month(balances=balances))
    unused = KeptBalance(start, cents, Decimal(0))
    assert "| Forecast | $50.00 on 2026-10-01, and nothing uses it up |" in write_markdown(month(balances=[unused]))


def test_csv_is_exact_and_no_text_in_it_is_a_formula() -> None:
    report = month(models=(("=HYPERLINK(1)", Money(Decimal("0.000123"))),))
    rows = list(csv.DictReader(io.StringIO(write_csv(report))))
    (model,) = (row for row in rows if row["kind"] == "model")
    assert model["name"] == "'=HYPERLINK(1)"
    assert model["amount_cents"] == "0.0123"
    assert sum(Decimal(row["amount_cents"]) for row in rows if row["kind"] == "usage") == report.used.amount * 100
    (top_up,) = (row for row in rows if row["kind"] == "top_up")
    assert (top_up["amount_cents"], top_up["credit_cents"]) == ("10500", "10000")


def test_texts_of_the_api_are_neither_html_nor_markup() -> None:
    page, text = write_html(month()), write_markdown(month())
    assert "<script" not in page
    assert "<script" not in text
    assert "&lt;script>alert(1)&lt;/script>\\|=cmd\\`" in text


def test_the_html_names_no_other_file() -> None:
    assert re.findall(r"(?:src|href|url\()\s*=?", write_html(month())) == []
