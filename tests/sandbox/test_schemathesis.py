"""schemathesis, all phases, against the running sandbox; what it may be refused is listed in schemathesis.toml."""

import os
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from aig_billing_sandbox import Sandbox
from aig_billing_sandbox.http.operations import OPERATIONS

HERE = Path(__file__).parent


def schemathesis() -> str | None:
    beside = Path(sys.executable).with_name("schemathesis")
    return str(beside) if beside.exists() else shutil.which("schemathesis")


@pytest.mark.slow
@pytest.mark.skipif(schemathesis() is None, reason="schemathesis is not installed: pip install schemathesis")
@pytest.mark.parametrize("mode", ["documented", "live"])
def test_schemathesis_finds_nothing(tmp_path: Path, mode: Any) -> None:
    command = schemathesis()
    package = find_spec("aig_billing")
    assert command is not None
    assert package is not None
    assert package.submodule_search_locations
    document = Path(package.submodule_search_locations[0]) / "openapi.yaml"
    with Sandbox(mode=mode) as sandbox:
        done = subprocess.run(
            [
                *(command, "--no-color", "--config-file", HERE / "schemathesis.toml"),
                *("run", document, "--url", sandbox.base_url, "--phases", "examples,coverage,fuzzing,stateful"),
                # To a malformed credential the live service answers 400, code 6003.
                *(("--exclude-checks", "ignored_auth") if mode == "live" else ()),
            ],
            env={**os.environ, "SANDBOX_TOKEN": sandbox.token, "SANDBOX_ACCOUNT_ID": sandbox.account_id},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=1200,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert f"Tested: {len(OPERATIONS)}" in done.stdout
        generated = re.search(r"(\d+) generated", done.stdout)
        assert generated is not None
        assert int(generated[1]) > 500
        assert len({record.operation for record in sandbox.requests()} - {None}) == len(OPERATIONS)
