"""Output for programs is exact, parses, and holds the documented fields; output for people cannot play tricks."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from decimal import Decimal

import pytest
from aig_billing import Money
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from aig_billing_cli.output import formatting
from aig_billing_cli.output.machine import Shape, Writer
from aig_billing_cli.output.rows import Field, Fields, Format, Row
from aig_billing_cli.output.tables import bar, rows_table

FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")  # noqa: RUF001 - what a spreadsheet takes for them
FIELDS: tuple[Field[Row], ...] = (
    Field("name", "a text", title="Name", shrink=True),
    Field("price", "an amount", title="Price", money=True, drop=1),
    Field("at", "a time", title="At", drop=2),
    Field("good", "a truth"),
    Field("count", "a number", title="Count", right=True, drop=3),
)
ROW: Row = {
    "name": 'two\nlines, "quoted" and\tü',
    "price": Money(Decimal("6.4019")),
    "at": dt.datetime(2026, 11, 18, 12, tzinfo=dt.timezone(dt.timedelta(hours=2))),
    "good": True,
    "count": Decimal("0.0000003"),
}
PLAIN = {
    "name": 'two\nlines, "quoted" and\tü',
    "price_cents": Decimal("640.19"),
    "price_dollars": Decimal("6.4019"),
    "at": "2026-11-18T10:00:00Z",
    "good": True,
    "count": Decimal("0.0000003"),
}


def written(fields: Fields, rows: list[Row], form: Format, shape: Shape = "list") -> str:
    out = io.StringIO()
    Writer(form, None, None, fields).write(out, rows, shape=shape)
    return out.getvalue()


def read(text: str) -> object:
    return json.loads(text, parse_float=Decimal)


def test_json_has_the_documented_fields_with_exact_numbers() -> None:
    assert read(written(FIELDS, [ROW], Format.JSON)) == [PLAIN]
    assert read(written(FIELDS, [ROW], Format.JSON, "record")) == PLAIN
    assert read(written(FIELDS, [], Format.JSON)) == []


def test_json_of_a_report_with_a_summary_is_one_object() -> None:
    out = io.StringIO()
    writer = Writer(Format.JSON, None, None, FIELDS, (Field("total", "all", money=True),))
    writer.write(out, [ROW], name="rows", summary={"total": Money(Decimal(1))})
    assert read(out.getvalue()) == {"total_cents": 100, "total_dollars": 1, "rows": [PLAIN]}


def test_json_lines_are_one_object_a_line() -> None:
    lines = written(FIELDS, [ROW, {}], Format.JSONL).splitlines()
    assert read(lines[0]) == PLAIN
    assert read(lines[1]) == dict.fromkeys(PLAIN)


def test_csv_has_a_heading_and_the_same_values() -> None:
    rows = list(csv.DictReader(io.StringIO(written(FIELDS, [ROW, {}], Format.CSV))))
    assert rows[0] == {
        "name": 'two\\u000alines, "quoted" and\\u0009ü', "price_cents": "640.19", "price_dollars": "6.4019",
        "at": "2026-11-18T10:00:00Z", "good": "true", "count": "0.0000003",
    }  # fmt: skip
    assert rows[1] == dict.fromkeys(PLAIN, "")


def test_an_answer_in_parts_has_one_heading_and_a_line_a_part() -> None:
    out, writer = io.StringIO(), Writer(Format.CSV, None, None, FIELDS)
    for _ in range(3):
        writer.write(out, [ROW], shape="part")
    assert [line.startswith("name,") for line in out.getvalue().splitlines()] == [True, False, False, False]
    assert "\n" not in written(FIELDS, [ROW], Format.JSON, "part").rstrip("\n")


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**12), max_value=10**12))
def test_no_digit_is_lost_on_the_way_to_json(cents: Decimal) -> None:
    money = Money(cents / 100)
    row = read(written((Field("x", "", money=True),), [{"x": money}], Format.JSON, "record"))
    assert row == {"x_cents": money.amount * 100, "x_dollars": money.amount}


@given(st.text())
def test_every_text_comes_back_from_json_and_csv(text: str) -> None:
    fields: Fields = (Field("x", ""), Field("y", ""))
    answer: list[Row] = [{"x": text, "y": "end"}]
    assert read(written(fields, answer, Format.JSON, "record")) == {"x": text, "y": "end"}
    rows = list(csv.reader(io.StringIO(written(fields, answer, Format.CSV), newline="")))
    starts = (*FORMULA, "\t", "\r")
    guarded = f"'{text}" if text.startswith(starts) or formatting.safe(text).lstrip().startswith(starts) else text
    assert rows[1:] == [[formatting.safe(guarded), "end"]]


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+cmd|' /C calc'!A0",
        "-2+3",
        "@SUM(1)",
        "\tx",
        "\rx",
        " =1+1",
        '=HYPERLINK("http://x","y")',
    ],
)
def test_a_spreadsheet_takes_no_text_for_a_formula(text: str) -> None:
    rows: list[Row] = [{"x": text, "n": Money(Decimal(-5)), "y": "end"}]
    fields: tuple[Field[Row], ...] = (Field("x", ""), Field("n", "", money=True), Field("y", ""))
    [row] = list(csv.DictReader(io.StringIO(written(fields, rows, Format.CSV), newline="")))
    assert row["x"] == f"'{formatting.safe(text)}"
    assert (row["n_cents"], row["n_dollars"]) == ("-500", "-5")
    # JSON is exact.
    assert read(written((Field("x", ""),), [{"x": text}], Format.JSON, "record")) == {"x": text}


@given(st.text())
def test_no_format_hands_a_terminal_what_it_could_obey(text: str) -> None:
    for form in (Format.JSON, Format.JSONL, Format.CSV):
        out = written((Field("x", ""),), [{"x": text}], form, "record")
        assert all(char.isprintable() or char in "\r\n\t" for char in out)


@given(st.text(st.characters(), max_size=200))
def test_a_terminal_never_gets_a_control_character_from_the_api(text: str) -> None:
    assert formatting.safe(text).isprintable()


@given(
    st.lists(st.tuples(st.text(max_size=60), st.integers(0, 10**9)), min_size=1, max_size=5),
    st.integers(min_value=60, max_value=200),
)
def test_a_table_is_never_wider_than_the_terminal(cells: list[tuple[str, int]], width: int) -> None:
    rows: list[Row] = [{**ROW, "name": name, "count": count} for name, count in cells]
    for line in rows_table(FIELDS, rows, width).plain.split("\n"):
        assert cell_len(line) <= width


def test_in_a_narrow_terminal_columns_that_matter_less_go_first() -> None:
    first_lines = [
        rows_table(FIELDS, [{**ROW, "name": "x" * 30}], width).plain.split("\n")[0] for width in (80, 50, 34, 24)
    ]
    # The heading of times names their zone as well.
    headings = [[word for word in line.split() if not word.startswith("(")] for line in first_lines]
    assert headings == [["Name", "Price", "At", "Count"], ["Name", "Price", "At"], ["Name", "Price"], ["Name", "Price"]]


@pytest.mark.parametrize(
    ("amount", "shows"),
    [("6.4019", "$6.4019"), ("-0.0003", "-$0.0003"), ("1234.5", "$1,234.5000"), ("0", "$0.0000")],
)
def test_small_amounts_can_be_shown_to_a_hundredth_of_a_cent(amount: str, shows: str) -> None:
    assert formatting.money(Money(Decimal(amount)), fine=True) == shows


@pytest.mark.parametrize(("currency", "shows"), [("JPY", "6.4019 JPY"), ("KWD", "6.4019 KWD"), ("EUR", "€6.4019")])
def test_small_amounts_of_any_currency_can_be_shown_to_four_decimals(currency: str, shows: str) -> None:
    assert formatting.money(Money(Decimal("6.4019"), currency), fine=True) == shows


@pytest.mark.parametrize(("currency", "units"), [("JPY", 12_345), ("USD", 12_345), ("KWD", 12_345)])
def test_programs_get_the_smallest_units_of_any_currency(currency: str, units: int) -> None:
    money = Money.from_cents(units, currency)
    row = read(written((Field("x", "", money=True),), [{"x": money}], Format.JSON, "record"))
    assert row == {"x_cents": units, "x_dollars": money.amount}


def test_a_currency_cannot_control_the_terminal() -> None:
    for fine in (False, True):
        assert "\x1b" not in formatting.money(Money(Decimal("6.4"), "us\x1b[5m"), fine=fine)


def test_other_currencies_keep_their_names() -> None:
    assert formatting.money(Money(Decimal("6.4019"), "CHF"), fine=True) == "6.4019 CHF"
    assert formatting.money(Money(Decimal("6.4019"), "CHF")) == "6.40 CHF"


def test_bars_are_exact_to_an_eighth_and_the_smallest_amount_shows() -> None:
    whole = Money(Decimal(8))
    assert bar(whole, whole, 10, unicode=True) == "█" * 10
    assert bar(Money(Decimal(1)), whole, 1, unicode=True) == "▏"
    assert bar(Money(Decimal("0.0001")), whole, 10, unicode=True) == "▏"
    assert bar(Money(Decimal(0)), whole, 10, unicode=True) == ""
    assert bar(Money(Decimal(4)), whole, 10, unicode=False) == "#####"
