"""Clients of small specifications, with every kind and every odd name in them, pass pyright in its strict mode."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.codegen import test_answers, test_bodies_and_arguments, test_servers_security_and_names
from tests.codegen.inline import build

ROOT = Path(__file__).resolve().parents[2]
SPECIFICATIONS = {
    "bodies": test_bodies_and_arguments.BODIES,
    "parameters": test_bodies_and_arguments.PARAMETERS,
    "results": test_answers.RESULTS,
    "statuses": test_answers.STATUSES,
    "envelopes": test_answers.ENVELOPES,
    "odd": test_servers_security_and_names.odd_specification(),
}


@pytest.mark.slow
def test_pyright_has_nothing_to_say_of_them(tmp_path: Path) -> None:
    for name, specification in SPECIFICATIONS.items():
        (tmp_path / name).mkdir()
        build(tmp_path / name, specification, name=f"small_{name}")
    settings = {
        "include": [f"{name}/out" for name in SPECIFICATIONS],
        "strict": ["."],
        "extraPaths": [str(ROOT / "src")],
        "pythonVersion": "3.11",
    }
    (tmp_path / "pyrightconfig.json").write_text(json.dumps(settings))
    command = [
        sys.executable,
        "-m",
        "pyright",
        "--pythonpath",
        sys.executable,
        "-p",
        str(tmp_path / "pyrightconfig.json"),
    ]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:]
    assert "0 errors" in done.stdout
