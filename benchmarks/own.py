"""What only this project has: the size of its own code, `make gen`, and the sandbox fixture."""

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from aig_billing_sandbox import Sandbox
from benchmarks.measure import Figure, exactly, progress, spread
from benchmarks.processes import ROOT, Place, environment

BARE = ("generated/aig_billing", "src/aig_billing_charges", "src/aig_billing_runtime")
"""The packages that work in the bare install; the others are the extras' own."""
_JOURNAL = tuple(
    f"src/aig_billing_charges/{name}.py" for name in ("database", "ensure", "journal", "journal_url", "once", "schema")
)
"""What cannot be used without the extra `[journal]`: it imports SQLAlchemy, or opens a journal first thing."""
_DOCUMENT = "generated/aig_billing/openapi.yaml"


def own(place: Place, _rounds: int) -> Iterator[Figure]:
    """Measure what has no peer, or needs no server."""
    yield _installed_size(place)
    yield _generation()
    yield from _sandbox()


def _installed_size(place: Place) -> Figure:
    whole, journal, document = (
        sum(_bytes_of(ROOT / path) for path in paths) / 1e3 for paths in (BARE, _JOURNAL, (_DOCUMENT,))
    )
    listing = "import importlib.metadata as m; print(*(f.locate() for f in m.files('cloudflare')), sep='\\n')"
    listed = subprocess.run([str(place.python), "-c", listing], capture_output=True, text=True, check=True).stdout
    official = [path for path in map(Path, listed.splitlines()) if path.suffix != ".pyc" and path.is_file()]
    return Figure(
        key="installed_size",
        title="installed size of our own code without extras",
        means=f"Python files as shipped; the journal's are {journal:,.0f} kB more, and the document {document:,.0f} kB",
        ours=exactly(whole - journal - document),
        unit=" kB",
        limit=500,
        peers={"cloudflare": exactly(sum(path.stat().st_size for path in official) / 1e3)},
    )


def _bytes_of(folder: Path) -> int:
    # What is named and is not there raises: a module that was renamed would else be counted on the wrong side.
    files = folder.rglob("*") if folder.is_dir() else [folder]
    return sum(path.stat().st_size for path in files if not path.is_dir() and "__pycache__" not in path.parts)


def _generation() -> Figure:
    """Time the command of `make gen`, on a copy: other processes are using the client here."""
    seconds = []
    with tempfile.TemporaryDirectory() as folder:
        for name in ("openapi", "overlays", "src"):
            shutil.copytree(ROOT / name, Path(folder) / name)
        shutil.copy(ROOT / "generator-config.yaml", folder)
        for index in range(3):
            progress("make gen", index + 1, 3)
            started = time.perf_counter()
            command = [sys.executable, "-m", "codegen", "gen", "--root", folder]
            subprocess.run(command, check=True, capture_output=True, cwd=ROOT, env=environment())
            seconds.append(time.perf_counter() - started)
    means = "what a change of the document or of a template costs to try"
    return Figure(key="generation", title="`make gen`", means=means, ours=spread(seconds), unit=" s", limit=2.0)


def _sandbox() -> Iterator[Figure]:
    progress("sandbox fixture")
    setups, reads = [], []
    for _ in range(15):
        started = time.perf_counter()
        with Sandbox():
            setups.append((time.perf_counter() - started) * 1e3)
    with Sandbox() as sandbox, sandbox.client(base_url=sandbox.base_url) as client:
        for _ in range(9):
            started = time.process_time()
            for _ in range(100):
                client.ai_gateway.billing.credit_balance()
            reads.append(100 / (time.process_time() - started))
    yield Figure(
        key="sandbox_setup",
        title="sandbox fixture, to set up",
        means="every test can have its own sandbox",
        ours=spread(setups),
        unit=" ms",
        limit=20.0,
    )
    yield Figure(
        key="sandbox_reads",
        title="sandbox fixture, reads a second of one core, over its socket",
        means="client and sandbox together, by the processor's time",
        ours=spread(reads),
        limit=500,
        at_most=False,
    )
