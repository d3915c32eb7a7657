"""The pytest fixture: there when asked for, and no burden when not."""

import subprocess
import sys
from pathlib import Path

import pytest

from aig_billing_sandbox import Sandbox

pytestmark = pytest.mark.slow

PLUGIN = "aig_billing_sandbox.pytest_plugin"


def python(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_plugin_loads_nothing_but_pytest() -> None:
    code = f"import sys, pytest; before = set(sys.modules); import {PLUGIN}; print(sorted(set(sys.modules) - before))"
    loaded = f"['aig_billing_sandbox', 'aig_billing_sandbox.optional', '{PLUGIN}']"
    assert python(code).strip() == loaded


def test_without_the_extra_it_says_what_to_install() -> None:
    # A package that is None in sys.modules is one that cannot be found.
    code = "import sys; sys.modules['{0}'] = None\nfrom aig_billing_sandbox import Sandbox\nSandbox().base_url"
    for package in ("yaml", "jsonschema", "starlette", "uvicorn"):
        done = subprocess.run(
            [sys.executable, "-c", code.format(package)], capture_output=True, text=True, timeout=300, check=False
        )
        assert "pip install 'aig-billing[sandbox]'" in done.stderr.splitlines()[-1]


def test_a_fixture_is_fresh_for_every_test(tmp_path: Path) -> None:
    (tmp_path / "test_users_code.py").write_text(
        "import pytest\n"
        "@pytest.mark.parametrize('attempt', [1, 2])\n"
        "def test_spends(billing_sandbox, attempt):\n"
        "    assert billing_sandbox.balance() == 2500\n"
        "    billing_sandbox.use(100)\n"
        "def test_over_a_socket(billing_sandbox):\n"
        "    assert billing_sandbox.base_url.startswith('http://127.0.0.1:')\n"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "pytest", "-q", "-p", "no:cacheprovider", tmp_path],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert "3 passed" in done.stdout, done.stdout + done.stderr


def test_a_charge_with_a_key_can_be_tested_twice(tmp_path: Path) -> None:
    """The fixture brings a journal, and ids never repeat: the second run knows nothing of the first."""
    (tmp_path / "test_users_code.py").write_text(
        "from aig_billing import Client, usd\n"
        "def test_with_the_fixtures_journal(billing_sandbox):\n"
        "    client = Client(api_token=billing_sandbox.token, account_id=billing_sandbox.account_id,\n"
        "        transport=billing_sandbox.transport())\n"
        "    topup = client.ai_gateway.billing.topup.create_once(key='x', amount=usd('50'))\n"
        "    assert not topup.replayed\n"
        "    assert len(billing_sandbox.charges()) == 1\n"
        "def test_with_its_client(billing_sandbox):\n"
        "    topup = billing_sandbox.client().ai_gateway.billing.topup.create_once(key='x', amount=usd('50'))\n"
        "    assert not topup.replayed\n"
        "def test_with_its_environment(billing_sandbox, monkeypatch):\n"
        "    for name, value in billing_sandbox.env().items():\n"
        "        monkeypatch.setenv(name, value)\n"
        "    topup = Client().ai_gateway.billing.topup.create_once(key='x', amount=usd('50'))\n"
        "    assert not topup.replayed\n"
    )
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", tmp_path],
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert "3 passed" in done.stdout, done.stdout + done.stderr


def test_the_journal_goes_with_the_sandbox() -> None:
    with Sandbox() as sandbox:
        journal = Path(sandbox.journal)
        assert journal.is_absolute()
        assert journal.parent.stat().st_mode & 0o777 == 0o700
        assert sandbox.env()["AIG_BILLING_JOURNAL"] == str(journal)
    assert not journal.parent.exists()
