"""CONTRIBUTING.md is true: its five steps add an operation to a copy of the tree, and its tables name what is there."""

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.blocks import Block, blocks_of

ROOT = Path(__file__).resolve().parents[2]
GUIDE = ROOT / "CONTRIBUTING.md"
COPIED = (
    "openapi",
    "overlays",
    "codegen",
    "compare",
    "generated",
    "src",
    "tests",
    "generator-config.yaml",
    "pyproject.toml",
)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of what the steps touch and need."""
    tree = tmp_path / "tree"
    tree.mkdir()
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, tree / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, tree)
    return tree


def run(copy: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python in the copy, importing the copy's packages."""
    paths = os.pathsep.join(str(copy / name) for name in ("generated", "src", "."))
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=copy,
        env=os.environ | {"PYTHONPATH": paths, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def put_in(copy: Path, block: Block) -> None:
    """Do with one block what a reader would."""
    file = copy / block.attributes["title"]
    text = file.read_text(encoding="utf-8")
    place = block.attributes["place"]
    if file.suffix == ".json":
        content = json.loads(text)
        content[place].append(json.loads(block.text))
        text = json.dumps(content, indent=1)
    elif place == "end":
        text = text.rstrip("\n") + "\n" + block.text
    elif place.startswith("before "):
        text = after(text, rf"(?m)^(?={place.removeprefix('before ')}\b)", block.text + "\n\n")
    elif file.suffix == ".py":
        text = after(text, rf"(?m)^{place}\b[^\n]*[(\[{{]\n", block.text)
    else:
        text = after(text, rf"(?m)^ *{place}:\n", block.text)
    file.write_text(text, encoding="utf-8")


def after(text: str, place: str, added: str) -> str:
    found = re.search(place, text)
    assert found, f"{place} is not there to put this after: {added}"
    return text[: found.end()] + added + text[found.end() :]


@pytest.mark.slow
def test_the_five_steps_add_an_operation(copy: Path) -> None:
    steps = [block for block in blocks_of(GUIDE) if "title" in block.attributes]
    assert len(steps) == 8
    for block in steps:
        put_in(copy, block)

    stale = run(copy, "-m", "codegen", "check")
    assert stale.returncode == 1
    assert "make gen" in stale.stdout + stale.stderr
    made = run(copy, "-m", "codegen", "gen")
    assert made.returncode == 0, made.stdout + made.stderr
    assert run(copy, "-m", "codegen", "check").returncode == 0

    program = """
from aig_billing import Client, models
from aig_billing_sandbox import Sandbox

with Sandbox() as sandbox, Client(api_token=sandbox.token, account_id=sandbox.account_id, base_url=sandbox.base_url) as client:
    credit = client.ai_gateway.billing.promotional_credit()
    assert isinstance(credit, models.BillingPromotionalCreditResponse)
    assert credit.expires_datetime is None
    print(models.__file__, credit.amount_money)
"""
    called = run(copy, "-c", program)
    assert called.returncode == 0, called.stderr
    assert called.stdout.split() == [str(copy / "generated/aig_billing/models/__init__.py"), "$0.00"]

    promises = (
        "tests/contract/test_documents_equal_spec.py::test_the_spec_says_what_the_documents_say_and_nothing_else",
        "tests/client/test_every_form_over_a_real_socket.py",
        "tests/typing/test_results.py::test_the_table_has_every_operation_of_the_document",
    )
    # The table's own count of 13 is one of those that step 5 leaves to `make test` to name.
    kept = run(
        copy, "-m", "pytest", "-q", "-p", "no:cacheprovider", *promises, "-k", "not all_operations_are_in_this_table"
    )
    assert kept.returncode == 0, kept.stdout
    assert "promotional_credit" in run(copy, "-m", "pytest", "-q", "--collect-only", promises[1]).stdout


def test_the_tables_name_what_is_there() -> None:
    text = GUIDE.read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith("| `")]
    assert len(rows) >= 10
    named = {path for row in rows for path in re.findall(r"`([^`]+)`", row.split("|")[1])}
    for path in named:
        pattern = path.replace("NN-name", "*")
        assert list(ROOT.glob(pattern.rstrip("/"))), f"{path} is not there"


def test_every_top_folder_has_an_owner() -> None:
    text = GUIDE.read_text(encoding="utf-8")
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        pytest.skip("this is not a git checkout")
    tracked = subprocess.run([git, "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    for folder in {
        name.split("/")[0] for name in tracked.stdout.splitlines() if "/" in name and not name.startswith(".")
    }:
        assert f"{folder}/" in text, f"{folder}/ has no row in CONTRIBUTING.md"


def test_every_noqa_has_a_code_and_a_reason() -> None:
    for folder in ("benchmarks", "codegen", "compare", "examples", "generated", "src", "tests", ".ci"):
        for path in (ROOT / folder).rglob("*.py"):
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                if found := re.search(r"# n[o]qa\b(.*)", line):
                    assert re.match(r": [A-Z]+[0-9]+(, [A-Z]+[0-9]+)* - \S", found[1]), (
                        f"{path}:{number}: {line.strip()}"
                    )


def test_every_package_says_what_may_not_enter() -> None:
    for folder in ("codegen", "compare", "src"):
        for path in (ROOT / folder).rglob("__init__.py"):
            docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
            assert re.search(r"may not|[Nn]othing (here|of)|[Nn]othing that|What does not|knows nothing", docstring), (
                path
            )
