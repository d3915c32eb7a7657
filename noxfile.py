"""The tests on every Python that is installed here (`make test-all`), and those of the command line with the newest packages.

`nox -s tests-3.13 -- tests/client` runs some of them.
"""

import os
import shutil
from pathlib import Path

import nox

SUPPORTED = ("3.11", "3.12", "3.13", "3.14")

nox.options.sessions = ["tests"]
nox.options.reuse_venv = "yes"

# Where pyenv, uv, asdf and mise keep interpreters. In front of PATH, on which their shims may be for versions that are not switched on.
_KEPT = (".pyenv/versions", ".local/share/uv/python", ".asdf/installs/python", ".local/share/mise/installs/python")
_FOLDERS = [str(folder) for kept in _KEPT for folder in sorted((Path.home() / kept).glob("*/bin"), reverse=True)]
os.environ["PATH"] = os.pathsep.join((*_FOLDERS, os.environ["PATH"]))

INSTALLED = [version for version in SUPPORTED if shutil.which(f"python{version}")]
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
