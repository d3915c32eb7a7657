"""`python -m benchmarks`: runs every figure, prints them, and writes JSON into build/bench/."""

import argparse
import sys
import time
from collections.abc import Callable, Iterator

from benchmarks.calls import concurrent, decoding, sync
from benchmarks.charging import growing, together
from benchmarks.measure import Figure, Note, Verdict
from benchmarks.own import own
from benchmarks.pages import as_json, as_text, publish
from benchmarks.processes import ROOT, Place, server
from benchmarks.starting import starting
from benchmarks.stock import stock_package

OUTPUT = ROOT / "build" / "bench"
_PARTS: dict[str, Callable[[Place, int, Note], Iterator[Figure]]] = {
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
    parser.add_argument("--only", choices=_PARTS, help="one part of it, writing nothing")
    parser.add_argument("--publish", action="store_true", help="put the tables into README and docs/ as well")
    parser.add_argument("--check", action="store_true", help="fail when a target is missed")
    chosen = parser.parse_args(arguments)
    peers, bare = (OUTPUT / name / "bin" / "python" for name in ("venv", "bare"))
    for python in (peers, bare):
        if not python.exists():
            parser.error(f"{python} is not there: `make bench` sets it up")
    started = time.monotonic()
    with stock_package() as stock, server() as running:
        place = Place(peers, bare, stock, running)
        parts = [chosen.only] if chosen.only else [*_PARTS]
        figures = [figure for part in parts for figure in _PARTS[part](place, chosen.rounds, _note)]
    _note("")
    print(as_text(figures))
    missed = [figure for figure in figures if figure.verdict is Verdict.MISSED]
    print(f"\n{len(figures)} figures, {len(missed)} past their target, in {time.monotonic() - started:.0f} s")
    if chosen.only is None:
        OUTPUT.mkdir(parents=True, exist_ok=True)
        (OUTPUT / "results.json").write_text(as_json(figures) + "\n", encoding="utf-8")
        if chosen.publish:
            publish(figures, ROOT)
    for figure in missed if chosen.check else []:
        shown = f"{figure.show(figure.ours)}, target {figure.target_in_words}"
        print(f"error: past the target: {figure.title}: {shown}", file=sys.stderr)
    return 1 if chosen.check and missed else 0


def _note(text: str) -> None:
    """Show what is being done, on one line that is written over where there is a terminal."""
    if sys.stderr.isatty():
        print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)
    elif text and ("/" not in text or text.partition(": ")[2].startswith("1/")):
        print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
