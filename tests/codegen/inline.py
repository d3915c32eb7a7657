"""Builds a client from a specification of ten lines, so that a test can use what comes out."""

import importlib
import itertools
import sys
import textwrap
from pathlib import Path
from types import ModuleType

import httpx

from codegen.driver import Sources, generate
from codegen.resolve import resolve

TEMPLATES = Path(__file__).resolve().parents[2] / "overlays" / "code"
_numbers = itertools.count(1)

HEAD = """\
openapi: 3.1.0
info: {title: Inline, version: "1"}
servers: [{url: "https://api.example.com"}]
"""


def build(folder: Path, specification: str, *, name: str | None = None) -> Path:
    """Generate a package from the lines of a specification, and give its folder."""
    name = name or f"inline_{next(_numbers)}"
    spec = folder / "spec.yaml"
    spec.write_text(HEAD + textwrap.dedent(specification), encoding="utf-8")
    config = folder / "generator-config.yaml"
    config.write_text(f"package_name_override: {name}\nliteral_enums: true\npost_hooks: []\n", encoding="utf-8")
    target = folder / "out" / name
    generate(resolve(spec, None), Sources(config, TEMPLATES), target)
    return target


def load(folder: Path, specification: str) -> ModuleType:
    """Generate a package and import it."""
    target = build(folder, specification)
    sys.path.insert(0, str(target.parent))
    try:
        return importlib.import_module(target.name)
    finally:
        sys.path.remove(str(target.parent))


class Peer(httpx.BaseTransport):
    """Answers every request with one body, and keeps the requests."""

    def __init__(self, body: bytes = b"{}", status: int = 200) -> None:
        self.body = body
        self.status = status
        self.requests: list[httpx.Request] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()
        self.requests.append(request)
        return httpx.Response(self.status, content=self.body)
