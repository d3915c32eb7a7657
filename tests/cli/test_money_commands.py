"""Reading money: every command for programs, with the fields its help promises."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal
from typing import Any

import pytest

from aig_billing_cli.commands import auto_topup, balance, charges, doctor, invoices, limit, topup, usage, watch
from aig_billing_cli.output.rows import Field
from aig_billing_sandbox import Sandbox
from tests.cli.terminal import CommandLine


def names(fields: tuple[Field[Any], ...]) -> list[str]:
    return [name for field in fields for name in field.names()]


def answer(ended_out: str) -> object:
    return json.loads(ended_out, parse_float=Decimal)


@pytest.mark.parametrize(
    ("arguments", "fields"),
    [
        (("balance",), balance.FIELDS),
        (("auto-topup", "show"), auto_topup.FIELDS),
        (("limit", "show"), limit.FIELDS),
        (("watch", "--below", "1"), watch.FIELDS),
    ],
)
def test_a_single_answer_is_one_object(
    frozen: CommandLine, arguments: tuple[str, ...], fields: tuple[Field[Any], ...]
) -> None:
    ended = frozen.run(*arguments, "-o", "json")
    assert (ended.code, ended.err) == (0, "")
    assert list(json.loads(ended.out)) == names(fields)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "fields"),
    [
        (("invoices",), invoices.FIELDS),
        (("doctor", "--low", "1"), doctor.FIELDS),
        (("charges", "list"), charges.FIELDS),
    ],
)
def test_a_list_is_an_array(frozen: CommandLine, arguments: tuple[str, ...], fields: tuple[Field[Any], ...]) -> None:
    ended = frozen.run(*arguments, "-o", "json")
    assert ended.err == ""
    rows = json.loads(ended.out)
    assert isinstance(rows, list)
    assert all(list(row) == names(fields) for row in rows)


def test_the_balance_is_exact_in_cents_and_in_dollars(frozen: CommandLine, frozen_sandbox: Sandbox) -> None:
    row = answer(frozen.run("balance", "-o", "json").out)
    assert isinstance(row, dict)
    assert row["balance_cents"] == frozen_sandbox.balance()
    assert row["balance_dollars"] * 100 == frozen_sandbox.balance()


def test_usage_has_every_window_and_an_exact_summary(frozen: CommandLine, frozen_sandbox: Sandbox) -> None:
    ended = frozen.run("usage", "--since", "10d", "-o", "json")
    assert ended.code == 0, ended.err
    found = answer(ended.out)
    assert isinstance(found, dict)
    assert list(found) == [*names(usage.SUMMARY_FIELDS), "windows"]
    windows = found["windows"]
    assert [window["start"] for window in windows] == [f"2026-11-{day:02}T00:00:00Z" for day in range(9, 19)]
    assert list(windows[0]) == names(usage.FIELDS)
    total = sum(window["usage_cents"] for window in windows)
    assert found["total_cents"] == total
    # Nine whole days, half a day, and the second that an answer's date leaves open.
    days = (Decimal(9 * 86_400 + 43_200 + 1)) / 86_400
    assert abs(found["mean_per_day_cents"] - total / days) < Decimal("0.000001")
    assert abs(found["days_left"] - frozen_sandbox.balance() / found["rate_per_day_cents"]) <= Decimal("0.006")


@pytest.mark.slow
def test_usage_is_in_utc_wherever_its_reader_is(frozen: CommandLine) -> None:
    tokyo = frozen.with_environment(TZ="Asia/Tokyo")
    ended = tokyo.run("usage", "--by", "hour", "--since", "yesterday", "--until", "2026-11-17", "-o", "csv")
    rows = list(csv.DictReader(io.StringIO(ended.out)))
    assert [rows[0]["start"], rows[-1]["end"], len(rows)] == ["2026-11-17T00:00:00Z", "2026-11-18T00:00:00Z", 24]
    assert "(times are UTC)" in tokyo.run("usage", "--by", "hour").out


@pytest.mark.slow
def test_usage_shows_this_month_by_default_and_months_add_up(frozen: CommandLine) -> None:
    days = answer(frozen.run("usage", "-o", "json").out)
    assert isinstance(days, dict)
    assert [window["start"] for window in days["windows"]] == [f"2026-11-{day:02}T00:00:00Z" for day in range(1, 19)]
    months = answer(frozen.run("usage", "--by", "month", "-o", "json").out)
    assert isinstance(months, dict)
    windows = months["windows"]
    assert (windows[0]["start"], windows[-1]["start"], len(windows)) == (
        "2025-12-01T00:00:00Z",
        "2026-11-01T00:00:00Z",
        12,
    )
    assert windows[-1]["usage_cents"] == days["total_cents"]


@pytest.mark.slow
def test_usage_by_model_is_the_next_invoices(frozen: CommandLine) -> None:
    preview = answer(frozen.run("invoices", "preview", "-o", "json").out)
    found = answer(frozen.run("usage", "--by", "model", "-o", "json").out)
    assert isinstance(preview, dict)
    assert isinstance(found, dict)
    assert found["total_cents"] == preview["lines_total_cents"]
    assert [(window["model"], window["usage_cents"]) for window in found["windows"]] == [
        (line["description"], line["amount_cents"]) for line in preview["lines"]
    ]
    refused = frozen.run("usage", "--by", "model", "--since", "30d")
    assert (refused.code, "--since" in refused.err) == (2, True)


def test_usage_as_json_lines_holds_the_windows_alone(frozen: CommandLine) -> None:
    lines = frozen.run("usage", "--since", "2026-11-10", "--until", "2026-11-12", "-o", "jsonl").out.splitlines()
    assert [json.loads(line)["start"][:10] for line in lines] == ["2026-11-10", "2026-11-11", "2026-11-12"]


def test_an_empty_range_is_refused_before_the_usage_is_asked_for(owner: CommandLine, sandbox: Sandbox) -> None:
    ended = owner.run("usage", "--since", "2026-11-02", "--until", "2026-11-01")
    assert ended.code == 2
    assert "--since must be before --until" in ended.err
    assert [record.operation for record in sandbox.requests()] == ["credit_balance"]


def test_invoices_are_listed_newest_first_and_by_kind(frozen: CommandLine) -> None:
    rows = list(csv.DictReader(io.StringIO(frozen.run("invoices", "--type", "auto", "-o", "csv").out)))
    assert [row["origin"] for row in rows] == ["auto", "auto"]
    assert [row["created"] for row in rows] == sorted((row["created"] for row in rows), reverse=True)
    assert rows[0]["amount_due_dollars"] == "25"


@pytest.mark.slow
def test_more_invoices_than_a_page_holds_are_reported(owner: CommandLine, sandbox: Sandbox) -> None:
    sandbox.behave(invoices_per_page=1)
    ended = owner.run("topup", "10", "--yes", "-q")
    assert ended.code == 0
    ended = owner.run("invoices")
    assert len(ended.out.splitlines()) == 2
    assert "1 of 2 invoices" in ended.err


def test_the_preview_adds_up(frozen: CommandLine) -> None:
    found = answer(frozen.run("invoices", "preview", "-o", "json").out)
    assert isinstance(found, dict)
    lines = found["lines"]
    assert list(lines[0]) == names(invoices.LINE_FIELDS)
    assert found["lines_total_cents"] == sum(line["amount_cents"] for line in lines)
    assert [line["amount_cents"] for line in lines] == sorted((line["amount_cents"] for line in lines), reverse=True)
    assert abs(sum(line["share_percent"] for line in lines) - 100) < 1
    assert lines[0]["unit_price_dollars"] == "0.000006"


@pytest.mark.slow
def test_auto_topup_is_set_shown_and_switched_off(owner: CommandLine, sandbox: Sandbox) -> None:
    ended = owner.run("auto-topup", "set", "--amount", "$20", "--threshold", "10", "--yes", "--force", "-o", "json")
    assert ended.code == 0, ended.err
    row = json.loads(ended.out)
    assert (row["state"], row["amount_cents"], row["threshold_dollars"]) == ("on", 2000, 10)
    assert "buys $20.00 when the balance falls below $10.00" in owner.run("auto-topup", "show").out
    assert json.loads(owner.run("auto-topup", "off", "--force", "-o", "json").out)["state"] == "off"
    assert sandbox.state()["auto_topups"] == []


@pytest.mark.parametrize("arguments", [("set", "--amount", "20", "--threshold", "30", "-y"), ("off",)])
def test_without_force_auto_topup_is_left_to_the_dashboard(
    owner: CommandLine, sandbox: Sandbox, arguments: tuple[str, ...]
) -> None:
    ended = owner.run("auto-topup", *arguments)
    assert (ended.code, ended.out) == (2, "")
    assert "dashboard only" in ended.err
    assert "--force" in ended.err
    assert sandbox.requests() == []


def test_force_sends_it_and_the_refusal_says_where_it_can_be_done(owner: CommandLine, sandbox: Sandbox) -> None:
    sandbox.behave(mode="live")
    ended = owner.run("auto-topup", "off", "--force")
    assert ended.code == 1
    assert "AI > AI Gateway > Credits" in ended.err
    assert [record.operation for record in sandbox.requests()] == ["topup.config.delete"]


def test_a_question_about_auto_topup_names_the_balance(owner: CommandLine, sandbox: Sandbox) -> None:
    with owner.on_terminal("auto-topup", "set", "--amount", "20", "--threshold", "30", "--force") as run:
        shown = run.read_until("[y/N]")
        assert "The balance is $25.00" in shown
        run.type("n\n")
        assert run.end().code == 2
    assert sandbox.state()["auto_topups"] == []


def test_amounts_below_the_least_are_refused_without_a_request(owner: CommandLine, sandbox: Sandbox) -> None:
    ended = owner.run("auto-topup", "set", "--amount", "5", "--threshold", "10", "-y")
    assert (ended.code, "--amount is at least $10.00" in ended.err) == (2, True)
    assert sandbox.requests() == []


@pytest.mark.slow
def test_setting_a_limit_tells_that_it_is_deprecated_and_what_replaces_it(owner: CommandLine, sandbox: Sandbox) -> None:
    ended = owner.run("limit", "set", "100")
    assert ended.code == 0
    assert "deprecated" in ended.err
    assert "aig-billing spend-limits add" in ended.err
    assert "$100.00 monthly (fixed)" in ended.out
    row = json.loads(owner.run("limit", "show", "-q", "-o", "json").out)
    assert (row["enabled"], row["limit_cents"]) == (True, 10_000)
    refused = owner.run("limit", "remove")
    assert (refused.code, "--yes" in refused.err) == (2, True)
    assert owner.run("limit", "remove", "--yes").code == 0
    assert "aig-billing spend-limits list" in owner.run("limit", "show").err
    sandbox.behave(mode="live")
    ended = owner.run("limit", "set", "100", "-q")
    assert ended.code == 1
    assert "aig-billing spend-limits add" in ended.err
    assert ended.out == ""


def test_topup_fields_are_documented_too(stranger: CommandLine) -> None:
    reported = stranger.run("topup", "--help").out
    for name in names(topup.FIELDS):
        assert f"  {name}  " in reported


def test_a_balance_is_printed_without_loading_attrs(owner: CommandLine) -> None:
    """It takes a tenth of the time of the command."""
    loaded = {
        line.rpartition("|")[2].strip()
        for line in owner.with_environment(PYTHONPROFILEIMPORTTIME="1").run("balance").err.splitlines()
    }
    assert "aig_billing_cli.output.rows" in loaded
    assert "attr" not in loaded
