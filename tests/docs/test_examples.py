"""Every example runs, does what it says, and fails as it says: each as its own process, against a sandbox."""

import datetime as dt
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from aig_billing_sandbox import Sandbox

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(billing_sandbox: Sandbox, tmp_path: Path) -> Run:
    """Run an example with the sandbox as the service and its own journal."""
    variables = {
        name: value for name, value in os.environ.items() if not name.startswith(("CLOUDFLARE_", "AIG_BILLING_"))
    } | {
        "CLOUDFLARE_BASE_URL": billing_sandbox.base_url,
        "CLOUDFLARE_API_TOKEN": billing_sandbox.token,
        "CLOUDFLARE_ACCOUNT_ID": billing_sandbox.account_id,
        "AIG_BILLING_JOURNAL": str(tmp_path / "journal.db"),
    }

    def run_it(name: str, *arguments: str, given: str = "", **changed: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-W", "error", str(EXAMPLES / name), *arguments]
        return subprocess.run(
            command,
            cwd=tmp_path,
            env=variables | changed,
            input=given,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return run_it


def test_every_example_is_tested_here() -> None:
    here = Path(__file__).read_text(encoding="utf-8")
    for path in EXAMPLES.glob("*.py"):
        assert f'"{path.name}"' in here, f"no test runs examples/{path.name}"


@pytest.mark.parametrize("example", sorted(path.name for path in EXAMPLES.glob("*.py")))
def test_every_example_answers_help(run: Run, example: str) -> None:
    asked = run(example, "--help")
    assert (asked.returncode, asked.stderr) == (0, "")
    assert asked.stdout.startswith("usage: ")


def test_the_balance_alert_tells_by_its_exit_code(run: Run, billing_sandbox: Sandbox) -> None:
    fine = run("balance_alert.py", "--below", "20")
    assert (fine.returncode, fine.stdout, fine.stderr) == (0, "$25.00 left\n", "")
    low = run("balance_alert.py", "--below", "$25.01")
    assert (low.returncode, low.stdout) == (1, "$25.00 left, below $25.01\n")
    billing_sandbox.fault("credit_balance", status=403, times=None)
    blind = run("balance_alert.py", "--below", "20")
    assert (blind.returncode, blind.stdout) == (2, "")
    assert blind.stderr.startswith("The balance could not be read: ")
    assert "Traceback" not in blind.stderr
    assert run("balance_alert.py", "--below", "much").returncode == 2


def test_the_balance_alert_tells_of_a_failing_auto_topup(run: Run, billing_sandbox: Sandbox) -> None:
    billing_sandbox.put_card("declines")
    billing_sandbox.set_auto_topup(2_500, 2_400)
    billing_sandbox.use(200)  # only a fall below the threshold buys
    billing_sandbox.advance(minutes=5)
    assert run("balance_alert.py", "--below", "20").stderr.startswith("Auto top-up is failing: ")


def test_the_report_adds_up(run: Run, billing_sandbox: Sandbox) -> None:
    midnight = dt.datetime.now(dt.UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    for hours, cents in ((30, "150"), (6, "50.5"), (3, "12")):
        billing_sandbox.use(cents, model=f"model of {hours}", at=midnight - dt.timedelta(hours=hours))
    made = run("daily_cost_report.py", "--days", "3")
    assert made.returncode == 0, made.stderr
    yesterday, before = (f"{midnight - dt.timedelta(days=days):%a %d %b %Y}" for days in (1, 2))
    assert f"| {before} | $1.50 |\n| {yesterday} | $0.62 |" in made.stdout
    assert "| **total of 2 days** | **$2.12** |\n| mean of a day | $1.06 |" in made.stdout
    refused = run("daily_cost_report.py", "--days", "0")
    assert refused.returncode == 2
    assert "--days must be 1 or more" in refused.stderr
    assert run("daily_cost_report.py", CLOUDFLARE_API_TOKEN="unknown").returncode == 1


def test_the_top_up_from_cron_charges_once_however_often_it_runs(run: Run, billing_sandbox: Sandbox) -> None:
    billing_sandbox.behave(settles_after=0)
    enough = run("topup_from_cron.py", "--at-least", "20", "--amount", "50")
    assert (enough.returncode, enough.stdout) == (0, "$25.00 left: enough\n")
    assert billing_sandbox.charges() == []
    low = run("topup_from_cron.py", "--at-least", "30", "--amount", "50")
    assert (low.returncode, low.stdout) == (0, "$25.00 left: topped up\n")
    assert run("topup_from_cron.py", "--at-least", "30", "--amount", "50").stdout == "$75.00 left: enough\n"
    assert [charge.amount_cents for charge in billing_sandbox.charges()] == [5000]
    used_up = run("topup_from_cron.py", "--at-least", "200", "--amount", "50")
    assert used_up.returncode == 1
    assert "Nothing was charged" in used_up.stderr
    assert len(billing_sandbox.charges()) == 1


def test_the_top_up_from_cron_finds_out_what_became_of_a_lost_charge(run: Run, billing_sandbox: Sandbox) -> None:
    billing_sandbox.behave(settles_after=0)
    billing_sandbox.fault("topup.create", drop="after")
    lost = run("topup_from_cron.py", "--at-least", "30", "--amount", "50")
    assert lost.returncode == 2
    assert lost.stderr.startswith("The card may have been charged: ")
    again = run("topup_from_cron.py", "--at-least", "30", "--amount", "50")
    assert again.returncode == 0, again.stderr
    assert len(billing_sandbox.charges()) == 1, "the charge was sent twice"


def test_all_accounts_are_read_in_order_and_errors_stand_apart(run: Run, billing_sandbox: Sandbox) -> None:
    accounts = [billing_sandbox.open_account() for _ in range(30)]
    given = "\n".join([*accounts[:10], "0" * 32, *accounts[10:], accounts[0], ""])
    read = run("all_accounts.py", given=given)
    assert read.returncode == 1
    assert [line.split("\t")[0] for line in read.stdout.splitlines()] == accounts
    assert all(re.fullmatch(r"[0-9a-f]{32}\t25(\.00?)?", line) for line in read.stdout.splitlines())
    assert "31 of 31" in read.stderr
    assert f"{'0' * 32}: " in read.stderr


def test_all_accounts_are_read_inside_the_rate_limit(run: Run, billing_sandbox: Sandbox) -> None:
    billing_sandbox.limit_rate("30/2")
    accounts = [billing_sandbox.open_account() for _ in range(40)]
    read = run("all_accounts.py", given="\n".join(accounts))
    assert read.returncode == 0, read.stderr
    assert "rate limit reached" in read.stderr
    refused = [request for request in billing_sandbox.requests() if request.fault]
    assert refused == []
    assert len(billing_sandbox.requests()) == len(accounts), "a request was refused and sent again"


def test_the_example_tests_pass(run: Run) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(EXAMPLES / "test_with_the_sandbox.py")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert "3 passed" in done.stdout


def test_the_demo_calls_every_operation() -> None:
    done = subprocess.run([sys.executable, EXAMPLES / "demo.py"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.endswith("\n13 of 13 operations worked.\n")
