"""What the packaging tests share: the two distributions, and environments with nothing in them but the wheel."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from filelock import FileLock

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 300
"""Seconds for one build or install: a registry that hangs must not hang the tests."""


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "installs: installs packages from the package index, so it is slow the first time"
    )


def run(*command: object, cwd: Path | None = None, env: dict[str, str] | None = None) -> str:
    """Run a command; give what it printed, or fail with all of it."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, (
        f"{' '.join(str(part) for part in command)}\nended with {done.returncode}:\n{done.stdout}"
    )
    return done.stdout


def build(source: Path, into: Path, *kinds: str) -> None:
    """Build as an index's users would, with the build backend that is installed here, so nothing is fetched."""
    run(sys.executable, "-m", "build", "--no-isolation", *kinds, "--outdir", into, source)


@dataclass(frozen=True)
class Distributions:
    """Wheel and sdist of the tree as it is."""

    wheel: Path
    sdist: Path


@dataclass(frozen=True)
class Environment:
    """A virtual environment with the wheel and what the wheel asks for, and nothing else: no pip, no setuptools."""

    folder: Path

    @property
    def python(self) -> Path:
        return self.folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")

    def command(self, name: str) -> Path:
        return self.python.with_name(name + (".exe" if os.name == "nt" else ""))

    def run(self, *arguments: object, cwd: Path, **variables: str) -> str:
        """Run this environment's Python, away from the source tree, with only the variables given."""
        return run(self.python, "-I", "-W", "error", *arguments, cwd=cwd, env=bare_variables(cwd) | variables)

    def installed(self) -> set[str]:
        listing = run(sys.executable, "-m", "pip", "--python", self.python, "list", "--format=json")
        return {entry["name"].lower().replace("_", "-") for entry in json.loads(listing)}


def bare_variables(home: Path) -> dict[str, str]:
    """What a process gets: no credentials, no PYTHONPATH, and its own home to write in."""
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "TMPDIR") if name in os.environ}
    return kept | {"HOME": str(home), "USERPROFILE": str(home)}


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A folder that all workers of this run have in common."""
    base = tmp_path_factory.getbasetemp()
    folder = (base if worker_id == "master" else base.parent) / "packaging"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def tree(shared: Path) -> Path:
    """A copy of the source tree as it is now, without what is not part of it: someone may be editing while tests run."""
    folder = shared / "tree"
    with FileLock(shared / "tree.lock"):
        if not folder.exists():
            made = shutil.ignore_patterns(
                ".git", ".venv*", ".cache", ".*_cache", ".hypothesis", ".nox", "__pycache__", "build", "dist", "site"
            )
            copying = shared / "tree.copying"
            shutil.copytree(ROOT, copying, ignore=made)
            copying.rename(folder)
    return folder


@pytest.fixture(scope="session")
def distributions(shared: Path, tree: Path) -> Distributions:
    folder = shared / "dist"
    with FileLock(shared / "dist.lock"):
        if not folder.exists():
            making = shared / "dist.making"
            build(tree, making, "--wheel", "--sdist")
            making.rename(folder)
    (wheel,), (sdist,) = folder.glob("*.whl"), folder.glob("*.tar.gz")
    return Distributions(wheel, sdist)


@pytest.fixture(scope="session")
def environment_with(shared: Path, distributions: Distributions) -> Callable[[str], Environment]:
    """Make, once a run, the environment of an extra; the empty name is the bare install."""

    def make(extra: str) -> Environment:
        folder = shared / f"venv-{extra or 'bare'}"
        done = shared / f"{folder.name}.done"
        with FileLock(shared / f"{folder.name}.lock"):
            if not done.exists():
                run(sys.executable, "-m", "venv", "--clear", "--without-pip", folder)
                wanted = f"{distributions.wheel}[{extra}]" if extra else distributions.wheel
                pip = (
                    sys.executable,
                    "-m",
                    "pip",
                    "--disable-pip-version-check",
                    "--python",
                    Environment(folder).python,
                )
                run(*pip, "install", "--quiet", "--no-compile", "--constraint", ROOT / "constraints.txt", wanted)
                done.touch()
        return Environment(folder)

    return make
