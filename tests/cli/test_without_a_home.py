"""A user without a home directory, as in many containers: what needs none works, and what needs one says so."""

import os
import shutil
import subprocess

import pytest

from tests.cli.terminal import COMMAND, PATIENCE_SECONDS

UNSHARE = shutil.which("unshare")


@pytest.mark.slow
@pytest.mark.skipif(UNSHARE is None, reason="a user without an entry needs a user namespace")
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["balance"], "no connection could be made"),
        (["invoices"], "no connection could be made"),
        (["usage"], "no connection could be made"),
        (["auth", "status"], "no connection could be made"),
        (["auth", "login"], "keyring"),
        (["auth", "logout"], "No token is kept"),
        (["config", "path"], "no home directory"),
        (["charges", "list"], "no home directory"),
        (["charges", "backup", "/tmp/copy.db"], "no home directory"),
        (["topup", "50", "--yes", "--key", "k"], "no home directory"),
        (["report"], "no home directory"),
        (["sync"], "no home directory"),
        (["balance", "--sandbox"], "sandbox"),
    ],
)
def test_no_command_breaks_without_a_home(arguments: list[str], said: str) -> None:
    kept = {
        name: value for name, value in os.environ.items() if name != "HOME" and not name.startswith(("XDG_", "AIG_"))
    }
    given = {
        "CLOUDFLARE_API_TOKEN": "t" * 40,
        "CLOUDFLARE_ACCOUNT_ID": "7" * 32,
        "CLOUDFLARE_BASE_URL": "http://127.0.0.1:1",
        "COLUMNS": "200",
    }
    done = subprocess.run(
        [str(UNSHARE), "--user", "--map-user=54321", "--map-group=54321", *COMMAND, *arguments],
        capture_output=True,
        text=True,
        check=False,
        env=kept | given,
        stdin=subprocess.DEVNULL,
        timeout=PATIENCE_SECONDS,
    )
    if "not permitted" in done.stderr or "denied" in done.stderr:
        pytest.skip(f"no user namespaces here: {done.stderr.strip()}")
    assert said in done.stderr
    assert "bug in aig-billing" not in done.stderr
    assert done.returncode not in {0, 130}
