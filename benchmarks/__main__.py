"""`python -m benchmarks`: runs every figure, prints the table, writes JSON, a picture and the page's table into build/bench/."""

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.calls import concurrent, decoding, sync
from benchmarks.chart import as_svg
from benchmarks.division import division
from benchmarks.figures import Figure, Verdict
from benchmarks.own import own
from benchmarks.pages import publish
from benchmarks.processes import ROOT, Place, server
from benchmarks.starting import starting
from benchmarks.stock import stock_package
from benchmarks.table import as_json, as_text

OUTPUT = ROOT / "build" / "bench"
_Part = Callable[[Place, int, Callable[[str], None]], Iterator[Figure]]
_PARTS: dict[str, _Part] = {
    "sync": sync,
    "async": concurrent,
    "decoding": decoding,
    "division": division,
    "starting": starting,
    "own": own,
}


def main(arguments: list[str] | None = None) -> int:
    """Run what is asked for; give the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--python", type=Path, default=OUTPUT / "venv" / "bin" / "python", help="the interpreter that has the peers"
    )
    parser.add_argument("--rounds", type=int, default=25, help="how often each call is measured (default: 25)")
    parser.add_argument("--only", choices=_PARTS, help="one part of it, writing nothing")
    parser.add_argument("--publish", action="store_true", help="put tables and picture into README and docs/ as well")
    parser.add_argument("--check", action="store_true", help="fail when a figure is past its target by more than noise")
    chosen = parser.parse_args(arguments)
    if not chosen.python.exists():
        parser.error(f"{chosen.python} is not there: `make bench` sets it up")
    started = time.monotonic()
    figures = list(_run(chosen.python.absolute(), chosen.rounds, [chosen.only] if chosen.only else [*_PARTS]))
    _note("")
    print(as_text(figures))
    missed = [figure for figure in figures if figure.verdict is Verdict.MISSED]
    print(f"\n{len(figures) - len(missed)} of {len(figures)} figures stand well, in {time.monotonic() - started:.0f} s")
    if chosen.only is None:
        OUTPUT.mkdir(parents=True, exist_ok=True)
        (OUTPUT / "results.json").write_text(as_json(figures) + "\n", encoding="utf-8")
        (OUTPUT / "comparison.svg").write_text(as_svg(figures), encoding="utf-8")
        print(f"written: {OUTPUT.relative_to(ROOT)}/results.json and comparison.svg")
        if chosen.publish:
            publish(figures, ROOT)
            print("written: README.md, docs/performance.md and docs/assets/comparison.svg")
    if chosen.check and missed:
        print("error: past the target by more than noise:", file=sys.stderr)
        for figure in missed:
            print(f"  {figure.title}: {figure.show(figure.ours)}, target {figure.target_in_words}", file=sys.stderr)
        return 1
    return 0


def _run(python: Path, rounds: int, parts: list[str]) -> Iterator[Figure]:
    _note("generating the unmodified client ...")
    with stock_package() as stock, server() as base_url:
        place = Place(python, stock, base_url)
        for part in parts:
            yield from _PARTS[part](place, rounds, _note)


def _note(text: str) -> None:
    """Show what is being done, on one line that is written over where there is a terminal."""
    if sys.stderr.isatty():
        print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)
    elif text and ("/" not in text or text.partition(": ")[2].startswith("1/")):
        print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
