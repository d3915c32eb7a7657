"""What every test may rely on, however the run was started; and, at the end of a run, what was left out or skipped, and how to run it."""

import json
import os
import re
import signal
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from tests.chromium import browser, chromium

__all__ = ["browser", "chromium"]  # one browser for the whole run: two at a time cannot be had

# A shell starts `make test &` with Ctrl-C ignored, and every process that a test starts would inherit that, and wait for ever.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# A test that is slow because the machine is busy has not failed.
settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")

# A pattern in the reason for skipping, and what makes the test run; the first that fits. `make test-slow` runs pytest twice, and the second
# run reports both.
HOW_TO_RUN = {
    r"(make|pip install|apt-get install) [\w-]+": "as it says",
    "PostgreSQL": "apt-get install postgresql",
    "[Nn]o Chromium": "apt-get install chromium fonts-dejavu-core",
    "playwright|zensical": "make (the group is not installed)",
    "npm|node": "install Node.js; for the official SDK, make test-sdk",
    "rometheus|promtool": "apt-get install prometheus",
    "speed": "pip install orjson",
    "openssl": "apt-get install openssl",
    "(zsh|fish|bash) is": "apt-get install zsh fish",
    "could not import|hishel": "make (a package of the group test is not installed)",
    "root|mount|namespace|unshare": "run as root on Linux, where file systems may be mounted and namespaces made",
    "fork|POSIX|Linux|/dev/full": "run on Linux",
    "loopback": "run on a machine that has a network address",
    "git checkout": "run in a git checkout",
}


LEFT_OUT: dict[str, Any] = {}


def how_to_run(reason: str) -> str | None:
    """Say what makes a test run that was skipped for a reason."""
    return next((how for pattern, how in HOW_TO_RUN.items() if re.search(pattern, reason)), None)


def pytest_deselected(items: list[pytest.Item]) -> None:
    """Count the tests that a run leaves to `make test-slow`."""
    config = items[0].config
    if "not slow" in config.option.markexpr and not config.option.keyword:
        getattr(config, "workeroutput", LEFT_OUT)["left out"] = len(items)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take over what a worker of pytest-xdist has counted; each collects all tests."""
    LEFT_OUT.update(getattr(node, "workeroutput", {}))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many tests were left out or skipped, why, and how to run them."""
    if hasattr(terminalreporter.config, "workerinput"):
        return  # the process that started pytest-xdist's workers reports for them
    if count := LEFT_OUT.get("left out"):
        terminalreporter.section(f"{count} tests, slow or in a browser, were left out: make test-slow")
    log = os.environ.get("SKIPPED_TESTS")
    reasons: Counter[str] = Counter()
    if log and Path(log).exists():
        reasons.update(json.loads(Path(log).read_text(encoding="utf-8")))
    for report in terminalreporter.stats.get("skipped", []):
        place = report.longrepr
        reasons[str(place[2] if isinstance(place, tuple) else place).removeprefix("Skipped: ")] += 1
    if log:
        Path(log).parent.mkdir(parents=True, exist_ok=True)
        Path(log).write_text(json.dumps(reasons), encoding="utf-8")
    if not reasons:
        return
    total = reasons.total()
    terminalreporter.section(f"{total} {'test was' if total == 1 else 'tests were'} skipped")
    for reason, count in reasons.most_common():
        terminalreporter.write_line(
            f"{count:5}  {reason}\n       to run: {how_to_run(reason) or 'change what the reason names'}"
        )
