"""What is in deploy/ is what the tools that read it take: each file is held against its own tool's validator or schema."""

from __future__ import annotations

import functools
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
_PYTHON = os.environ.get("DEPLOY_PYTHON", "")

requires_validators = pytest.mark.skipif(
    not _PYTHON, reason="the validators are in their own environment: make deploy-check"
)


def run(*command: str | Path, cwd: Path = ROOT) -> None:
    done = subprocess.run(list(map(str, command)), cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def validator(name: str) -> Path:
    return Path(_PYTHON).absolute().parent / name


@requires_validators
@pytest.mark.parametrize(
    ("schema", "file"),
    [
        ("vendor.compose-spec", "compose.yaml"),
        ("vendor.compose-spec", "compose.sandbox.yaml"),
        ("vendor.github-workflows", "github/billing.yml"),
    ],
)
def test_compose_and_github_files_follow_their_schemas(schema: str, file: str) -> None:
    run(validator("check-jsonschema"), "--builtin-schema", schema, DEPLOY / file)


@requires_validators
@pytest.mark.parametrize("file", ["monitor.yaml", "fleet.yaml"])
def test_kubernetes_manifests_follow_the_schema_of_each_resource(file: str) -> None:
    run(validator("kubernetes-validate"), "--strict", DEPLOY / "kubernetes" / file)


@requires_validators
def test_the_dashboard_is_one_to_grafanas_own_library() -> None:
    program = (
        "import json, sys; from grafana_foundation_sdk.models.dashboard import Dashboard; "
        "assert len(Dashboard.from_json(json.load(open(sys.argv[1]))).panels) == 9"
    )
    run(validator("python"), "-c", program, DEPLOY / "grafana" / "dashboard.json")


def test_no_two_panels_of_the_dashboard_cover_each_other() -> None:
    panels = json.loads((DEPLOY / "grafana" / "dashboard.json").read_text())["panels"]
    taken = [
        (panel["gridPos"]["x"] + x, panel["gridPos"]["y"] + y)
        for panel in panels
        for x in range(panel["gridPos"]["w"])
        for y in range(panel["gridPos"]["h"])
    ]
    assert len(taken) == len(set(taken))
    assert max(x for x, _ in taken) < 24


@pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed: apt-get install systemd"
)
def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    unit = (DEPLOY / "systemd" / "aig-billing-monitor.service").read_text()
    # The program is installed where a test cannot; another one is in its place.
    copy = tmp_path / "aig-billing-monitor.service"
    copy.write_text(unit.replace("/opt/aig-billing/bin/aig-billing", "/bin/true"))
    run(shutil.which("systemd-analyze") or "", "verify", copy)


@pytest.mark.slow
def test_every_command_in_them_is_one_that_the_command_line_takes() -> None:
    texts = [path.read_text() for path in sorted(DEPLOY.rglob("*")) if path.suffix in {".yml", ".service"}]
    lines = [
        line for text in texts for line in re.findall(r"(?m)^(?:ExecStart=\S*/|\s+- run: |\s+)(aig-billing .*)$", text)
    ]
    arguments = [line.partition(" ")[2].split(" >>")[0].split() for line in lines]
    for path in (*DEPLOY.glob("compose*.yaml"), *sorted((DEPLOY / "kubernetes").glob("*"))):
        for document in yaml.safe_load_all(path.read_text()):
            arguments += _arguments(document)
    assert len(arguments) >= 6
    for given in arguments:
        words = [word for word in given[:2] if not word.startswith("-")]
        options = {word for word in given if word.startswith("--")}
        if words[0] == "verify":
            continue  # has its own tests
        shown = "".join(map(_help, ([], words[: 2 if words[0] == "fleet" else 1])))
        assert all(f"{option} " in shown or f"{option}\n" in shown for option in options), given


@functools.cache
def _help_of(words: tuple[str, ...]) -> str:
    command = [sys.executable, "-m", "aig_billing_cli", *words, "--help"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def _help(words: list[str]) -> str:
    return _help_of(tuple(words))


def _arguments(value: object) -> list[list[str]]:
    if isinstance(value, list):
        return [found for one in value for found in _arguments(one)]
    if isinstance(value, dict):
        own = [list(map(str, value[key])) for key in ("args", "command") if isinstance(value.get(key), list)]
        return own + [found for one in value.values() for found in _arguments(one)]
    return []


@pytest.mark.installs
@requires_validators
def test_the_steps_of_the_containerfile_work_in_a_virtual_environment(tmp_path: Path) -> None:
    """Few machines that test have a container engine: what it would copy and run is copied and run, with /venv in a folder."""
    text = (ROOT / "Containerfile").read_text()
    _, build, final = text.split("\nFROM ")
    for names in re.findall(r"(?m)^COPY (.+)$", build):
        *sources, target = names.split()
        for source in sources:
            here, there = ROOT / source, tmp_path / target / Path(source).name if target == "./" else tmp_path / target
            shutil.copytree(here, there) if here.is_dir() else shutil.copy(here, there)
    ignored = (ROOT / ".containerignore").read_text().split()
    assert {f"!{path.name}" for path in tmp_path.iterdir()} <= set(ignored), "what is copied is not ignored"
    for step in re.findall(r"(?m)^RUN (.+)$", build):
        command = step.replace("/venv", str(tmp_path / "venv")).replace("python -m venv", f"{sys.executable} -m venv")
        run("sh", "-ec", command, cwd=tmp_path)
    assert "USER 65532:65532" in final
    for command in ("monitor", "sandbox", "fleet"):
        run(tmp_path / "venv" / "bin" / "aig-billing", command, "--help", cwd=tmp_path)
