"""The page on architecture names rooms and hops that are there."""

import ast
import importlib
import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/explanation/architecture.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("hop", sorted(set(re.findall(r"`([\w.]+:[\w.]+)`", PAGE))))
def test_every_hop_is_there(hop: str) -> None:
    module, _, name = hop.partition(":")
    found = importlib.import_module(module)
    for part in name.split("."):
        found = getattr(found, part)


def test_every_path_is_there_and_every_package_has_a_room() -> None:
    for path in re.findall(r"`([\w.-]+/[\w./-]*)`", PAGE):
        assert (ROOT / path).exists() or (ROOT / "generated" / path).exists() or (ROOT / "src" / path).exists(), path
    for package in (ROOT / "src").iterdir():
        assert f"| `src/{package.name}/`" in PAGE, f"{package.name} has no room on the page"
        assert f"\n{package.name} " in PAGE, f"{package.name} is not in the drawing"


@pytest.mark.slow
def test_the_runtime_names_no_operation() -> None:
    document = yaml.safe_load((ROOT / "generated/aig_billing/openapi.yaml").read_text(encoding="utf-8"))
    operations = [
        one
        for methods in document["paths"].values()
        for one in methods.values()
        if isinstance(one, dict) and "operationId" in one
    ]
    names = {one["operationId"] for one in operations} | {
        f"{one['x-fern-sdk-group-name']}.{one['x-fern-sdk-method-name']}" for one in operations
    }
    assert len(operations) > 12
    for path in (ROOT / "src/aig_billing_runtime").rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        prose = {
            id(node.value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose:
                assert not any(name in node.value for name in names), f"{path}:{node.lineno}"
                assert not re.search(r"/(accounts|billing|topup|ai-gateway)\\b", node.value), f"{path}:{node.lineno}"
