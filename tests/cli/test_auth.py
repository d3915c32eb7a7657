"""Logging in: the token comes from a prompt or stdin, is checked at once, and lies in the machine's keyring alone."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.cli.terminal import CommandLine, plain

pytest.importorskip("keyring")

USERS, ACCOUNTS, EXPIRED = "users-token", "accounts-token", "expired-token"
ACCOUNT = "0123456789abcdef0123456789abcdef"


class Cloudflare(BaseHTTPRequestHandler):
    """Answers the two calls as Cloudflare's published reference says."""

    asked: list[str]

    def do_GET(self) -> None:
        type(self).asked.append(self.path)
        token = self.headers["authorization"].removeprefix("Bearer ")
        known = {USERS: "/client/v4/user/tokens/verify", EXPIRED: "/client/v4/user/tokens/verify"}
        known[ACCOUNTS] = f"/client/v4/accounts/{ACCOUNT}/tokens/verify"
        accepted = known.get(token) == self.path
        result = {"id": "f" * 32, "status": "expired" if token == EXPIRED else "active"}
        error = {"code": 1000, "message": "Invalid API Token"}
        body = json.dumps(
            {
                "success": accepted,
                "errors": [] if accepted else [error],
                "messages": [],
                "result": result if accepted else None,
            }
        ).encode()
        self.send_response(200 if accepted else 401)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def cloudflare() -> Iterator[str]:
    handler = type("Handler", (Cloudflare,), {"asked": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/client/v4"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def someone(stranger: CommandLine, cloudflare: str) -> CommandLine:
    """Someone with a keyring that is their own file (the package keyrings.alt)."""
    pytest.importorskip("keyrings.alt")
    return stranger.with_environment(
        CLOUDFLARE_BASE_URL=cloudflare,
        PYTHON_KEYRING_BACKEND="keyrings.alt.file.PlaintextKeyring",
        XDG_DATA_HOME=str(stranger.home / "data"),
        PYTHONWARNINGS="ignore",
    )


@pytest.mark.slow
def test_a_token_from_stdin_is_checked_and_kept(someone: CommandLine) -> None:
    ended = someone.run("auth", "login", "-o", "json", stdin=f"{USERS}\n")
    assert ended.code == 0, ended.err
    row = json.loads(ended.out)
    assert (row["status"], row["owner"], row["token_id"]) == ("active", "user", "f" * 32)
    assert "keyring" in row["source"]
    assert USERS not in ended.everything
    status = someone.run("auth", "status", "-o", "json")
    assert (status.code, json.loads(status.out)["status"]) == (0, "active")
    assert not list(someone.home.rglob("config.toml"))


def test_a_token_that_is_typed_is_not_shown(someone: CommandLine) -> None:
    with someone.on_terminal("auth", "login") as run:
        run.read_until("API token (not shown): ")
        run.type(f"{USERS}\n")
        ended = run.end()
    assert ended.code == 0
    assert USERS not in ended.out
    assert "active" in plain(ended.out)


@pytest.mark.slow
def test_an_accounts_own_token_is_checked_with_the_account(someone: CommandLine) -> None:
    ended = someone.run("auth", "login", "--account", ACCOUNT, "-o", "json", stdin=ACCOUNTS)
    assert ended.code == 0, ended.err
    assert json.loads(ended.out)["owner"] == "account"
    assert someone.run("auth", "login", stdin=ACCOUNTS).code == 3


@pytest.mark.slow
@pytest.mark.parametrize(("token", "says"), [(EXPIRED, "expired"), ("nobodys", "Invalid API Token")])
def test_a_token_that_is_not_accepted_is_not_kept(someone: CommandLine, token: str, says: str) -> None:
    ended = someone.run("auth", "login", stdin=token)
    assert (ended.code, ended.out) == (3, "")
    assert says in ended.err
    assert token not in ended.err or token == says
    assert someone.run("auth", "status").code == 3


@pytest.mark.slow
def test_no_token_and_no_one_to_ask_is_refused(someone: CommandLine) -> None:
    assert someone.run("auth", "login", stdin="\n").code == 2
    with someone.on_terminal("--no-input", "auth", "login") as run:
        assert run.end().code == 2


@pytest.mark.slow
def test_the_token_is_used_by_other_commands_and_forgotten(someone: CommandLine) -> None:
    assert someone.run("auth", "login", stdin=USERS).code == 0
    shown = json.loads(someone.run("config", "show", "-o", "json").out)
    assert "keyring" in next(row["source"] for row in shown if row["setting"] == "credentials")
    # The server knows no balance; it got the token all the same.
    assert someone.run("balance", "--account", ACCOUNT).code == 3
    assert someone.run("auth", "logout").code == 0
    assert "No credentials" in someone.run("auth", "status").err
    assert someone.run("auth", "logout").code == 2


@pytest.mark.slow
def test_profiles_have_their_own_tokens(someone: CommandLine) -> None:
    config = someone.home / ".config" / "aig-billing" / "config.toml"
    config.parent.mkdir(parents=True)
    config.write_text(f"[profiles.work]\naccount_id = '{ACCOUNT}'\n", encoding="utf-8")
    assert someone.run("auth", "login", "--profile", "work", stdin=ACCOUNTS).code == 0
    assert someone.run("auth", "status", "--profile", "work").code == 0
    assert someone.run("auth", "status").code == 3


@pytest.mark.slow
def test_the_environment_comes_before_the_keyring(someone: CommandLine) -> None:
    assert someone.run("auth", "login", stdin=USERS).code == 0
    other = someone.with_environment(CLOUDFLARE_API_TOKEN="nobodys")
    ended = other.run("auth", "status")
    assert ended.code == 3
    assert "CLOUDFLARE_API_TOKEN" in ended.err


def test_a_machine_without_a_keyring_says_so(someone: CommandLine) -> None:
    without = someone.with_environment(PYTHON_KEYRING_BACKEND="keyring.backends.fail.Keyring")
    ended = without.run("auth", "login", stdin=USERS)
    assert ended.code == 2
    assert "token_command" in ended.err


@pytest.mark.parametrize(
    ("backend", "says"), [("keyring.backends.null.Keyring", "did not keep"), ("nobodys.Keyring", "nobodys")]
)
def test_a_keyring_that_keeps_nothing_or_is_not_there_is_found_out(
    someone: CommandLine, backend: str, says: str
) -> None:
    ended = someone.with_environment(PYTHON_KEYRING_BACKEND=backend).run("auth", "login", stdin=USERS)
    assert (ended.code, ended.out) == (2, "")
    assert says in ended.err
    assert "token_command" in ended.err


def test_a_locked_keyring_is_not_taken_for_an_empty_one(someone: CommandLine) -> None:
    (someone.home / "locked.py").write_text(
        "import keyring.backend, keyring.errors\n"
        "class Keyring(keyring.backend.KeyringBackend):\n"
        "    priority = 1\n"
        "    def get_password(self, service, username):\n"
        "        raise keyring.errors.KeyringLocked('Failed to unlock the collection!')\n"
        "    def set_password(self, service, username, password): ...\n",
        encoding="utf-8",
    )
    path = f"{someone.home}:{someone.environment.get('PYTHONPATH', '')}"
    locked = someone.with_environment(PYTHON_KEYRING_BACKEND="locked.Keyring", PYTHONPATH=path)
    for command in (("auth", "status"), ("balance", "--account", ACCOUNT)):
        ended = locked.run(*command)
        assert ended.code == 3
        assert "Failed to unlock the collection." in ended.err


@pytest.mark.parametrize(("key", "code", "says"), [("\x04", 2, "No token was given"), ("\x03", 130, "Interrupted.")])
def test_the_question_for_the_token_can_be_left(someone: CommandLine, key: str, code: int, says: str) -> None:
    with someone.on_terminal("auth", "login") as run:
        run.read_until("API token (not shown): ")
        run.type(key)
        ended = run.end()
    assert ended.code == code
    assert says in plain(ended.out).splitlines()[1]


def test_without_the_package_one_line_says_what_to_install(someone: CommandLine) -> None:
    blocked = someone.home / "blocked" / "keyring.py"
    blocked.parent.mkdir()
    blocked.write_text("raise ModuleNotFoundError('keyring', name='keyring')", encoding="utf-8")
    path = f"{blocked.parent}:{someone.environment.get('PYTHONPATH', '')}"
    ended = someone.with_environment(PYTHONPATH=path).run("auth", "login", stdin=USERS)
    assert ended.code == 2
    assert 'pip install "aig-billing[keyring]"' in ended.err


@pytest.mark.slow
def test_the_configuration_file_and_the_settings_in_effect_are_shown(someone: CommandLine) -> None:
    assert someone.run("config", "path").out == f"{someone.home}/.config/aig-billing/config.toml\n"
    config = someone.home / "c.toml"
    config.write_text(
        f"[profiles.default]\naccount_id = '{ACCOUNT}'\ntoken_command = 'pass with secrets'\n[profiles.bad]\nx=1\n",
        encoding="utf-8",
    )
    named = someone.with_environment(AIG_BILLING_CONFIG=str(config))
    assert json.loads(named.run("config", "path", "-o", "json").out) == {"path": str(config), "exists": True}
    ended = named.run("config", "show")
    rows = {row["setting"]: row for row in json.loads(named.run("config", "show", "-o", "json").out)}
    assert rows["account"]["value"] == ACCOUNT
    assert rows["credentials"]["value"] == "pass ..."
    assert rows["profiles"]["value"] == "default, bad"
    assert "with secrets" not in ended.everything
    assert "'bad' cannot be used" in ended.err


def test_email_and_key_are_not_checked_this_way(someone: CommandLine) -> None:
    old = someone.with_environment(CLOUDFLARE_EMAIL="me@example.com", CLOUDFLARE_API_KEY="k")
    ended = old.run("auth", "status")
    assert ended.code == 0
    assert "not checked" in ended.out
