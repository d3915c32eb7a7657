"""What only this project has: the size of its own code, `make gen`, and the sandbox fixture."""

import compileall
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from benchmarks.figures import Figure, Target, exactly
from benchmarks.processes import ROOT, Place, environment
from benchmarks.rounds import spread

Note = Callable[[str], None]
BARE = ("generated/aig_billing", "src/aig_billing_charges", "src/aig_billing_runtime")
"""The packages that work in the bare install; the others are the extras' own."""
_EXTRAS = ("src/aig_billing_sandbox", "src/aig_billing_monitor", "src/aig_billing_cli")
_JOURNAL = tuple(
    f"src/aig_billing_charges/{name}.py"
    for name in ("database", "ensure", "journal", "journal_url", "once", "schema", "settling")
)
"""What is of no use without the extra `[journal]`: it imports SQLAlchemy, or opens a journal first thing."""
_DOCUMENT = "generated/aig_billing/openapi.yaml"


def own(place: Place, _rounds: int, note: Note) -> Iterator[Figure]:
    """Measure what has no peer, or needs no server."""
    note("installed size")
    yield _installed_size(place)
    yield _generation(note)
    yield from _sandbox(note)


def _installed_size(place: Place) -> Figure:
    whole, extras, journal, document = (
        sum(_bytes_of(ROOT / path) for path in paths) / 1e3 for paths in (BARE, _EXTRAS, _JOURNAL, (_DOCUMENT,))
    )
    listing = "import importlib.metadata as m; print(*(f.locate() for f in m.files('cloudflare')), sep='\\n')"
    listed = subprocess.run([str(place.python), "-c", listing], capture_output=True, text=True, check=True).stdout
    official = [path for path in map(Path, listed.splitlines()) if path.is_file()]
    return Figure(
        key="installed_size",
        title="installed size of our own code without extras",
        ours=exactly(whole - journal - document),
        unit=" kB",
        target=Target(500, tolerance=0),
        peers={"cloudflare": exactly(sum(path.stat().st_size for path in official if path.suffix != ".pyc") / 1e3)},
        remark=(
            f"Python files as shipped. In the same packages lie {journal:,.0f} kB that need the extra [journal], and the document itself, "
            f"{document:,.0f} kB: {whole:,.0f} kB together; with compiled bytecode, in blocks of the disk, "
            f"{_compiled(BARE) / 1e3:,.0f} kB, and the official SDK "
            f"{_on_disk(official) / 1e3:,.0f} kB; the other extras' packages are {extras:,.0f} kB more"
        ),
    )


def _bytes_of(folder: Path) -> int:
    # What is named and is not there raises: a module that was renamed would else be counted on the wrong side.
    files = folder.rglob("*") if folder.is_dir() else [folder]
    return sum(path.stat().st_size for path in files if not path.is_dir() and "__pycache__" not in path.parts)


def _compiled(packages: tuple[str, ...]) -> int:
    with tempfile.TemporaryDirectory() as folder:
        for package in packages:
            copy = Path(folder) / Path(package).name
            shutil.copytree(ROOT / package, copy, ignore=shutil.ignore_patterns("__pycache__"))
            compileall.compile_dir(copy, quiet=2)
        return _on_disk(path for path in Path(folder).rglob("*") if path.is_file())


def _on_disk(files: Iterable[Path]) -> int:
    return sum(path.stat().st_blocks * 512 for path in files)


def _generation(note: Note) -> Figure:
    """Time the command of `make gen`, on a copy: other processes are using the client here."""
    seconds = []
    with tempfile.TemporaryDirectory() as folder:
        for name in ("openapi", "overlays"):
            shutil.copytree(ROOT / name, Path(folder) / name)
        shutil.copy(ROOT / "generator-config.yaml", folder)
        for index in range(3):
            note(f"make gen: {index + 1}/3")
            started = time.perf_counter()
            command = [sys.executable, "-m", "codegen", "gen", "--root", folder]
            subprocess.run(command, check=True, capture_output=True, cwd=ROOT, env=environment())
            seconds.append(time.perf_counter() - started)
    return Figure(
        key="generation", title="`make gen`", ours=spread(seconds), unit=" s", target=Target(5.0, tolerance=0.2)
    )


def _sandbox(note: Note) -> Iterator[Figure]:
    note("sandbox fixture")
    command = [sys.executable, "-m", "benchmarks.sandbox_speed"]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT, env=environment())
    seen = json.loads(done.stdout)
    yield Figure(
        key="sandbox_setup",
        title="sandbox fixture, to set up",
        ours=spread(seen["setup_ms"]),
        unit=" ms",
        target=Target(20.0, tolerance=0.2),
        remark=f"the first one of a process, imports and all: {seen['first_ms']:.0f} ms",
    )
    yield Figure(
        key="sandbox_reads",
        title="sandbox fixture, reads a second of one core, over its socket",
        ours=spread(seen["reads_socket"]),
        target=Target(500, at_most=False, tolerance=0.2),
        peers={"through its transport": spread(seen["reads_transport"])},
        remark="credit balances read by our client in the same process, by the processor time of both together",
    )
