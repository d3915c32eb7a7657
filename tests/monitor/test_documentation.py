"""What the pages on alerts tell people to run does what they say, in each case."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from aig_billing_sandbox import Sandbox
from tests.cli.conftest import owner_of
from tests.docs.blocks import blocks_of

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "alerts.md"


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


@pytest.mark.parametrize(
    ("case", "subject"),
    [
        ("enough", ""),
        ("low", "AI credit is below $10"),
        ("outage", "AI Gateway billing cannot be read"),
        ("token", "AI Gateway billing: the credentials do not work"),
    ],
)
def test_the_script_for_cron_tells_the_cases_apart(sandbox: Sandbox, tmp_path: Path, case: str, subject: str) -> None:
    (script,) = (block.text for block in blocks_of(PAGE) if block.text.startswith("#!/bin/sh"))
    programs = tmp_path / "bin"
    programs.mkdir()
    for name, text in {
        "credit-alert.sh": script,
        "mail": f'#!/bin/sh\necho "$2 $3" >{tmp_path}/mails\n',
        "aig-billing": f'#!/bin/sh\nexec {sys.executable} -m aig_billing_cli "$@"\n',
    }.items():
        (programs / name).write_text(text)
        (programs / name).chmod(0o755)
    if case == "low":
        sandbox.use(1_600)
    elif case == "outage":
        sandbox.fault("*", status=404, times=None)
    owner = owner_of(sandbox, sandbox.base_url, tmp_path / "home", "f" * 40 if case == "token" else None)
    environment = {**owner.environment, "PATH": f"{programs}:{owner.environment['PATH']}"}
    done = subprocess.run([programs / "credit-alert.sh"], env=environment, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("", "")
    mails = tmp_path / "mails"
    assert (mails.read_text().strip() if mails.exists() else "") == (f"{subject} ops@company.test" if subject else "")
