"""`make lint` notices an import that goes up and a cycle: import-linter's contracts in pyproject.toml, tried on a copy of the tree."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of every package that the contracts name."""
    for name in ("generated", "src", "codegen", "compare"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def lint_imports(tree: Path) -> subprocess.CompletedProcess[str]:
    paths = os.pathsep.join(str(tree / name) for name in ("generated", "src", "."))
    return subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-logo", "--no-cache"],
        cwd=tree,
        env=os.environ | {"PYTHONPATH": paths},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_the_contracts_are_kept(tree: Path) -> None:
    done = lint_imports(tree)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
@pytest.mark.parametrize(
    ("file", "line", "reported"),
    [
        ("src/aig_billing_runtime/money.py", "import aig_billing.client", "aig_billing_runtime.money -> aig_billing.client"),
        ("src/aig_billing_runtime/money.py", "import aig_billing_cli", "aig_billing_runtime.money -> aig_billing_cli"),
        ("src/aig_billing_sandbox/errors.py", "import aig_billing_runtime", "aig_billing_sandbox.errors -> aig_billing_runtime"),
        ("src/aig_billing_sandbox/bank/ids.py", "import aig_billing_sandbox.http.faults", "bank.ids -> aig_billing_sandbox.http.faults"),
        ("src/aig_billing_cli/app.py", "import codegen", "aig_billing_cli.app -> codegen"),
        ("src/aig_billing_runtime/money.py", "import aig_billing_runtime.client", "No cycles are allowed in aig_billing_runtime"),
        ("src/aig_billing_charges/identity.py", "import aig_billing_charges.topup", "No cycles are allowed in aig_billing_charges"),
        ("codegen/errors.py", "import codegen.yaml_io", "No cycles are allowed in codegen"),
        ("codegen/driver.py", "import compare.document", "codegen.driver -> compare.document"),
    ],
)  # fmt: skip
def test_a_planted_import_is_reported(tree: Path, file: str, line: str, reported: str) -> None:
    path = tree / file
    path.write_text(f"{path.read_text(encoding='utf-8')}\n{line}\n", encoding="utf-8")
    done = lint_imports(tree)
    assert done.returncode == 1, done.stdout + done.stderr
    assert reported in done.stdout


def test_no_two_classes_have_one_name() -> None:
    places: dict[str, list[str]] = {}
    for folder in ("src", "codegen", "compare"):
        for path in (ROOT / folder).rglob("*.py"):
            for name in re.findall(r"^ *class ([A-Za-z]\w*)", path.read_text(encoding="utf-8"), re.MULTILINE):
                places.setdefault(name, []).append(path.relative_to(ROOT).as_posix())
    assert {name: found for name, found in places.items() if len(found) > 1} == {}
