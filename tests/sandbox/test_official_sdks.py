"""Any client of the real API works on the sandbox unchanged: Cloudflare's own SDKs do all 12 documented operations.

They are found where they were installed, and the tests are skipped where they were not:
the Python SDK in this environment (dependency group `sdk`) or that of the interpreter named by `SDK_PYTHON`;
the npm package in `sdk/node_modules` (`npm install` in that folder) or the folder named by `SDK_NODE_MODULES`.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from aig_billing_sandbox import Sandbox
from aig_billing_sandbox.operations import OPERATIONS

SDK = Path(__file__).parent / "sdk"
PYTHON = os.environ.get("SDK_PYTHON", sys.executable)
NODE = shutil.which("node")
NODE_MODULES = Path(os.environ.get("SDK_NODE_MODULES", SDK / "node_modules"))


def has_python_sdk() -> bool:
    return subprocess.run([PYTHON, "-c", "import cloudflare"], capture_output=True, check=False).returncode == 0


def operations_done(sandbox: Sandbox, command: list[str]) -> list[str]:
    sandbox.use(10)
    environment = {
        **os.environ,
        "CLOUDFLARE_BASE_URL": sandbox.base_url,
        "CLOUDFLARE_API_TOKEN": sandbox.token,
        "CLOUDFLARE_ACCOUNT_ID": sandbox.account_id,
    }
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert {record.operation for record in sandbox.requests()} == set(DOCUMENTED)
    names: list[str] = json.loads(done.stdout)
    return names


# The 13th operation is not in the documents, and so not in the SDKs.
DOCUMENTED = [operation.name for operation in OPERATIONS if operation.name != "topup.limits"]


@pytest.mark.skipif(not has_python_sdk(), reason="the official Python SDK is not installed: pip install cloudflare")
def test_the_official_python_sdk_completes_the_documented_operations(sandbox: Sandbox) -> None:
    assert sorted(operations_done(sandbox, [PYTHON, str(SDK / "python_sdk.py")])) == sorted(DOCUMENTED)


@pytest.mark.skipif(NODE is None, reason="node is not installed")
@pytest.mark.skipif(
    not (NODE_MODULES / "cloudflare").is_dir(), reason="the official npm package is not installed: npm install in sdk/"
)
def test_the_official_npm_package_completes_the_documented_operations(sandbox: Sandbox, tmp_path: Path) -> None:
    # node looks for packages beside the script, wherever they were installed.
    script = tmp_path / "npm_sdk.mjs"
    shutil.copy(SDK / "npm_sdk.mjs", script)
    (tmp_path / "node_modules").symlink_to(NODE_MODULES.resolve())
    assert NODE is not None
    assert sorted(operations_done(sandbox, [NODE, str(script)])) == sorted(DOCUMENTED)
