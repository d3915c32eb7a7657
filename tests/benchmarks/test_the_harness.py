"""The benchmarks measure what they say: answers as documented, verdicts on the right side, pages changed only where they may be."""

from __future__ import annotations

import http.client
import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from aig_billing import Client

from benchmarks.answers import IRREGULAR_IN_TEN, account_with
from benchmarks.chart import as_svg
from benchmarks.figures import Figure, Target, Verdict, exactly
from benchmarks.pages import publish
from benchmarks.processes import connections_seen, server
from benchmarks.rounds import Cost, interleave
from benchmarks.table import as_json, as_text


def test_the_server_answers_as_the_document_does_and_three_in_ten_invoices_are_irregular() -> None:
    with server() as base_url, Client(api_token="token", base_url=base_url) as client:
        billing = client.ai_gateway.billing
        assert billing.credit_balance(account_id=account_with(10)).balance == 640.19
        invoices = billing.invoice_history(account_id=account_with(100)).invoices
        irregular = [
            one for one in invoices if one.created is None or one.created_by is None or one.additional_properties
        ]
        assert (len(invoices), len(irregular)) == (100, 10 * len(IRREGULAR_IN_TEN))
        assert client.last_ratelimit is not None


def test_the_server_counts_the_connections_it_was_asked_on() -> None:
    with server() as base_url:
        connections_seen(base_url)
        asking = [http.client.HTTPConnection(base_url.removeprefix("http://")) for _ in range(3)]
        for connection in [*asking, asking[0]]:
            connection.request("GET", "/nothing")
            assert connection.getresponse().read()
        assert connections_seen(base_url) == (3, 3)
        asking[0].request("GET", "/nothing")
        asking[0].getresponse().read()
        assert connections_seen(base_url) == (1, 0)
        for connection in asking:
            connection.close()


@pytest.mark.parametrize(
    ("target", "value", "verdict"),
    [
        (Target(0.7), 0.7, Verdict.MET),
        (Target(0.7), 0.76, Verdict.WITHIN_NOISE),
        (Target(0.7), 0.78, Verdict.MISSED),
        (Target(2.0, at_most=False), 2.0, Verdict.MET),
        (Target(2.0, at_most=False), 1.81, Verdict.WITHIN_NOISE),
        (Target(2.0, at_most=False), 1.79, Verdict.MISSED),
        (Target(500, tolerance=0), 500.1, Verdict.MISSED),
    ],
)
def test_a_figure_is_judged_on_its_side_of_the_target(target: Target, value: float, verdict: Verdict) -> None:
    assert Figure(key="k", title="t", ours=exactly(value), target=target).verdict is verdict


def test_rounds_are_compared_within_themselves() -> None:
    """A machine that is half as quick in one round changes no ratio."""
    weather = iter([1, 1, 1, 1, *[speed for speed in (1, 2, 5) for _ in "ab"]])
    costs = {"a": 3.0, "b": 2.0}
    measures = {name: lambda _calls, cost=cost: Cost(cost * next(weather)) for name, cost in costs.items()}
    timed = interleave(measures, 3, 1.0, lambda _: None)
    assert timed["a"].of(timed["b"]) == pytest.approx((1.5, 1.5, 1.5))


def figures() -> list[Figure]:
    ratio = {"httpx": exactly(1), "cloudflare": exactly(2)}
    keys = [
        "balance_stdlib",
        "balance_orjson",
        "invoices_stdlib",
        "invoices_orjson",
        "async_20",
        "first_answer",
        "memory",
        "installed_size",
    ]
    return [
        *(Figure(key=key, title=key, ours=exactly(0.5), target=Target(1), peers=ratio) for key in keys),
        Figure(
            key="division_x", title="division: small, x", ours=exactly(9), peers={"part": exactly(4), "all": exactly(5)}
        ),
    ]


def test_table_json_and_picture_hold_every_figure() -> None:
    shown = figures()
    assert all(figure.title in as_text(shown) for figure in shown)
    assert [figure["key"] for figure in json.loads(as_json(shown))["figures"]] == [figure.key for figure in shown]
    assert "aig-billing" in "".join(ET.fromstring(as_svg(shown)).itertext())  # noqa: S314 - we wrote it


def test_pages_are_changed_between_their_marks_alone_and_none_without_them(tmp_path: Path) -> None:
    (tmp_path / "docs/assets").mkdir(parents=True)
    page, readme = tmp_path / "docs/performance.md", tmp_path / "README.md"

    def mark(*names: str) -> str:
        marks = [f"<!-- {name}: written by make bench-publish -->\nold\n<!-- end of {name} -->" for name in names]
        return "\n".join(["before", *marks, "after"])

    page.write_text(mark("table", "division"), encoding="utf-8")
    readme.write_text("# Readme\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"README\.md has no <!-- comparison: written by make bench-publish"):
        publish(figures(), tmp_path)
    assert list((tmp_path / "docs/assets").iterdir()) == []
    assert page.read_text(encoding="utf-8") == mark("table", "division")

    readme.write_text(mark("comparison"), encoding="utf-8")
    publish(figures(), tmp_path)
    for written, row in (
        (page, "| balance_stdlib | 0.50 | at most 1.00 | met |"),
        (readme, "| installed size of its own Python files that need no extra | 0.50 | 2.00 |"),
    ):
        text = written.read_text(encoding="utf-8")
        assert text.startswith("before\n<!-- ")
        assert text.endswith("after")
        assert "old" not in text
        assert row in text
