"""Generating is a function of spec, overlays, templates and settings: nothing else of this machine or moment gets into the client."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from codegen.driver import PACKAGE, Sources, build_package
from codegen.resolve import resolve
from tests.contract.resolved import ROOT

SOURCES = ("openapi", "overlays", "generator-config.yaml")


def contents(package: Path) -> dict[str, bytes]:
    files = [path for path in package.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    return {path.relative_to(package).as_posix(): path.read_bytes() for path in files}


def built(output: Path) -> dict[str, bytes]:
    resolved = resolve(ROOT / "openapi" / "billing.yaml", ROOT / "overlays" / "spec")
    build_package(resolved, Sources(ROOT / "generator-config.yaml", ROOT / "overlays" / "code"), output)
    return contents(output)


def generated_elsewhere(folder: Path, **environment: str) -> dict[str, bytes]:
    """The client as `make gen` makes it in another folder and process."""
    folder.mkdir()
    for name in SOURCES:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, folder / name)
    command = [sys.executable, "-m", "codegen", "gen", "--root", str(folder)]
    paths = os.pathsep.join([str(ROOT), str(ROOT / "src")])
    environment = {**os.environ, "PYTHONPATH": paths, **environment}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return contents(folder / "generated" / PACKAGE)


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return built(tmp_path_factory.mktemp("once") / PACKAGE)


@pytest.mark.slow
def test_two_builds_give_the_same_bytes(once: dict[str, bytes], tmp_path: Path) -> None:
    assert len(once) > 40
    again = built(tmp_path / PACKAGE)
    assert [name for name in sorted({*once, *again}) if once.get(name) != again.get(name)] == []


@pytest.mark.slow
def test_neither_hash_seed_nor_place_nor_locale_nor_time_zone_matters(once: dict[str, bytes], tmp_path: Path) -> None:
    first = generated_elsewhere(tmp_path / "a", PYTHONHASHSEED="1", TZ="Pacific/Auckland", LC_ALL="C", PYTHONUTF8="0")
    second = generated_elsewhere(tmp_path / "another folder", PYTHONHASHSEED="4242", TZ="UTC", LC_ALL="C.UTF-8")
    for made in (first, second):
        different = [name for name in sorted({*once, *made}) if once.get(name) != made.get(name)]
        assert different == [], (
            f"{', '.join(different)}: made differently in another folder; let no step of codegen/driver.py look at the current one"
        )


def test_the_committed_client_is_the_one_that_is_generated(once: dict[str, bytes]) -> None:
    there = contents(ROOT / "generated" / PACKAGE)
    different = [name for name in sorted({*once, *there}) if once.get(name) != there.get(name)]
    assert different == [], (
        f"generated/{PACKAGE}: {', '.join(different)}: run `make gen` and commit; a change made there by hand belongs in "
        "openapi/, overlays/ or codegen/"
    )
