"""The metrics, as a real Prometheus scrapes them, and the alert rules for them."""

from __future__ import annotations

import asyncio
import re
import shutil
import subprocess
import urllib.request
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from aig_billing import Money

from aig_billing_monitor.forecast import Forecast
from aig_billing_monitor.metrics import Metrics, serve
from aig_billing_monitor.readings import Account, FailedReading, Reading, SpendLimit, UsageSummary
from aig_billing_sandbox import Sandbox

from . import prometheus
from .conftest import NOON, account_of, reading

RULES = Path(__file__).parents[2] / "deploy" / "prometheus"
SHOP = Account("7f3c0a9e5b1d42d8a6e4c9b20f18d573", "shop")
READING = Reading(
    account=SHOP,
    at=NOON,
    balance=Money(Decimal("12.345")),
    auto_topup="failing",
    usage=UsageSummary(
        Money(Decimal("1.5")),
        Money(Decimal(7)),
        Forecast(Decimal(100), Decimal("12.35"), NOON),
    ),
    spend_limits=(SpendLimit("default", "monthly", Money(Decimal(100))),),
    charges_unknown=2,
    requests_left=1_150,
)

requires_prometheus = pytest.mark.skipif(prometheus.why_not() is not None, reason=str(prometheus.why_not()))


def scrape(metrics: Metrics, accept: str) -> str:
    with serve(metrics, "127.0.0.1", 0) as port:
        request = urllib.request.Request(f"http://127.0.0.1:{port}/metrics", headers={"accept": accept})
        with urllib.request.urlopen(request) as answer:  # noqa: S310 - loopback
            text: str = answer.read().decode()
            return text


def test_every_figure_of_a_reading_is_a_metric_with_the_account_and_its_profile() -> None:
    metrics = Metrics()
    metrics.record(READING)
    lines = [
        line.replace('account="7f3c0a9e5b1d42d8a6e4c9b20f18d573",profile="shop"', "...")
        for line in scrape(metrics, "application/openmetrics-text; version=1.0.0").splitlines()
        if not line.startswith("#")
    ]
    assert lines == [
        "aig_billing_up{...} 1.0",
        "aig_billing_credentials_refused{...} 0.0",
        'aig_billing_checks_total{...,result="ok"} 1.0',
        "aig_billing_last_success_timestamp_seconds{...} 1.7950032e+09",
        "aig_billing_balance_dollars{...} 12.345",
        "aig_billing_usage_dollars{...} 1.5",
        "aig_billing_usage_week_dollars{...} 7.0",
        "aig_billing_burn_dollars_per_day{...} 1.0",
        "aig_billing_days_left{...} 12.35",
        "aig_billing_auto_topup_enabled{...} 1.0",
        "aig_billing_auto_topup_failing{...} 1.0",
        "aig_billing_charges_unknown{...} 2.0",
        "aig_billing_ratelimit_remaining{...} 1150.0",
        'aig_billing_spend_limit_dollars{account="7f3c0a9e5b1d42d8a6e4c9b20f18d573",gateway="default",profile="shop",rule="monthly"} 100.0',
    ]


def test_while_an_account_cannot_be_read_its_last_figures_stay_and_up_is_0() -> None:
    metrics = Metrics()
    metrics.record(READING)
    metrics.record(FailedReading(account=SHOP, at=NOON, kind="credentials", reason="401"))
    text = scrape(metrics, "text/plain")
    labels = 'account="7f3c0a9e5b1d42d8a6e4c9b20f18d573",profile="shop"'
    assert f"aig_billing_up{{{labels}}} 0.0" in text
    assert f"aig_billing_credentials_refused{{{labels}}} 1.0" in text
    assert f"aig_billing_balance_dollars{{{labels}}} 12.345" in text


@pytest.mark.slow
@requires_prometheus
def test_a_real_prometheus_scrapes_the_sandbox_and_its_rules_fire(sandbox: Sandbox, tmp_path: Path) -> None:
    metrics = Metrics()

    async def go() -> None:
        async with reading(sandbox) as reader:
            metrics.record(await reader.read(account_of(sandbox, "shop")))

    sandbox.use(1050)
    asyncio.run(go())
    with (
        serve(metrics, "127.0.0.1", 0) as port,
        prometheus.server(tmp_path, f"127.0.0.1:{port}", RULES / "alerts.yaml") as address,
    ):
        (found,) = prometheus.wait_for(address, "aig_billing_balance_dollars")
        assert found["metric"]["account"] == sandbox.account_id
        assert found["metric"]["profile"] == "shop"
        assert found["value"][1] == "14.5"
        prometheus.wait_for(address, 'ALERTS{alertname="AIGatewayCreditLow",alertstate="firing"}')


@requires_prometheus
@pytest.mark.parametrize(
    "command",
    [
        ["check", "rules", "alerts.yaml"],
        ["test", "rules", "alerts_test.yaml"],
        ["check", "config", "prometheus.yaml"],
    ],
    ids=" ".join,
)
def test_promtool_accepts_the_rules_and_they_do_what_they_say(command: list[str]) -> None:
    done = subprocess.run(
        [shutil.which("promtool") or "", *command], cwd=RULES, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_metric_that_a_rule_or_panel_names_exists() -> None:
    metrics = Metrics()
    metrics.record(READING)
    known = {line.split()[2] for line in scrape(metrics, "text/plain").splitlines() if line.startswith("# TYPE")}
    rules = yaml.safe_load((RULES / "alerts.yaml").read_text())["groups"][0]["rules"]
    dashboards = "".join(path.read_text() for path in RULES.parent.glob("grafana/*.json"))
    named = set(re.findall(r"\baig_billing_\w+", " ".join(rule["expr"] for rule in rules) + dashboards))
    assert named
    assert named <= known
