"""The benchmarks measure what they say: answers as documented, verdicts on the right side, pages changed only where they may be."""

from __future__ import annotations

import ssl
from pathlib import Path

import httpx
import pytest
from aig_billing import Client

from benchmarks.answers import IRREGULAR_IN_TEN, account_with
from benchmarks.charging import growing
from benchmarks.measure import MET, MISSED, UNCERTAIN, Figure, Spread, exactly, interleave, ratios
from benchmarks.pages import as_text, publish
from benchmarks.processes import Place, server


@pytest.mark.slow
def test_the_server_answers_as_the_document_does_and_three_in_ten_invoices_are_irregular() -> None:
    with server() as running, Client(api_token="token", base_url=running.http) as client:
        billing = client.ai_gateway.billing
        assert billing.credit_balance(account_id=account_with(10)).balance == 640.19
        invoices = billing.invoice_history(account_id=account_with(100)).invoices
        irregular = [
            one for one in invoices if one.created is None or one.created_by is None or one.additional_properties
        ]
        assert (len(invoices), len(irregular)) == (100, 10 * len(IRREGULAR_IN_TEN))
        assert client.last_ratelimit is not None


@pytest.mark.slow
def test_the_server_over_tls_is_trusted_by_its_own_roots_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    with server() as running:
        path = f"{running.https}/accounts/{account_with(10)}/ai-gateway/billing/credit-balance"
        trusting = ssl.create_default_context(cafile=running.roots)
        assert httpx.get(path, verify=trusting).json()["result"]["balance"] == 640.19
        monkeypatch.delenv("SSL_CERT_FILE", raising=False)
        with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
            httpx.get(path)


@pytest.mark.parametrize(
    ("limit", "at_most", "value", "verdict"),
    [
        (0.7, True, exactly(0.7), MET),
        (0.7, True, Spread(0.69, 0.66, 0.72), UNCERTAIN),
        (0.7, True, Spread(0.71, 0.69, 0.72), UNCERTAIN),
        (0.7, True, Spread(0.72, 0.71, 0.73), MISSED),
        (2.0, False, exactly(2.0), MET),
        (2.0, False, Spread(1.9, 1.8, 2.1), UNCERTAIN),
        (2.0, False, exactly(1.99), MISSED),
    ],
)
def test_a_figure_is_judged_on_its_side_of_the_target(limit: float, at_most: bool, value: Spread, verdict: str) -> None:
    assert Figure(key="k", title="t", means="m", ours=value, limit=limit, at_most=at_most).verdict == verdict


def test_rounds_are_compared_within_themselves() -> None:
    """A machine that is half as quick in one round changes no ratio."""
    weather = iter([1, 1, 1, 1, *[speed for speed in (1, 2, 5) for _ in "ab"]])
    costs = {"a": 3.0, "b": 2.0}
    measures = {name: lambda _calls, cost=cost: cost * next(weather) for name, cost in costs.items()}
    taken = interleave("weather", measures, 3, 1.0)
    assert ratios(taken, "b")["a"] == pytest.approx((1.5, 1.5, 1.5))


@pytest.mark.slow
def test_a_grown_journal_is_compared_with_a_small_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("benchmarks.charging._MANY", 300)
    with server() as running:
        place = Place(Path("python"), Path("python"), Path("stock"), running)
        figures = list(growing(place, 2))
    assert [figure.key for figure in figures] == ["journal_create_once", "journal_ensure"]
    assert all(figure.ours.median > 0 for figure in figures)


def figures() -> list[Figure]:
    ratio = {"httpx": exactly(1), "cloudflare": exactly(2)}
    keys = ("balance_stdlib", "invoices_stdlib", "async_20", "first_answer", "memory", "installed_size")
    return [Figure(key=key, title=key, means="for you", ours=exactly(0.5), limit=1, peers=ratio) for key in keys]


def test_the_text_holds_every_figure() -> None:
    shown = figures()
    assert all(figure.title in as_text(shown) for figure in shown)


def test_pages_are_changed_between_their_marks_alone_and_none_without_them(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    page, readme = tmp_path / "docs/performance.md", tmp_path / "README.md"

    def mark(name: str) -> str:
        return f"before\n<!-- {name}: written by make bench-publish -->\nold\n<!-- end of {name} -->\nafter"

    page.write_text(mark("table"), encoding="utf-8")
    readme.write_text("# Readme\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"README\.md has no <!-- comparison: written by make bench-publish"):
        publish(figures(), tmp_path)
    assert page.read_text(encoding="utf-8") == mark("table")

    readme.write_text(mark("comparison"), encoding="utf-8")
    publish(figures(), tmp_path)
    for written, row in (
        (
            page,
            "| balance_stdlib | 0.50 | at most 1.00 | met | bare httpx 1.00; official cloudflare SDK 2.00 | for you |",
        ),
        (readme, "| installed size of its own Python files that need no extra | 0.50 | 2.00 |"),
    ):
        text = written.read_text(encoding="utf-8")
        assert text.startswith("before\n<!-- ")
        assert text.endswith("after")
        assert "old" not in text
        assert row in text
