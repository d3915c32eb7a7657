"""Where credentials and account come from, and what is said when they do not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from aig_billing_cli.configuration import Configuration, find_configuration
from aig_billing_cli.errors import CommandError, ExitCode
from aig_billing_sandbox import Sandbox
from tests.cli.conftest import person
from tests.cli.terminal import COMMAND, CommandLine

ACCOUNT = "0123456789abcdef0123456789abcdef"
OTHER = "fedcba9876543210fedcba9876543210"


def found(
    tmp_path: Path, text: str | None, *, profile: str | None = None, account: str | None = None, **variables: str
) -> Configuration:
    path = tmp_path / "aig-billing" / "config.toml"
    if text is not None:
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        path.chmod(0o600)
    return find_configuration(
        profile=profile, account=account, environment={"XDG_CONFIG_HOME": str(tmp_path), **variables}
    )


TWO = f"""
default_profile = "home"
[profiles.home]
account_id = "{ACCOUNT}"
api_token = "home-token"
[profiles.work]
account_id = "{OTHER}"
api_email = "me@example.com"
api_key = "work-key"
base_url = "https://example.com/v4"
journal = "/tmp/work.db"
"""


def test_the_environment_comes_before_the_default_profile(tmp_path: Path) -> None:
    configuration = found(tmp_path, TWO, CLOUDFLARE_API_TOKEN="env-token", CLOUDFLARE_ACCOUNT_ID=OTHER)
    assert configuration.credentials().token.reveal() == "env-token"
    assert configuration.credentials().source == "CLOUDFLARE_API_TOKEN"
    assert configuration.require_account() == OTHER


def test_what_the_environment_lacks_comes_from_the_default_profile(tmp_path: Path) -> None:
    configuration = found(tmp_path, TWO, CLOUDFLARE_ACCOUNT_ID=OTHER)
    assert configuration.credentials().token.reveal() == "home-token"
    assert configuration.require_account() == OTHER


def test_a_profile_that_was_named_comes_before_the_environment(tmp_path: Path) -> None:
    configuration = found(
        tmp_path,
        TWO,
        profile="work",
        CLOUDFLARE_API_TOKEN="env-token",
        CLOUDFLARE_ACCOUNT_ID=ACCOUNT,
        CLOUDFLARE_BASE_URL="https://x",
    )
    who = configuration.credentials()
    assert (who.kind, who.email.reveal(), who.key.reveal()) == ("email and key", "me@example.com", "work-key")
    assert configuration.require_account() == OTHER
    assert configuration.base_url is not None
    assert configuration.base_url.value == "https://example.com/v4"
    assert configuration.journal_place() == "/tmp/work.db"


def test_the_account_option_comes_before_everything(tmp_path: Path) -> None:
    assert found(tmp_path, TWO, profile="work", account="mine").require_account() == "mine"


def test_a_profile_can_be_named_by_the_environment(tmp_path: Path) -> None:
    assert found(tmp_path, TWO, AIG_BILLING_PROFILE="work").require_account() == OTHER


def test_no_repr_shows_a_secret(tmp_path: Path) -> None:
    configuration = found(tmp_path, TWO, profile="work")
    assert "work-key" not in repr(configuration)
    assert "work-key" not in repr(configuration.credentials())


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[profiles.home", "is not TOML"),
        ('profile = "x"', "profile is not a key of this file: did you mean profiles?"),
        ("[profiles.home]\ntoken_comand = 'x'", "profiles.home.token_comand is not a key of this file: did you mean token_command?"),
        ("[profiles.home]\naccount_id = 5", "profiles.home.account_id must be text in quotes"),
        ("[profiles.home]\naccount_id = ''", "profiles.home.account_id must be text in quotes, and not empty"),
        ("[profiles]\nhome = 'x'", "profiles.home must be a table: [profiles.home]"),
        ("profiles = 3", "profiles must be tables"),
        ("default_profile = 3", "default_profile must be a profile's name"),
        ("[profiles.home]\napi_key = 'x'", "profiles.home has one of api_email and api_key"),
        ("[profiles.home]\napi_token = 'x'\ntoken_command = 'y'", "profiles.home has token_command and api_token"),
        ("[profiles.home]\ntoken_command = 'say \"x'", "profiles.home.token_command cannot be split into words"),
        ("[profiles.home]\ntoken_command = []", "profiles.home.token_command must be a command"),
        ("[profiles.home]\ntoken_command = ['pass', 3]", "profiles.home.token_command must be a command"),
        ("default_profile = 'gone'", "There is no profile 'gone'"),
    ],
)  # fmt: skip
def test_a_wrong_file_is_refused_with_the_place(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(CommandError) as refused:
        found(tmp_path, text, profile="home" if "[profiles" in text else None)
    assert refused.value.code is ExitCode.USAGE
    assert str(tmp_path) in refused.value.sentence
    assert says in refused.value.sentence


def test_a_file_that_is_named_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="which does not exist"):
        found(tmp_path, None, AIG_BILLING_CONFIG=str(tmp_path / "gone.toml"))


def test_a_token_command_is_run_without_a_shell(tmp_path: Path) -> None:
    script = "import sys; print('token-of-', *sys.argv[1:], sep=''); print('second line')"
    text = f"[profiles.default]\ntoken_command = [{sys.executable!r}, '-c', {script!r}, '$HOME;ls']"
    assert found(tmp_path, text).credentials().token.reveal() == "token-of-$HOME;ls"


@pytest.mark.parametrize(
    ("command", "says"),
    [
        (["/no/such/program"], "cannot be started"),
        ([sys.executable, "-c", "print('a-secret'); raise SystemExit(3)"], "ended with 3"),
        ([sys.executable, "-c", "pass"], "printed nothing"),
    ],
)
def test_a_token_command_that_fails_is_reported(tmp_path: Path, command: list[str], says: str) -> None:
    configuration = found(tmp_path, f"[profiles.default]\ntoken_command = {command!r}")
    with pytest.raises(CommandError) as refused:
        configuration.credentials()
    assert refused.value.code is ExitCode.CREDENTIALS
    assert says in refused.value.sentence


def test_half_a_pair_of_credentials_is_reported(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="CLOUDFLARE_API_KEY is set and CLOUDFLARE_EMAIL is not"):
        found(tmp_path, None, CLOUDFLARE_API_KEY="k").credentials()


def test_a_profile_works_end_to_end(sandbox: Sandbox, tmp_path: Path) -> None:
    home = tmp_path / "home"
    config = home / ".config" / "aig-billing" / "config.toml"
    config.parent.mkdir(parents=True)
    config.write_text(
        f"""
        [profiles.play]
        account_id = "{sandbox.account_id}"
        base_url = "{sandbox.base_url}"
        token_command = ["{sys.executable}", "-c", "print('{sandbox.token}')"]
        """,
        encoding="utf-8",
    )
    ended = person(home, CLOUDFLARE_API_TOKEN="of-another-account").run("balance", "--profile", "play", "-o", "csv")
    assert ended.code == 0, ended.err
    assert ended.out.splitlines()[1].startswith("2500,25,")


def test_without_credentials_both_ways_and_the_sandbox_are_reported(stranger: CommandLine) -> None:
    ended = stranger.with_environment(CLOUDFLARE_API_TOKEN="t").run("balance")
    assert ended.code == 3
    assert "CLOUDFLARE_ACCOUNT_ID" in ended.err
    ended = stranger.run("balance")
    assert ended.code == 3
    for words in ("CLOUDFLARE_API_TOKEN", "token_command", "config.toml", "--sandbox"):
        assert words in ended.err


def test_a_file_with_a_token_that_others_can_read_is_noticed(tmp_path: Path) -> None:
    configuration = found(tmp_path, TWO)
    path = tmp_path / "aig-billing" / "config.toml"
    path.chmod(0o644)
    again = find_configuration(profile=None, account=None, environment={"XDG_CONFIG_HOME": str(tmp_path)})
    assert again.file.readable_by_others
    assert not configuration.file.readable_by_others


@pytest.mark.parametrize("where", ["above", "of the link"])
def test_a_token_command_is_not_run_where_others_could_put_another_file_in_place(tmp_path: Path, where: str) -> None:
    marker, near, links = tmp_path / "was-run", tmp_path / "near", tmp_path / "links"
    links.mkdir(mode=0o700)
    near.mkdir(mode=0o700)
    found(near, f"[profiles.default]\naccount_id = '{ACCOUNT}'\ntoken_command = 'touch {marker}'")
    (links / "config.toml").symlink_to(near / "aig-billing" / "config.toml")
    (near if where == "above" else links).chmod(0o777)
    named = near / "aig-billing" / "config.toml" if where == "above" else links / "config.toml"
    again = find_configuration(profile=None, account=None, environment={"AIG_BILLING_CONFIG": str(named)})
    with pytest.raises(CommandError, match="is not run: other users can change"):
        again.credentials()
    assert not marker.exists()


@pytest.mark.parametrize(("file_mode", "folder_mode"), [(0o666, 0o700), (0o620, 0o700), (0o600, 0o777), (0o600, 0o770)])
def test_a_token_command_that_others_could_change_is_not_run(tmp_path: Path, file_mode: int, folder_mode: int) -> None:
    marker = tmp_path / "was-run"
    found(tmp_path, f"[profiles.default]\naccount_id = '{ACCOUNT}'\ntoken_command = 'touch {marker}'")
    folder = tmp_path / "aig-billing"
    (folder / "config.toml").chmod(file_mode)
    folder.chmod(folder_mode)
    again = find_configuration(profile=None, account=None, environment={"XDG_CONFIG_HOME": str(tmp_path)})
    with pytest.raises(CommandError, match="is not run: other users can change") as refused:
        again.credentials()
    assert refused.value.code is ExitCode.CREDENTIALS
    assert "chmod go-w" in refused.value.next_step
    assert not marker.exists()
    # What does not come from running something still works.
    assert again.require_account() == ACCOUNT


def test_a_failing_token_command_is_reported_without_its_arguments(tmp_path: Path) -> None:
    with pytest.raises(CommandError) as refused:
        found(tmp_path, "[profiles.default]\ntoken_command = ['false', '--password', 'hunter2']").credentials()
    assert "false ..." in refused.value.sentence
    assert "hunter2" not in refused.value.sentence + refused.value.next_step


def test_a_file_of_another_systems_editor_is_read(tmp_path: Path) -> None:
    text = "\ufeff[profiles.default]\r\naccount_id = 'abc'\r\n"
    assert found(tmp_path, text).require_account() == "abc"


def test_one_bad_profile_does_not_stop_the_others(tmp_path: Path) -> None:
    text = TWO + "[profiles.bad]\naccount_idd = 'x'\n"
    assert found(tmp_path, text).require_account() == ACCOUNT
    assert found(tmp_path, text, profile="work").require_account() == OTHER
    with pytest.raises(CommandError, match="account_idd is not a key"):
        found(tmp_path, text, profile="bad")


@pytest.mark.parametrize(
    "arguments", [("balance",), ("usage",), ("topup", "status", "in_1"), ("watch", "--below", "1"), ("--help",)]
)
def test_without_a_home_directory_what_needs_none_works(
    owner: CommandLine, sandbox: Sandbox, arguments: tuple[str, ...]
) -> None:
    namespace = ["unshare", "--user", "--map-user=54321", "--map-group=54321"]
    if subprocess.run([*namespace, "true"], check=False, capture_output=True).returncode:
        pytest.skip("this machine allows no user namespaces")
    homeless = owner.with_environment(HOME=None, XDG_STATE_HOME=None)
    done = subprocess.run(
        [*namespace, *COMMAND, *arguments], env=dict(homeless.environment), capture_output=True, text=True, check=False
    )
    assert "Traceback" not in done.stderr
    assert "home" not in done.stderr.lower()
    # The sandbox knows no such payment, which is the only thing that may go wrong.
    assert done.returncode == (1 if "status" in arguments else 0), done.stderr
