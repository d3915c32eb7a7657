"""What people see, at three widths. `pytest tests/cli/test_screens.py --show-screens` writes the files again: then look at them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from aig_billing_sandbox import Sandbox
from tests.cli.conftest import owner_of
from tests.cli.terminal import CommandLine, plain

SCREENS = Path(__file__).parent / "screens"
WIDTHS = (60, 80, 120)
COMMANDS = {
    "balance": ("balance",),
    "usage": ("usage",),
    "usage-by-hour": ("usage", "--by", "hour", "--since", "12h"),
    "invoices": ("invoices",),
    "invoices-preview": ("invoices", "preview"),
    "auto-topup-show": ("auto-topup", "show"),
    "limit-show": ("limit", "show"),
    "watch": ("watch", "--below", "30"),
}


@pytest.fixture(scope="module")
def failing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CommandLine]:
    """Someone with a read-only token, an account without a card, and a charge in the journal that was refused."""
    with Sandbox(mode="documented") as sandbox:
        sandbox.behave(settles_after=0)
        sandbox.put_card("declines")
        home = tmp_path_factory.mktemp("failing")
        # A path that is as long on every machine.
        owner = owner_of(sandbox, sandbox.base_url, home).with_environment(AIG_BILLING_CONFIG="config.toml")
        (home / "config.toml").write_text("", encoding="utf-8")
        assert owner.run("topup", "50", "--key", "2026-11-refill", "--yes").code == 1
        sandbox.remove_card()
        sandbox.use("2400")
        yield owner.with_environment(CLOUDFLARE_API_TOKEN=sandbox.read_token)


@pytest.mark.slow
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", COMMANDS)
def test_a_screen_is_as_it_was_looked_at(
    frozen: CommandLine, name: str, width: int, request: pytest.FixtureRequest
) -> None:
    ended = frozen.screen(*COMMANDS[name], width=width)
    assert ended.code == 0, ended.err
    shown = _without_ids(plain(ended.out))
    assert max(map(len, shown.splitlines())) <= width
    assert_shown(shown, f"{name}-{width}", request)


@pytest.mark.slow
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(("arguments", "code"), [(("doctor",), 1), (("charges", "list"), 0)])
def test_a_screen_of_a_failure_is_as_it_was_looked_at(
    failing: CommandLine, arguments: tuple[str, ...], code: int, width: int, request: pytest.FixtureRequest
) -> None:
    ended = failing.screen(*arguments, width=width)
    assert ended.code == code, ended.err
    shown = _without_what_changes(plain(ended.out))
    assert max(map(len, shown.splitlines())) <= width
    assert_shown(shown, f"{'-'.join(arguments)}-{width}", request)


@pytest.mark.slow
def test_a_topup_on_a_narrow_terminal_is_as_it_was_looked_at(
    owner: CommandLine, request: pytest.FixtureRequest
) -> None:
    with owner.on_terminal("topup", "50", "--key", "2026-11-refill", width=60) as run:
        run.read_until("[y/N]: ")
        run.type("y\n")
        shown = _without_what_changes(plain(run.end().out))
    assert_shown(shown, "topup-60", request)


@pytest.mark.slow
def test_colours_come_only_to_a_terminal_that_wants_them(frozen: CommandLine) -> None:
    assert "\x1b[1;32m$42.60" in frozen.screen("balance").out
    assert "\x1b[" not in frozen.with_environment(NO_COLOR="1").screen("balance").out
    assert "\x1b[" not in frozen.with_environment(TERM="dumb").screen("balance").out
    assert "\x1b[" not in frozen.run("balance").out


def test_a_terminal_without_unicode_gets_plain_bars(frozen: CommandLine) -> None:
    ended = frozen.with_environment(PYTHONIOENCODING="ascii").screen("usage", "--since", "3d")
    assert ended.code == 0
    assert "  ####" in plain(ended.out)
    assert ended.out.isascii()


@pytest.mark.slow
def test_times_are_in_utc_wherever_the_reader_is_and_say_so(frozen: CommandLine) -> None:
    tokyo = frozen.with_environment(TZ="Asia/Tokyo")
    listed = tokyo.run("invoices").out
    assert listed == frozen.run("invoices").out
    assert listed.startswith("Created (UTC)")
    assert "10 Nov 2026, 08:05" in listed
    assert "12:00:00 UTC" in tokyo.run("watch", "--below", "10").out


def test_on_the_narrowest_terminal_values_go_beneath_their_names(frozen: CommandLine) -> None:
    shown = plain(frozen.screen("balance", width=20).out)
    assert shown.splitlines()[:4] == ["Balance", "  $42.60", "Card", "  visa ending in"]


@pytest.mark.slow
def test_a_width_of_nothing_is_not_obeyed(frozen: CommandLine) -> None:
    assert frozen.with_environment(COLUMNS="0").run("balance").out == frozen.run("balance").out


@pytest.mark.slow
def test_a_spinner_shows_what_takes_more_than_a_moment(owner: CommandLine, sandbox: Sandbox) -> None:
    sandbox.fault("credit_balance", delay_before=1.2)
    with owner.on_terminal("balance") as run:
        run.read_until("Asking for the balance ...")
        assert "$25.00" in run.end().out
    sandbox.fault("credit_balance", delay_before=1.2)
    ended = owner.run("balance")
    assert ended.err == ""


def _without_what_changes(shown: str) -> str:
    # On a busy machine a spinner shows up.
    shown = re.sub(r"(?:\r*[\u2800-\u28ff] [^\r\n]*? \.\.\.)+\n?\r?", "", shown)
    shown = _without_ids(shown)
    shown = re.sub(r"in \d\.\d s", "in 0.1 s", shown)
    shown = re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:54321", shown)
    return re.sub(r"[ \d]\d \w{3} \d{4}, \d\d:\d\d", "18 Nov 2026, 12:00", shown)


def _without_ids(shown: str) -> str:
    return re.sub(r"in_[0-9a-f]{24}", "in_0123456789abcdef01234567", shown)


def assert_shown(shown: str, name: str, request: pytest.FixtureRequest) -> None:
    path = SCREENS / f"{name}.txt"
    if request.config.getoption("--show-screens"):
        path.write_text(shown, encoding="utf-8")
    assert shown == path.read_text(encoding="utf-8"), f"{path} has another screen"
    assert not any(line.endswith(" ") for line in shown.splitlines())
    assert re.search(r"\x1b", shown) is None
