"""Doctor finds what is wrong, each thing produced for real, and says what to do."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from aig_billing_sandbox import Sandbox
from tests.cli.conftest import owner_of
from tests.cli.dated import dated
from tests.cli.terminal import CommandLine, Ended

pytestmark = pytest.mark.slow


def findings(ended: Ended) -> dict[str, dict[str, str | None]]:
    assert ended.err == ""
    return {row["check"]: row for row in map(json.loads, ended.out.splitlines())}


def look(line: CommandLine, *arguments: str) -> tuple[int, dict[str, dict[str, str | None]]]:
    ended = line.run("doctor", "-q", "-o", "jsonl", *arguments)
    return ended.code, findings(ended)


def sentence(found: dict[str, dict[str, str | None]], check: str) -> str:
    return f"{found[check]['level']}: {found[check]['finding']} {found[check]['next_step'] or ''}"


def test_a_healthy_account_has_no_problem(owner: CommandLine, sandbox: Sandbox) -> None:
    code, found = look(owner)
    assert code == 0
    assert not [row for row in found.values() if row["level"] == "problem"]
    assert sentence(found, "credentials") == "ok: token from CLOUDFLARE_API_TOKEN "
    assert sentence(found, "account") == f"ok: {sandbox.account_id} from CLOUDFLARE_ACCOUNT_ID "
    assert sentence(found, "permission").startswith("ok: May read and write.")
    assert "nothing was used in the last 7 days" in sentence(found, "balance")
    assert sandbox.balance() == 2_500
    assert not sandbox.charges()


def test_no_credentials(stranger: CommandLine) -> None:
    code, found = look(stranger)
    assert code == 3
    assert sentence(found, "credentials").startswith("problem: No credentials were found. Set CLOUDFLARE_API_TOKEN")
    assert sentence(found, "account").startswith("problem: Which account?")


def test_a_token_that_the_api_does_not_know(sandbox: Sandbox, tmp_path: Path) -> None:
    code, found = look(owner_of(sandbox, sandbox.base_url, tmp_path, token="expired-long-ago"))
    assert code == 3
    assert sentence(found, "service").startswith("problem: The API does not accept the token from CLOUDFLARE_API_TOKEN")
    assert "expired-long-ago" not in str(found)


def test_a_token_that_may_only_read(sandbox: Sandbox, tmp_path: Path) -> None:
    code, found = look(owner_of(sandbox, sandbox.base_url, tmp_path, token=sandbox.read_token))
    assert code == 0
    assert sentence(found, "permission").startswith("note: May read, and not write")


def test_email_and_key_work_and_a_token_is_advised(owner: CommandLine, sandbox: Sandbox) -> None:
    old_way = owner.with_environment(
        CLOUDFLARE_API_TOKEN=None, CLOUDFLARE_EMAIL=sandbox.email, CLOUDFLARE_API_KEY=sandbox.api_key
    )
    code, found = look(old_way)
    assert code == 0
    assert sentence(found, "credentials").startswith(
        "note: email and key from CLOUDFLARE_EMAIL and CLOUDFLARE_API_KEY A token"
    )


def test_no_network(owner: CommandLine) -> None:
    code, found = look(owner.with_environment(CLOUDFLARE_BASE_URL="http://127.0.0.1:9/client/v4"))
    assert code == 4
    assert sentence(found, "service").startswith("problem: The API could not be reached: no connection could be made")


def test_no_card(owner: CommandLine, sandbox: Sandbox) -> None:
    sandbox.remove_card()
    code, found = look(owner)
    assert code == 1
    assert sentence(found, "payment").startswith(
        "problem: There is no payment method, so nothing can be topped up. Add a card"
    )


@pytest.mark.parametrize(("declines", "state"), [(1, "failing"), (3, "stopped")])
def test_auto_topup_that_fails(owner: CommandLine, sandbox: Sandbox, declines: int, state: str) -> None:
    assert owner.run("auto-topup", "set", "--amount", "20", "--threshold", "10", "-y", "--force").code == 0
    sandbox.put_card("declines")
    sandbox.use(2_000)
    for _ in range(declines - 1):
        sandbox.use(1)
    code, found = look(owner)
    assert code == 1
    reported = sentence(found, "auto-topup")
    assert reported.startswith(f"problem: Auto top-up is {state}: Your card was declined. (last on ")
    assert "there only" in reported


def test_a_low_balance(owner: CommandLine, sandbox: Sandbox) -> None:
    sandbox.use("2100.5")
    code, found = look(owner)
    assert code == 1
    assert sentence(found, "balance") == "problem: The balance is low: $4.00. Top up: `aig-billing topup 20`."
    code, found = look(owner, "--low", "3")
    assert "it lasts until" in sentence(found, "balance")


def test_a_balance_that_is_used_up(owner: CommandLine, sandbox: Sandbox) -> None:
    sandbox.use("2500.1")
    _, found = look(owner)
    assert sentence(found, "balance").startswith("problem: The balance is $0.00: gateways refuse calls with 402")


def test_a_balance_that_will_not_last(owner: CommandLine, sandbox: Sandbox) -> None:
    sandbox.use(1_800)
    code, found = look(owner)
    assert code == 1
    assert sentence(found, "balance").startswith(
        "problem: The balance is $7.00, and at the rate of the last 7 days it lasts until"
    )


@pytest.mark.parametrize(("hours", "says"), [(5, "5 hours behind"), (-5, "5 hours ahead of"), (0, None)])
def test_a_clock_that_is_wrong(sandbox: Sandbox, tmp_path: Path, hours: int, says: str | None) -> None:
    with dated(sandbox, datetime.now(UTC) + timedelta(hours=hours, minutes=1 if hours > 0 else 0)) as base_url:
        code, found = look(owner_of(sandbox, base_url, tmp_path))
    assert code == (1 if says else 0)
    assert sentence(found, "clock").startswith(
        f"problem: This machine's clock is {says} the service's" if says else "ok: "
    )


def test_a_spending_limit_that_is_still_on(owner: CommandLine) -> None:
    assert owner.run("limit", "set", "100").code == 0
    _, found = look(owner)
    assert sentence(found, "spending-limit").startswith("note: A spending limit of $100.00 monthly (fixed) is on")


def test_requests_that_run_out(owner: CommandLine, sandbox: Sandbox) -> None:
    sandbox.limit_rate("11/60")
    code, found = look(owner)
    assert code == 1
    assert sentence(found, "rate-limit").startswith("problem: Only 10 requests are left for the next ")


def test_a_configuration_file_with_a_token_that_others_can_read(owner: CommandLine) -> None:
    path = owner.home / "config.toml"
    path.write_text("[profiles.default]\napi_token = 'open-to-all'", encoding="utf-8")
    path.chmod(0o644)
    code, found = look(owner.with_environment(AIG_BILLING_CONFIG=str(path)))
    assert code == 1
    assert sentence(found, "configuration").endswith(f"Run: chmod 600 {path}  (or name a token_command instead)")
    assert "open-to-all" not in str(found)


def test_a_card_can_be_looked_at_by_people_too(owner: CommandLine) -> None:
    ended = owner.with_environment(PYTHONIOENCODING="ascii").run("doctor")
    assert ended.code == 0
    assert "ok  permission" in ended.out
    assert ended.out.isascii()


def test_an_answer_that_is_not_as_promised(owner: CommandLine, sandbox: Sandbox) -> None:
    body = {"success": True, "errors": [], "messages": [], "result": {"balance": "lots"}}
    sandbox.fault("credit_balance", status=200, body=body)
    code, found = look(owner)
    assert (code, found["service"]["level"]) == (1, "problem")
    assert "$.result.balance" in sentence(found, "service")
    assert "balance" not in found
