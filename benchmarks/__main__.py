"""`python -m benchmarks`: measures every figure, and prints them."""

import argparse
import sys
import time
from collections.abc import Callable, Iterator

from benchmarks.calls import concurrent, decoding, sync
from benchmarks.charging import growing, together
from benchmarks.measure import MISSED, Figure, progress
from benchmarks.own import own
from benchmarks.pages import as_text, publish
from benchmarks.processes import ROOT, Place, server, stock_package
from benchmarks.starting import starting

_PARTS: dict[str, Callable[[Place, int], Iterator[Figure]]] = {
    "sync": sync,
    "async": concurrent,
    "decoding": decoding,
    "starting": starting,
    "journal": growing,
    "postgresql": together,
    "own": own,
}


def main(arguments: list[str] | None = None) -> int:
    """Run what is asked for; give the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--rounds", type=int, default=25, help="how often each call is measured (default: 25)")
    parser.add_argument("--only", choices=_PARTS, help="one part of it, publishing nothing")
    parser.add_argument("--publish", action="store_true", help="put the tables into README and docs/ as well")
    parser.add_argument("--check", action="store_true", help="fail when a target is missed")
    chosen = parser.parse_args(arguments)
    peers, bare = (ROOT / "build" / "bench" / name / "bin" / "python" for name in ("venv", "bare"))
    for python in (peers, bare):
        if not python.exists():
            parser.error(f"{python} is not there: `make bench` sets it up")
    started = time.monotonic()
    with stock_package() as stock, server() as running:
        place = Place(peers, bare, stock, running)
        parts = [chosen.only] if chosen.only else [*_PARTS]
        figures = [figure for part in parts for figure in _PARTS[part](place, chosen.rounds)]
    progress("")
    print(as_text(figures))
    missed = [figure for figure in figures if figure.verdict == MISSED]
    print(f"\n{len(figures)} figures, {len(missed)} past their target, in {time.monotonic() - started:.0f} s")
    if chosen.publish and chosen.only is None:
        publish(figures, ROOT)
    for figure in missed if chosen.check else []:
        shown = f"{figure.show(figure.ours)}, target {figure.target}"
        print(f"error: past the target: {figure.title}: {shown}", file=sys.stderr)
    return 1 if chosen.check and missed else 0


if __name__ == "__main__":
    sys.exit(main())
