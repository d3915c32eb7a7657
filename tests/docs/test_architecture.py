"""The page on architecture names rooms and hops that are there."""

import importlib
import re
from pathlib import Path

import pytest

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
