"""`make gen`, `make check` and `make validate`, run as commands on a scratch copy of spec, overlays and client."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    for name in ("openapi", "overlays", "generated"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "generator-config.yaml", tmp_path)
    return tmp_path


def run(command: str, root: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "codegen", command, "--root", str(root)],
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_generating_again_changes_nothing_and_the_committed_client_is_current(scratch: Path) -> None:
    before = contents(scratch / "generated")
    done = run("gen", scratch)
    assert done.returncode == 0, done.stderr
    assert contents(scratch / "generated") == before
    assert run("check", scratch).returncode == 0


@pytest.mark.parametrize("method", ["spawn", "forkserver"])
def test_it_works_however_a_system_starts_processes(scratch: Path, tmp_path: Path, method: str) -> None:
    """Python 3.14 and macOS do not fork."""
    startup = tmp_path / "startup"
    startup.mkdir()
    (startup / "sitecustomize.py").write_text(f"import multiprocessing\nmultiprocessing.set_start_method({method!r})\n")
    done = run("gen", scratch, PYTHONPATH=str(startup))
    assert (done.returncode, done.stderr) == (0, "")
    spec = scratch / "openapi" / "billing.yaml"
    spec.write_text(spec.read_text().replace("  title:", "  titel:", 1))
    done = run("gen", scratch, PYTHONPATH=str(startup))
    assert (done.returncode, "Traceback" in done.stderr) == (1, False)
    assert "not OpenAPI 3.1" in done.stderr


def test_a_renamed_field_fails_the_overlay_that_targets_it_and_writes_nothing(scratch: Path) -> None:
    spec = scratch / "openapi" / "billing.yaml"
    spec.write_text(spec.read_text().replace("aggregated_value", "summed_value"))
    before = contents(scratch / "generated")
    for command in ("gen", "check", "validate"):
        done = run(command, scratch)
        assert done.returncode == 1
        assert "40-units.yaml" in done.stderr
        assert "the target matches nothing" in done.stderr
        assert "aggregated_value" in done.stderr
        assert "Traceback" not in done.stderr
    assert contents(scratch / "generated") == before


def test_a_renamed_field_that_no_overlay_names_fails_the_check_with_the_cure(scratch: Path) -> None:
    spec = scratch / "openapi" / "billing.yaml"
    spec.write_text(spec.read_text().replace("created_by", "made_by"))
    done = run("check", scratch)
    assert done.returncode == 1
    assert "aig_billing/models/invoice.py differs" in done.stderr
    assert "Run `make gen` and commit" in done.stderr


def test_a_generated_file_that_was_edited_removed_or_added_is_named(scratch: Path) -> None:
    package = scratch / "generated" / "aig_billing"
    (package / "client.py").write_text("# mine\n" + (package / "client.py").read_text())
    (package / "models" / "invoice.py").unlink()
    (package / "extra.py").write_text("")
    done = run("check", scratch)
    assert done.returncode == 1
    for line in (
        "client.py differs",
        "models/invoice.py is missing",
        "extra.py should not be there",
        "CONTRIBUTING.md",
    ):
        assert line in done.stderr


def test_a_template_that_makes_no_python_stops_the_build(scratch: Path) -> None:
    template = scratch / "overlays" / "code" / "types.py.jinja"
    template.write_text(template.read_text() + "\ndef (:\n")
    before = contents(scratch / "generated")
    done = run("gen", scratch)
    assert done.returncode == 1
    assert "correct the template" in done.stderr
    assert contents(scratch / "generated") == before


def test_a_setting_that_the_generator_does_not_know_stops_the_build(scratch: Path) -> None:
    config = scratch / "generator-config.yaml"
    config.write_text(config.read_text() + "literal_enum: true\n")
    done = run("gen", scratch)
    assert done.returncode == 1
    assert "literal_enum" in done.stderr
    assert "has no such setting" in done.stderr
