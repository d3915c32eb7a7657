"""The latest readings as metrics for Prometheus and OpenMetrics, served over HTTP."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from types import TracebackType
from typing import Self

from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from .readings import Account, FailedReading, Outcome, Reading

_ACCOUNT = ("account", "profile")


class Metrics(Collector):
    """Keeps the last reading of each account. While an account cannot be read, its last figures stay, and `aig_billing_up` is 0."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._readings: dict[Account, Reading] = {}
        self._up: dict[Account, bool] = {}
        self._refused: dict[Account, bool] = {}
        self._checks: Counter[tuple[Account, str]] = Counter()

    def record(self, outcome: Outcome) -> None:
        """Take an outcome."""
        failed = isinstance(outcome, FailedReading)
        with self._lock:
            self._up[outcome.account] = not failed
            self._refused[outcome.account] = isinstance(outcome, FailedReading) and outcome.kind == "credentials"
            self._checks[outcome.account, outcome.kind if isinstance(outcome, FailedReading) else "ok"] += 1
            if isinstance(outcome, Reading):
                self._readings[outcome.account] = outcome

    def collect(self) -> Iterator[Metric]:
        """Give all metrics; called by each scrape, in its own thread."""
        with self._lock:
            readings, up, checks = dict(self._readings), dict(self._up), Counter(self._checks)
            refused = dict(self._refused)
        yield _gauge("aig_billing_up", "Whether the last check of the account succeeded (1) or not (0).", up)
        yield _gauge(
            "aig_billing_credentials_refused",
            "Whether the last check failed because the credentials do not work (1); an outage is 0.",
            refused,
        )
        total = CounterMetricFamily("aig_billing_checks", "Checks by result.", labels=(*_ACCOUNT, "result"))
        for (account, result), count in checks.items():
            total.add_metric([*_labels(account), result], count)
        yield total
        for name, about, values in _figures(readings):
            yield _gauge(name, about, values)
        yield _limits(readings)


def _figures(readings: dict[Account, Reading]) -> Iterator[tuple[str, str, dict[Account, float]]]:
    def of(values: dict[Account, float | None]) -> dict[Account, float]:
        return {account: value for account, value in values.items() if value is not None}

    each = readings.items()
    usages = {account: reading.usage for account, reading in each if reading.usage is not None}
    yield (
        "aig_billing_last_success_timestamp_seconds",
        "When the account was last read, in Unix seconds.",
        {account: reading.at.timestamp() for account, reading in each},
    )
    yield (
        "aig_billing_balance_dollars",
        "Credit that is left, in dollars; may be negative.",
        {account: float(reading.balance.amount) for account, reading in each},
    )
    yield (
        "aig_billing_usage_dollars",
        "Usage of the last 24 hours, in dollars (the unit is unconfirmed; read as cents).",
        {account: float(usage.last_day.amount) for account, usage in usages.items()},
    )
    yield (
        "aig_billing_usage_week_dollars",
        "Usage of the last seven days, in dollars (the unit is unconfirmed; read as cents).",
        {account: float(usage.last_week.amount) for account, usage in usages.items()},
    )
    yield (
        "aig_billing_burn_dollars_per_day",
        "The rate of the forecast: usage a day over the last seven days.",
        {account: float(usage.forecast.cents_per_day / 100) for account, usage in usages.items()},
    )
    yield (
        "aig_billing_days_left",
        "How many days the balance lasts at that rate; absent when nothing uses it up.",
        of({account: _float(reading.days_left) for account, reading in each}),
    )
    yield (
        "aig_billing_auto_topup_enabled",
        "Whether auto top-up is on (1) or off (0).",
        {account: float(reading.auto_topup in {"on", "failing"}) for account, reading in each},
    )
    yield (
        "aig_billing_auto_topup_failing",
        "Whether auto top-up is failing, or was stopped after failures (1).",
        {account: float(reading.auto_topup in {"failing", "stopped"}) for account, reading in each},
    )
    yield (
        "aig_billing_charges_unknown",
        "Charges of the journal whose outcome is not known.",
        of({account: _float(reading.charges_unknown) for account, reading in each}),
    )
    yield (
        "aig_billing_ratelimit_remaining",
        "Requests that the API's rate limit left when the account was last read.",
        of({account: _float(reading.requests_left) for account, reading in each}),
    )


def _limits(readings: dict[Account, Reading]) -> Metric:
    labels = (*_ACCOUNT, "gateway", "rule")
    gauge = GaugeMetricFamily("aig_billing_spend_limit_dollars", "Spend limits that are on, in dollars.", labels=labels)
    for account, reading in readings.items():
        for limit in reading.spend_limits:
            if limit.enabled:
                gauge.add_metric([*_labels(account), limit.gateway, limit.rule], float(limit.limit.amount))
    return gauge


def _gauge(name: str, about: str, values: dict[Account, float] | dict[Account, bool]) -> Metric:
    gauge = GaugeMetricFamily(name, about, labels=_ACCOUNT)
    for account, value in values.items():
        gauge.add_metric(_labels(account), float(value))
    return gauge


def _labels(account: Account) -> list[str]:
    return [account.account_id, account.profile]


def _float(value: object) -> float | None:
    return None if value is None else float(str(value))


class MetricsServer:
    """Serves metrics over HTTP at `/metrics`, in a daemon thread."""

    def __init__(self, metrics: Metrics, host: str, port: int) -> None:
        registry = CollectorRegistry()
        registry.register(metrics)
        self._server, self._thread = start_http_server(port, host, registry)

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return int(self._server.server_port)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
