"""Topping up: asked for, announced, written down first, and never sent twice."""

from __future__ import annotations

import datetime as dt
import json
import re
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from aig_billing_sandbox import Sandbox
from tests.cli.conftest import owner_of
from tests.cli.terminal import COMMAND, CommandLine, plain
from tests.interrupting import press_ctrl_c

pytestmark = pytest.mark.slow

FAKETIME = shutil.which("faketime")


def charged(sandbox: Sandbox) -> list[int | None]:
    """The amounts of all charges that reached the sandbox."""
    return [charge.amount_cents for charge in sandbox.charges()]


def test_a_person_sees_card_amount_and_balance_and_is_asked(owner: CommandLine, sandbox: Sandbox) -> None:
    with owner.on_terminal("topup", "$50", "--key", "refill") as run:
        shown = plain(run.read_until("Charge the card? [y/N]"))
        assert charged(sandbox) == []
        for words in (
            "$50.00 credit + 5 % fee = $52.50, tax may be added",
            "visa ending in",
            "$25.00 now, $75.00 after it",
            "Key      refill",
            sandbox.account_id,
            "from CLOUDFLARE_BASE_URL",
        ):
            assert words in shown
        run.type("y\n")
        ended = run.end()
    assert ended.code == 0
    assert "$50.00, made" in ended.out
    assert len(re.findall("Key +refill", plain(ended.out))) == 2
    assert re.search("Status +paid", plain(ended.out))
    assert charged(sandbox) == [5_000]
    assert sandbox.balance() == 7_500


def test_a_key_that_nobody_gave_says_when_it_was_made_in_utc(owner: CommandLine) -> None:
    far_east = owner.with_environment(TZ="Pacific/Kiritimati")
    key = json.loads(far_east.run("topup", "50", "--yes", "-o", "json").out)["key"]
    made = dt.datetime.strptime(key.split("-")[1], "%Y%m%dT%H%M%SZ").replace(tzinfo=dt.UTC)
    assert abs(dt.datetime.now(dt.UTC) - made) < dt.timedelta(hours=1)


@pytest.mark.parametrize("typed", ["n\n", "\n", "\x04"])
def test_anything_but_yes_sends_nothing(owner: CommandLine, sandbox: Sandbox, typed: str) -> None:
    with owner.on_terminal("topup", "50") as run:
        run.read_until("[y/N]")
        run.type(typed)
        ended = run.end()
    assert ended.code == 2
    assert "Cancelled; nothing was changed." in ended.out
    assert charged(sandbox) == []


def test_without_a_terminal_and_without_yes_it_refuses_before_any_request(owner: CommandLine, sandbox: Sandbox) -> None:
    ended = owner.run("topup", "50", stdin="y\n")
    assert ended.code == 2
    assert "--yes" in ended.err
    assert sandbox.requests() == []


def test_no_input_refuses_on_a_terminal_too(owner: CommandLine, sandbox: Sandbox) -> None:
    with owner.on_terminal("--no-input", "topup", "50") as run:
        assert run.end().code == 2
    assert sandbox.requests() == []


def test_the_key_is_reported_before_the_charge_is_sent(owner: CommandLine, sandbox: Sandbox) -> None:
    sandbox.fault("topup.create", delay_before=30)
    with owner.on_terminal("topup", "50", "--yes") as run:
        shown = run.read_until("cli-2")
        assert charged(sandbox) == []
        key = re.search(r"cli-\d{8}T\d{6}Z-[0-9a-f]{6}", shown)
        assert key is not None


def test_the_same_key_never_charges_twice(owner: CommandLine, sandbox: Sandbox) -> None:
    first = owner.run("topup", "50", "--key", "2026-11", "--yes", "-o", "json")
    again = owner.run("topup", "50", "--key", "2026-11", "-o", "json")
    other = owner.run("topup", "60", "--key", "2026-11", "--yes")
    assert (first.code, again.code, other.code) == (0, 0, 2)
    made, reported = json.loads(first.out), json.loads(again.out)
    assert (made["replayed"], reported["replayed"]) == (False, True)
    assert made["payment_id"] == reported["payment_id"]
    assert made["amount_cents"] == 5_000
    assert "$50.00" in other.err
    assert charged(sandbox) == [5_000]


def test_wait_goes_on_until_it_is_paid(owner: CommandLine, sandbox: Sandbox) -> None:
    sandbox.behave(settles_after=0.5)
    ended = owner.run("topup", "50", "--yes", "--wait", "-o", "json")
    row = json.loads(ended.out)
    assert (ended.code, row["status"], row["replayed"]) == (0, "completed", False)
    assert charged(sandbox) == [5_000]


def test_the_answer_says_what_was_charged_to_which_card(owner: CommandLine, sandbox: Sandbox) -> None:
    row = json.loads(owner.run("topup", "50", "--yes", "--key", "k1", "-o", "json").out)
    assert row.pop("client_secret") in {None, "***"}
    assert row == {
        "key": "k1",
        "amount_cents": 5_000,
        "amount_dollars": 50,
        "status": "completed",
        "payment_id": sandbox.charges()[0].invoice_id,
        "card_brand": "visa",
        "card_last4": "4242",
        "replayed": False,
    }


def test_waiting_for_a_payment_that_is_paid_ends_with_0(owner: CommandLine, sandbox: Sandbox) -> None:
    row = json.loads(owner.run("topup", "50", "--yes", "-o", "json").out)
    ended = owner.run("topup", "status", row["payment_id"], "--wait")
    assert (ended.code, "completed" in ended.out) == (0, True)


@pytest.mark.skipif(FAKETIME is None, reason="faketime is not installed: apt-get install faketime")
def test_waiting_for_a_payment_that_stays_pending_ends_after_five_minutes_with_7(
    owner: CommandLine, sandbox: Sandbox
) -> None:
    sandbox.behave(settles_after=3_600)
    payment = json.loads(owner.run("topup", "50", "--yes", "-o", "json").out)["payment_id"]
    asked_before = len(sandbox.requests())
    ended = subprocess.run(
        [FAKETIME or "", "-f", "+0 x60", *COMMAND, "topup", "status", payment, "--wait"],
        env=dict(owner.environment),
        cwd=owner.home,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ended.returncode, "pending" in ended.stdout) == (7, True)
    assert "Do not pay again" in ended.stderr
    assert len(sandbox.requests()) > asked_before + 10


@pytest.mark.parametrize("card", ["works", "needs_confirmation"])
def test_a_payment_that_stays_pending_has_a_code_and_says_what_to_do(
    owner: CommandLine, sandbox: Sandbox, card: str
) -> None:
    sandbox.behave(settles_after=3_600)
    if card != "works":
        sandbox.put_card("needs_confirmation")
    ended = owner.run("topup", "50", "--yes")
    payment = re.search(r"in_\w+", ended.out)
    assert (ended.code, len(charged(sandbox))) == (7, 1)
    assert payment is not None
    assert f"aig-billing topup status {payment[0]} --wait" in ended.err
    assert "3-D Secure" in ended.err
    assert "AI > AI Gateway > Credits" in ended.err
    assert "Do not pay again" in ended.err
    asked = owner.run("topup", "status", payment[0], "-o", "json")
    assert (asked.code, json.loads(asked.out)) == (0, {"payment_id": payment[0], "status": "pending"})
    [listed] = json.loads(owner.run("charges", "list", "-o", "json").out)
    assert f"topup status {payment[0]}" in listed["next_step"]
    sandbox.advance(hours=2)
    if card == "works":
        assert "completed" in owner.run("topup", "status", payment[0]).out


def test_a_client_secret_is_masked_unless_it_is_asked_for(owner: CommandLine, sandbox: Sandbox) -> None:
    sandbox.put_card("needs_confirmation")
    masked = owner.run("topup", "50", "--yes", "--debug", "-v", "-o", "json")
    assert masked.code == 7
    row = json.loads(masked.out)
    assert (row["client_secret"], row["status"]) == ("***", "pending")
    assert "_secret_" not in masked.everything
    shown = owner.run("topup", "50", "--yes", "--show-client-secret")
    assert re.search(r"Client secret  pi_\w+_secret_\w+", shown.out)


def test_a_charge_stays_made_when_its_status_cannot_be_read(owner: CommandLine, sandbox: Sandbox) -> None:
    sandbox.behave(settles_after=3_600)
    sandbox.fault("topup.status", times=None, status=400)
    ended = owner.run("topup", "50", "--yes", "--key", "k")
    assert (ended.code, charged(sandbox)) == (7, [5_000])
    assert "Payment  in_" in ended.out


@pytest.mark.parametrize(
    "arguments",
    [("topup", "50"), ("limit", "remove"), ("auto-topup", "set", "--amount", "20", "--threshold", "10", "--force")],
)
def test_ctrl_c_at_a_question_is_130_and_changes_nothing(
    owner: CommandLine, sandbox: Sandbox, arguments: tuple[str, ...]
) -> None:
    with owner.on_terminal(*arguments) as run:
        run.read_until("[y/N]")
        run.interrupt()
        ended = run.end()
    assert ended.code == 130
    assert "Traceback" not in ended.out
    assert not [record for record in sandbox.requests() if record.method != "GET"]


def test_a_declined_card_is_reported_and_the_key_is_spent(owner: CommandLine, sandbox: Sandbox) -> None:
    sandbox.put_card("declines")
    ended = owner.run("topup", "50", "--key", "k", "--yes")
    assert ended.code == 1
    assert "Your card was declined" in ended.err
    assert "Nothing was charged" in ended.err
    again = owner.run("topup", "50", "--key", "k")
    assert again.code == 1
    assert "refused before" in again.err
    assert "new --key" in again.err
    assert len(charged(sandbox)) == 1


def test_without_a_card_nothing_is_sent(owner: CommandLine, sandbox: Sandbox) -> None:
    sandbox.remove_card()
    ended = owner.run("topup", "50", "--yes")
    assert ended.code == 1
    assert "Add a card" in ended.err
    assert charged(sandbox) == []


@pytest.mark.parametrize("amount", ["9.99", "10001"])
def test_an_amount_outside_the_limits_is_refused_in_dollars(owner: CommandLine, sandbox: Sandbox, amount: str) -> None:
    ended = owner.run("topup", amount, "--yes")
    assert ended.code == 2
    assert "between $10.00 and $10,000.00" in ended.err
    assert charged(sandbox) == []


def test_limits_that_cannot_be_asked_for_do_not_stop_a_topup(owner: CommandLine, sandbox: Sandbox) -> None:
    sandbox.fault("topup.limits", status=404)
    assert owner.run("topup", "50", "--yes").code == 0


def test_an_unknown_outcome_ends_with_5_and_is_settled_by_reconcile(owner: CommandLine, sandbox: Sandbox) -> None:
    sandbox.fault("topup.create", drop="after")
    ended = owner.run("topup", "50", "--key", "lost", "--yes")
    assert ended.code == 5
    assert ended.out == ""
    assert re.search(r"may or may not have been charged \$50\.00: .*Server disconnected", " ".join(ended.err.split()))
    assert "POST /" not in ended.err, "a request line is nothing that a person typed"
    assert "aig-billing charges reconcile lost" in ended.err
    listed = owner.run("charges", "list", "-o", "json")
    assert [(row["key"], row["state"]) for row in json.loads(listed.out)] == [("lost", "unknown")]
    assert re.fullmatch(
        r"Do not pay again. Ask again in 1[56] min: `aig-billing charges reconcile lost`", listed_next(listed.out)
    )
    screen = plain(owner.screen("charges", "list", width=80).out)
    assert "Ask again in" in screen
    assert max(map(len, screen.splitlines())) <= 80
    reported = owner.run("doctor", "-o", "jsonl")
    first = json.loads(reported.out.splitlines()[0])
    assert reported.code == 5
    assert (first["check"], first["level"], "lost" in first["finding"]) == ("charges", "problem", True)
    settled = owner.run("charges", "reconcile", "-o", "json")
    assert settled.code == 0, settled.err
    assert [(row["key"], row["state"]) for row in json.loads(settled.out)] == [("lost", "completed")]
    assert owner.run("charges", "reconcile").out == "No charge is open.\n"
    assert charged(sandbox) == [5_000]


def test_a_charge_that_no_evidence_decides_stays_unknown_until_a_person_says(
    owner: CommandLine, sandbox: Sandbox
) -> None:
    sandbox.fault("topup.create", drop="before")
    assert owner.run("topup", "50", "--key", "lost", "--yes").code == 5
    still = owner.run("charges", "reconcile", "lost", "-o", "json")
    assert still.code == 5
    [row] = json.loads(still.out)
    assert row["state"] == "unknown"
    assert "no invoice of it is listed yet" in row["remark"]
    both = owner.run("charges", "reconcile", "lost", "--paid", "in_1", "--not-paid")
    assert both.code == 2
    settled = owner.run("charges", "reconcile", "lost", "--not-paid", "-o", "json")
    assert (settled.code, json.loads(settled.out)[0]["state"]) == (0, "not_found")
    again = owner.run("topup", "50", "--key", "lost", "--yes")
    assert (again.code, "new --key" in again.err or "new key" in again.err) == (1, True)


def test_a_lost_charge_of_the_live_service_is_found_by_its_key_despite_the_fee(
    owner: CommandLine, sandbox: Sandbox
) -> None:
    sandbox.behave(mode="live")
    sandbox.fault("topup.create", drop="after")
    assert owner.run("topup", "100", "--key", "k", "--yes").code == 5
    found = owner.run("topup", "100", "--key", "k", "-o", "json")
    assert found.code == 0, found.err
    row = json.loads(found.out)
    assert (row["status"], row["replayed"], row["amount_cents"]) == ("completed", True, 10_000)
    assert charged(sandbox) == [10_000]


def test_reconciling_while_the_service_is_away_says_so(owner: CommandLine, sandbox: Sandbox) -> None:
    sandbox.fault("topup.create", drop="after")
    assert owner.run("topup", "50", "--key", "lost", "--yes").code == 5
    sandbox.fault("invoice_history", times=3, status=503)
    ended = owner.run("charges", "reconcile", "lost")
    assert ended.code == 5
    assert "503" in ended.err
    assert "unknown" in ended.out


def test_a_key_that_the_journal_does_not_have_is_reported(owner: CommandLine) -> None:
    ended = owner.run("charges", "reconcile", "never-used")
    assert ended.code == 2
    assert "charges list" in ended.err
    alone = owner.run("charges", "reconcile", "--not-paid")
    assert (alone.code, "KEY" in alone.err) == (2, True)


def test_ctrl_c_during_a_charge_says_what_is_known_and_how_to_settle_it(owner: CommandLine, sandbox: Sandbox) -> None:
    sandbox.fault("topup.create", delay_after=20)
    with owner.on_terminal("topup", "50", "--key", "cut", "--yes") as run:
        run.read_until("Charging")
        wait_for(lambda: bool(charged(sandbox)))
        run.interrupt()
        ended = run.end()
    shown = " ".join(plain(ended.out).split())
    assert ended.code == 5
    assert "the card may or may not have been charged $50.00" in shown
    assert "aig-billing charges reconcile cut" in shown
    assert "Traceback" not in ended.out
    assert json.loads(owner.run("charges", "list", "-o", "json").out)[0]["state"] == "unknown"
    assert owner.run("charges", "reconcile", "cut").code == 0
    assert charged(sandbox) == [5_000]


def test_ctrl_c_before_the_charge_left_says_that_nothing_was_charged(owner: CommandLine, sandbox: Sandbox) -> None:
    sandbox.fault("invoice_history", delay_before=300)
    process = owner.start("topup", "50", "--key", "cut", "--yes")
    wait_for(lambda: any(record.operation == "invoice_history" for record in sandbox.requests()))
    press_ctrl_c(process)
    _, words = process.communicate(timeout=120)
    assert process.returncode == 130
    assert "nothing was charged under the key cut" in words
    assert charged(sandbox) == []


def test_ctrl_c_while_waiting_says_that_the_charge_was_made(owner: CommandLine, sandbox: Sandbox) -> None:
    sandbox.behave(settles_after=3_600)
    process = owner.start("topup", "50", "--key", "cut", "--yes", "--wait")
    wait_for(lambda: any(record.operation == "topup.status" for record in sandbox.requests()))
    press_ctrl_c(process)
    _, words = process.communicate(timeout=120)
    assert process.returncode == 130
    assert "the charge of $50.00 was accepted, and is not paid yet." in words
    assert "aig-billing topup status in_" in words


def test_ctrl_c_while_waiting_for_what_was_found_paid_meanwhile_says_so(owner: CommandLine, sandbox: Sandbox) -> None:
    sandbox.behave(settles_after=3_600)

    def asked() -> int:
        return [record.operation for record in sandbox.requests()].count("topup.status")

    process = owner.start("topup", "50", "--key", "cut", "--yes", "--wait")
    wait_for(asked)
    sandbox.fault("topup.status", delay_before=300)
    before = asked()
    wait_for(lambda: asked() > before)
    sandbox.advance(hours=2)
    assert owner.run("charges", "reconcile", "cut").code == 0
    press_ctrl_c(process)
    _, words = process.communicate(timeout=120)
    assert process.returncode == 130
    assert "the charge of $50.00 is paid" in words


def test_a_journal_that_cannot_be_used_stops_the_charge(owner: CommandLine, sandbox: Sandbox, tmp_path: Path) -> None:
    broken = tmp_path / "journal.db"
    broken.write_text("this is not a database, and long enough to be looked at as one" * 20, encoding="utf-8")
    ended = owner.with_environment(AIG_BILLING_JOURNAL=str(broken)).run("topup", "50", "--yes")
    assert ended.code == 2
    assert str(broken) in ended.err
    assert "Nothing was charged" in ended.err
    assert charged(sandbox) == []


def test_without_the_package_of_the_journal_says_what_to_install(owner: CommandLine, sandbox: Sandbox) -> None:
    stub = "raise ModuleNotFoundError('sqlalchemy', name='sqlalchemy')"
    (owner.home / "sqlalchemy.py").write_text(stub, encoding="utf-8")
    path = f"{owner.home}:{owner.environment.get('PYTHONPATH', '')}"
    ended = owner.with_environment(PYTHONPATH=path).run("topup", "50", "--yes")
    assert ended.code == 2
    assert "needs sqlalchemy" in ended.err
    assert 'pip install "aig-billing[cli]"' in ended.err
    assert sandbox.requests() == []


def test_a_token_that_may_only_read_cannot_top_up(sandbox: Sandbox, tmp_path: Path) -> None:
    reader = owner_of(sandbox, sandbox.base_url, tmp_path / "reader", token=sandbox.read_token)
    ended = reader.run("topup", "50", "--yes")
    assert ended.code == 1
    assert "AI Gateway Write" in ended.err
    assert sandbox.read_token not in ended.everything


def listed_next(out: str) -> str:
    return str(json.loads(out)[0]["next_step"])


def wait_for(condition: object) -> None:
    assert callable(condition)
    end = time.monotonic() + 120
    while not condition():
        assert time.monotonic() < end, "it never came to that"
        time.sleep(0.02)


def test_another_card_can_be_named_and_belongs_to_the_key(owner: CommandLine, sandbox: Sandbox) -> None:
    with owner.on_terminal("topup", "50", "--card", "pm_other", "--key", "k") as run:
        assert "pm_other" in run.read_until("Charge the card? [y/N]")
        run.type("n\n")
        run.end()
    ended = owner.run("topup", "50", "--card", "pm_other", "--key", "k", "--yes", "-v")
    assert "Traceback" not in ended.err
    assert [record.operation for record in sandbox.requests()].count("topup.create") == 1
    again = owner.run("topup", "50", "--card", "pm_third", "--key", "k", "--yes")
    assert again.code in {1, 2}
    assert [record.operation for record in sandbox.requests()].count("topup.create") == 1


def test_a_backup_of_the_journal_has_its_charges(owner: CommandLine, sandbox: Sandbox) -> None:
    assert owner.run("topup", "50", "--yes", "--key", "k", "-q").code == 0
    copied = owner.run("charges", "backup", "copy.db", "-o", "json")
    assert copied.code == 0, copied.err
    assert json.loads(copied.out) == {"file": str(owner.home / "copy.db"), "charges": 1}
    listed = owner.with_environment(AIG_BILLING_JOURNAL=str(owner.home / "copy.db")).run(
        "charges", "list", "-o", "json"
    )
    assert [row["key"] for row in json.loads(listed.out)] == ["k"]
    again = owner.run("charges", "backup", "copy.db")
    assert (again.code, "copy.db" in again.err) == (2, True)
