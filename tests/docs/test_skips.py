"""Whoever runs the tests learns which were skipped, and how to run them."""

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import how_to_run

TESTS = Path(__file__).resolve().parents[1]


def _reasons() -> Iterator[str]:
    """Give each reason for skipping that a test states."""
    for path in TESTS.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            if node.func.attr in {"skip", "skipif", "importorskip"}:
                named = [keyword.value for keyword in node.keywords if keyword.arg == "reason"]
                for stated in [*named, *(node.args if node.func.attr == "skip" else ())]:
                    texts = [one.value for one in ast.walk(stated) if isinstance(one, ast.Constant)]
                    if text := "x".join(text for text in texts if isinstance(text, str)):
                        yield text


@pytest.mark.slow
def test_every_reason_for_skipping_has_a_way_to_run_the_test() -> None:
    reasons = sorted(set(_reasons()))
    assert len(reasons) > 25
    for reason in reasons:
        # What a shell's own test says begins with the shell's name.
        assert how_to_run(reason if reason.strip() != "is not installed" else f"zsh{reason}"), reason


@pytest.mark.slow
def test_the_end_of_a_run_says_what_was_skipped_in_both_of_its_parts(tmp_path: Path) -> None:
    for number, reason in enumerate(("no Chromium is installed here", "PostgreSQL is not installed")):
        (tmp_path / f"test_part_{number}.py").write_text(
            f"import pytest\n\ndef test_it():\n    pytest.skip({reason!r})\n", encoding="utf-8"
        )
    (tmp_path / "conftest.py").write_text((TESTS / "conftest.py").read_text(encoding="utf-8"), encoding="utf-8")
    environ = os.environ | {"SKIPPED_TESTS": str(tmp_path / "skipped.json"), "PYTHONPATH": str(TESTS.parent)}
    said = ""
    for number in range(2):
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"test_part_{number}.py"]
        said = subprocess.run(
            command, cwd=tmp_path, env=environ, capture_output=True, text=True, timeout=120, check=False
        ).stdout
    assert "2 tests were skipped" in said
    assert "    1  no Chromium is installed here\n       to run: apt-get install chromium fonts-dejavu-core\n" in said
    assert "    1  PostgreSQL is not installed\n       to run: apt-get install postgresql\n" in said


@pytest.mark.slow
@pytest.mark.parametrize("workers", [[], ["--numprocesses=2"]], ids=["one process", "workers"])
def test_the_end_of_a_quick_run_says_how_many_tests_it_left_out_and_how_to_run_them(
    tmp_path: Path, workers: list[str]
) -> None:
    (tmp_path / "test_some.py").write_text(
        "import pytest\n\ndef test_quick():\n    pass\n\n"
        "@pytest.mark.slow\n@pytest.mark.parametrize('number', range(3))\ndef test_slow(number):\n    pass\n",
        encoding="utf-8",
    )
    (tmp_path / "conftest.py").write_text((TESTS / "conftest.py").read_text(encoding="utf-8"), encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-m", "not slow", *workers]
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("SKIPPED_", "PYTEST_"))}
    environ["PYTHONPATH"] = str(TESTS.parent)
    done = subprocess.run(command, cwd=tmp_path, env=environ, capture_output=True, text=True, timeout=120, check=False)
    assert "1 passed" in done.stdout
    assert "3 tests, slow or in a browser, were left out: make test-slow" in done.stdout
