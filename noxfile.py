"""The tests on every Python that is installed here (`make test-all`), and those of the command line with the newest packages.

`nox -s tests-3.13 -- tests/client` runs some of them.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import nox

SUPPORTED = ("3.11", "3.12", "3.13", "3.14")

nox.options.sessions = ["tests"]
nox.options.reuse_venv = "yes"


def folders_of_version_managers() -> Iterator[Path]:
    """Where pyenv, uv, asdf and mise keep interpreters that PATH may not lead to."""
    home = Path.home()
    data = Path(os.environ.get("XDG_DATA_HOME") or home / ".local/share")
    for kept, depth in (
        (Path(os.environ.get("PYENV_ROOT") or home / ".pyenv") / "versions", "*/bin"),
        (Path(os.environ.get("UV_PYTHON_INSTALL_DIR") or data / "uv/python"), "*/bin"),
        (Path(os.environ.get("ASDF_DATA_DIR") or home / ".asdf") / "installs/python", "*/bin"),
        (Path(os.environ.get("MISE_DATA_DIR") or data / "mise") / "installs/python", "*/bin"),
    ):
        yield from sorted(kept.glob(depth), reverse=True)


def works(executable: str) -> bool:
    """Whether it starts: a version manager's shim may be on PATH for a version that is not switched on."""
    asked = subprocess.run([executable, "-c", ""], capture_output=True, check=False)
    return asked.returncode == 0


def installed() -> list[str]:
    """The supported versions that are here. Puts those that PATH does not lead to in front of it, where nox looks."""
    found: list[str] = []
    for version in SUPPORTED:
        name = f"python{version}"
        on_path = shutil.which(name)
        if on_path and works(on_path):
            found.append(version)
            continue
        for folder in folders_of_version_managers():
            executable = shutil.which(name, path=str(folder))
            if executable and works(executable):
                os.environ["PATH"] = os.pathsep.join((str(folder), os.environ["PATH"]))
                found.append(version)
                break
    return found


INSTALLED = installed()
# A version that was tested already may be left out.
CHOSEN = [version for version in INSTALLED if version != os.environ.get("WITHOUT")]


@nox.session(python=CHOSEN)
def tests(session: nox.Session) -> None:
    """Install the tree with all extras, and run all tests (or those named after `--`)."""
    session.install("--quiet", "--upgrade", "pip")
    session.install("--quiet", "--constraint", "constraints.txt", "--editable", ".[all]", "--group", "dev")
    # Playwright leaves an event loop running in its process, in which no asyncio test can run: `make test-browser` has it to itself.
    chosen = session.posargs or ("--numprocesses=2", "--dist=worksteal", "-m", "not browser")
    session.run("python", "-m", "pytest", *chosen)


@nox.session
def newest(session: nox.Session) -> None:
    """Install what a user gets today, not what constraints.txt says, and run the tests of the command line, whose looks depend on it."""
    session.install("--quiet", "--upgrade", "pip")
    session.install("--quiet", "--upgrade", "--upgrade-strategy=eager", "--editable", ".[all]", "--group", "test")
    session.run("python", "-m", "pytest", *(session.posargs or ("--numprocesses=2", "tests/cli")))
