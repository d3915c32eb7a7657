"""The overlays are OpenAPI Overlay 1.0 for others too: tools that nobody here wrote make the same document of them.

Three were tried on 2026-11-25, and none fails by its own fault on these overlays: oas-patch 0.6.0 (PyPI), openapi-format 1.33.6 and
openapi-overlays-js 0.2.0 (npm). What they read decides how targets are written: filters as `[?(@...)]`, one comparison each, and names
in a list without spaces.
"""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from oas_patch.overlay import apply_overlay

from codegen.resolve import resolve

ROOT = Path(__file__).parents[2]
SPEC = ROOT / "openapi" / "billing.yaml"
OVERLAYS = sorted((ROOT / "overlays" / "spec").iterdir())


@pytest.fixture(scope="module")
def resolved() -> dict[str, Any]:
    return resolve(SPEC, ROOT / "overlays" / "spec").document


@pytest.mark.slow
def test_oas_patch_makes_the_same_document(resolved: dict[str, Any]) -> None:
    document, *overlays = (yaml.safe_load(file.read_text(encoding="utf-8")) for file in (SPEC, *OVERLAYS))
    for overlay in overlays:
        document = apply_overlay(document, overlay)
    assert document == resolved


@pytest.mark.slow
@pytest.mark.installs
@pytest.mark.skipif(shutil.which("npm") is None, reason="needs npm")
def test_npm_packages_make_the_same_document(resolved: dict[str, Any], tmp_path: Path) -> None:
    run(["npm", "install", "--silent", "--prefix", ".", "openapi-format@1.33.6", "openapi-overlays-js@0.2.0"], tmp_path)
    made = run(["node", str(Path(__file__).with_name("overlay_tools.mjs")), str(SPEC), *map(str, OVERLAYS)], tmp_path)
    documents = json.loads(made)
    assert documents["openapi-format"] == resolved
    assert documents["openapi-overlays-js"] == resolved


def run(command: list[str], folder: Path) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout
