"""The latest readings as metrics for Prometheus and OpenMetrics, served over HTTP."""

from __future__ import annotations

import contextlib
import threading
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Mapping
from typing import SupportsFloat, TypeAlias

from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from .readings import FailedReading, Outcome, Reading

_ACCOUNT = ("account", "profile")
Labels: TypeAlias = tuple[str, ...]
"""Those of an account, and what follows them."""

# Of each reading: name, what it is, and the value, absent where that is None.
_FIGURES: tuple[tuple[str, str, Callable[[Reading], SupportsFloat | None]], ...] = (
    (
        "aig_billing_last_success_timestamp_seconds",
        "When the account was last read, in Unix seconds.",
        lambda it: it.at.timestamp(),
    ),
    ("aig_billing_balance_dollars", "Credit that is left, in dollars; may be negative.", lambda it: it.balance.amount),
    (
        "aig_billing_usage_dollars",
        "Usage of the last 24 hours, in dollars (the unit is unconfirmed; read as cents).",
        lambda it: it.usage.last_day.amount if it.usage else None,
    ),
    (
        "aig_billing_usage_week_dollars",
        "Usage of the last seven days, in dollars (the unit is unconfirmed; read as cents).",
        lambda it: it.usage.last_week.amount if it.usage else None,
    ),
    (
        "aig_billing_burn_dollars_per_day",
        "The rate of the forecast: usage a day over the last seven days.",
        lambda it: it.usage.forecast.cents_per_day / 100 if it.usage else None,
    ),
    (
        "aig_billing_days_left",
        "How many days the balance lasts at that rate; absent when nothing uses it up.",
        lambda it: it.days_left,
    ),
    (
        "aig_billing_auto_topup_enabled",
        "Whether auto top-up is on (1) or off (0).",
        lambda it: it.auto_topup in {"on", "failing"},
    ),
    (
        "aig_billing_auto_topup_failing",
        "Whether auto top-up is failing, or was stopped after failures (1).",
        lambda it: it.auto_topup in {"failing", "stopped"},
    ),
    (
        "aig_billing_charges_unknown",
        "Charges of the journal whose outcome is not known.",
        lambda it: it.charges_unknown,
    ),
    (
        "aig_billing_ratelimit_remaining",
        "Requests that the API's rate limit left when the account was last read.",
        lambda it: it.requests_left,
    ),
)


class Metrics(Collector):
    """Keeps the last reading of each account. While an account cannot be read, its last figures stay, and `aig_billing_up` is 0."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._results: dict[Labels, str] = {}
        self._readings: dict[Labels, Reading] = {}
        self._checks: Counter[Labels] = Counter()

    def record(self, outcome: Outcome) -> None:
        """Take an outcome."""
        labels = (outcome.account.account_id, outcome.account.profile)
        result = outcome.kind if isinstance(outcome, FailedReading) else "ok"
        with self._lock:
            self._results[labels] = result
            self._checks[*labels, result] += 1
            if isinstance(outcome, Reading):
                self._readings[labels] = outcome

    def collect(self) -> Iterator[Metric]:
        """Give all metrics; called by each scrape, in its own thread."""
        with self._lock:
            results, readings, checks = dict(self._results), dict(self._readings), dict(self._checks)
        yield _gauge(
            "aig_billing_up",
            "Whether the last check of the account succeeded (1) or not (0).",
            {labels: result == "ok" for labels, result in results.items()},
        )
        yield _gauge(
            "aig_billing_credentials_refused",
            "Whether the last check failed because the credentials do not work (1); an outage is 0.",
            {labels: result == "credentials" for labels, result in results.items()},
        )
        total = CounterMetricFamily("aig_billing_checks", "Checks by result.", labels=(*_ACCOUNT, "result"))
        for labels, count in checks.items():
            total.add_metric(labels, count)
        yield total
        for name, about, value in _FIGURES:
            yield _gauge(name, about, {labels: value(reading) for labels, reading in readings.items()})
        limits = {
            (*labels, one.gateway, one.rule): one.limit.amount
            for labels, reading in readings.items()
            for one in reading.spend_limits
        }
        yield _gauge(
            "aig_billing_spend_limit_dollars", "Spend limits that are on, in dollars.", limits, "gateway", "rule"
        )


def _gauge(name: str, about: str, values: Mapping[Labels, SupportsFloat | None], *more: str) -> Metric:
    """Make a gauge of the values of accounts, whose labels may be followed by more."""
    gauge = GaugeMetricFamily(name, about, labels=(*_ACCOUNT, *more))
    for labels, value in values.items():
        if value is not None:
            gauge.add_metric(labels, float(value))
    return gauge


@contextlib.contextmanager
def serve(metrics: Metrics, host: str, port: int) -> Generator[int]:
    """Serve metrics over HTTP at `/metrics`, in a daemon thread; gives the port.

    Raises:
        OSError: When the address is taken, or not of this machine.
    """
    registry = CollectorRegistry()
    registry.register(metrics)
    server, thread = start_http_server(port, host, registry)
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
