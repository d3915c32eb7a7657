"""Every code block of the documentation and the README works: each page runs from top to bottom against its own sandbox."""

import json
import os
import re
import shlex
import signal
import subprocess
import sys
import textwrap
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from aig_billing_sandbox import Sandbox
from tests.docs.blocks import Block, blocks_of

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*(ROOT / "docs").rglob("*.md"), ROOT / "README.md", ROOT / "SECURITY.md"])
SHELL = {"sh", "bash", "console"}
INCLUDE = re.compile(r'^--8<-- "(?P<path>[^"]+)"$')
PATIENCE = 120

# Runs the blocks that arrive as [[line, text], ...] one after the other, as one program; a traceback shows the page and its line.
DRIVER = """
import json, sys
page, blocks = json.load(sys.stdin)
namespace = {"__name__": "__main__"}
for line, text in blocks:
    exec(compile("\\n" * line + text, page, "exec"), namespace)
"""


@pytest.fixture
def variables(tmp_path: Path) -> Iterator[dict[str, str]]:
    """What the blocks of a page find in their environment: a sandbox as the service, and their own home."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("CLOUDFLARE_", "AIG_BILLING_", "XDG_"))
    }
    with Sandbox(seed="demo") as sandbox:
        yield kept | {
            "CLOUDFLARE_BASE_URL": sandbox.base_url,
            "CLOUDFLARE_API_TOKEN": sandbox.token,
            "CLOUDFLARE_ACCOUNT_ID": sandbox.account_id,
            "HOME": str(tmp_path),
            "PATH": os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"])),
            "COLUMNS": "100",
        }


def run(command: list[str], cwd: Path, variables: dict[str, str], given: str = "") -> None:
    done = subprocess.run(
        command, cwd=cwd, env=variables, input=given, capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"


def is_covered_elsewhere(block: Block) -> bool:
    """Whether it only installs or calls make, which other tests do; then what it names has to be there."""
    commands = [shlex.split(line, comments=True) for line in block.text.splitlines()]
    commands = [command for command in commands if command]
    if not all(command[0] == "make" or command[:2] == ["pip", "install"] for command in commands):
        return False
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    for command in commands:
        for word in command[1:] if command[0] == "make" else ():
            assert "=" in word or re.search(rf"(?m)^{word}:", makefile), f"{block}: make has no target {word}"
        for extra in re.findall(r"\[([a-z,]+)\]", " ".join(command)) if command[0] == "pip" else ():
            assert set(extra.split(",")) <= set(extras), f"{block}: there is no extra {extra}"
    return True


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES, ids=[page.relative_to(ROOT).as_posix() for page in PAGES])
def test_the_code_of_a_page_runs(page: Path, variables: dict[str, str], tmp_path: Path) -> None:
    blocks = [block for block in blocks_of(page) if block.how == "run" and not INCLUDE.match(block.text.strip())]
    for block in blocks:
        if block.language in SHELL and not is_covered_elsewhere(block):
            run(["bash", "-euo", "pipefail", "-c", block.text], tmp_path, variables)
    programs = [(block.line, textwrap.dedent(block.text)) for block in blocks if block.language == "python"]
    if programs:
        # A page that reads like a session may leave its client open, as a session does.
        run(
            [sys.executable, "-W", "error", "-W", "ignore::ResourceWarning", "-c", DRIVER],
            tmp_path,
            variables,
            json.dumps([page.name, programs]),
        )


SPECIAL = [block for page in PAGES for block in blocks_of(page) if block.how in {"pytest", "serve"}]


@pytest.mark.slow
@pytest.mark.parametrize("block", SPECIAL, ids=str)
def test_tests_pass_and_servers_serve(block: Block, variables: dict[str, str], tmp_path: Path) -> None:
    if block.how == "pytest":
        (tmp_path / "test_page.py").write_text(block.text, encoding="utf-8")
        run([sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)], tmp_path, variables)
        return
    # On any free port, as two pages may be tested at once.
    process = subprocess.Popen(
        [sys.executable, "-m", "aig_billing_cli", *shlex.split(block.text)[1:], "--port", "0"],
        cwd=tmp_path,
        env=variables,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    with process.stdout:
        try:
            assert "http://127.0.0.1:" in "".join(next(process.stdout, "") for _ in range(3))
        finally:
            process.send_signal(signal.SIGINT)
        process.stdout.read()
    assert process.wait(20) == 0


def test_every_block_says_what_it_is_and_why_it_is_not_run() -> None:
    for page in PAGES:
        for block in blocks_of(page):
            assert block.language in SHELL | {"python", "text", "json", "yaml", "toml"}, (
                f"{block}: language {block.language!r}"
            )
            assert block.how in {"run", "skip", "pytest", "serve"}, f"{block}: {block.how}"
            assert bool(block.reason) == (block.how == "skip"), f"{block}: a block that is not run needs a reason"
            assert block.language != "python" or block.how != "skip", f"{block}: Python is always run"


def test_data_in_blocks_can_be_read() -> None:
    for page in PAGES:
        for block in blocks_of(page):
            if block.language == "json":
                json.loads(block.text)
            elif block.language == "yaml":
                yaml.safe_load(block.text)
            elif block.language == "toml":
                tomllib.loads(block.text)


def test_what_is_included_is_there_and_tested() -> None:
    included = {
        found["path"] for page in PAGES for block in blocks_of(page) if (found := INCLUDE.match(block.text.strip()))
    }
    assert included
    tests = (ROOT / "tests/docs/test_examples.py").read_text(encoding="utf-8")
    for path in included:
        assert (ROOT / path).is_file(), path
        assert f'"{Path(path).name}"' in tests, f"{path} is shown and not tested"


def test_every_make_target_that_is_named_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for page in (*PAGES, ROOT / "CONTRIBUTING.md"):
        for target in re.findall(r"`make ([a-z][a-z-]*)", page.read_text(encoding="utf-8")):
            assert re.search(rf"(?m)^{target}:", makefile), f"{page.name}: make has no target {target}"
