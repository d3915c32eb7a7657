"""Tries the mutants, some at a time, each in a forked process; prints who noticed what, and who survived."""

import argparse
import importlib
import json
import os
import selectors
import shutil
import signal
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.contract.mutants.catalogue import catalogue
from tests.contract.mutants.mutant import Mutant
from tests.contract.mutants.trial import BUILD, COMMITTED, NOBODY_COULD, Verdict, try_mutant

_LONGEST_TRIAL = 900.0
# Imported once, so that the forked processes find them in memory. Nothing of what mutants change may be among them.
_WARM = (
    "aig_billing_sandbox.control.routes",
    "aig_billing_sandbox.http.transport",
    "hypothesis.strategies",
    "openapi_spec_validator",
    "referencing",
)


@dataclass
class _Running:
    """A trial that is under way."""

    pid: int
    mutant: Mutant | None
    folder: Path
    reads: int
    started: float
    reported: bytes = b""


def main() -> int:
    """Try them all; give the exit code."""
    parser = argparse.ArgumentParser()
    parser.add_argument("scratch", type=Path)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--seed", type=int, default=5)
    for flag in ("--all", "--list", "--verbose"):
        parser.add_argument(flag, action="store_true")
    parser.add_argument("--only", default="")
    chosen = parser.parse_args()
    base = chosen.scratch / "base"
    mutants = [one for one in catalogue(base, chosen.seed, whole=chosen.all) if chosen.only in str(one)]
    if chosen.list:
        print(*mutants, f"{len(mutants)} mutants", sep="\n")
        return 0
    started = time.monotonic()
    for name in _WARM:
        importlib.import_module(name)
    for _, verdict in _tried([None], base, chosen.scratch, 1):
        if verdict.by:
            print(f"error: without any mutant, {verdict.by} fails: {verdict.said}", file=sys.stderr)
            return 2
    print(
        f"{len(mutants)} mutants, {chosen.jobs} at a time; without any, all proofs pass ({time.monotonic() - started:.0f} s)",
        flush=True,
    )
    results: list[tuple[Mutant, Verdict]] = []
    for mutant, verdict in _tried(mutants, base, chosen.scratch, chosen.jobs):
        if mutant is None or verdict.by == NOBODY_COULD:
            continue
        results.append((mutant, verdict))
        if not verdict.by:
            print(f"  SURVIVED  {mutant}", flush=True)
        elif chosen.verbose:
            print(f"  noticed by {verdict.by}: {mutant}\n      {verdict.said}", flush=True)
    same = len(mutants) - len(results)
    if same:
        print(f"\n{same} more changes to templates gave the same client, byte for byte, and do not count")
    return _report(results, time.monotonic() - started)


def _report(results: Sequence[tuple[Mutant, Verdict]], seconds: float) -> int:
    survivors = [mutant for mutant, verdict in results if not verdict.by]
    print()
    for layer in dict.fromkeys(mutant.layer for mutant, _ in results):
        own = [(mutant, verdict) for mutant, verdict in results if mutant.layer is layer]
        print(f"{layer.value}: {len(own)}")
        for kind, number in Counter(mutant.kind for mutant, _ in own).items():
            left = sum(mutant.kind == kind and not verdict.by for mutant, verdict in own)
            print(f"  {number:4} {kind}{f', {left} SURVIVED' if left else ''}")
    print("noticed by")
    committed = COMMITTED.partition("::")[0].rpartition("/")[2]
    for by, number in Counter(verdict.by for _, verdict in results if verdict.by).most_common():
        reported = {BUILD: "the build itself, which refuses them", committed: f"{by} alone (`make check`)"}.get(by, by)
        print(f"  {number:4} {reported}")
    print(f"{seconds:.0f} s")
    print(f"{len(results)} mutants, {len(survivors)} survivors")
    return 1 if survivors else 0


def _tried(
    mutants: Sequence[Mutant | None], base: Path, scratch: Path, jobs: int
) -> Iterator[tuple[Mutant | None, Verdict]]:
    """Try them, so many at a time, and give each with its verdict as it comes."""
    waiting = list(enumerate(mutants))[::-1]
    running: dict[int, _Running] = {}
    with selectors.DefaultSelector() as selector:
        while waiting or running:
            while waiting and len(running) < jobs:
                number, mutant = waiting.pop()
                trial = _start(mutant, base, scratch / f"{'base' if mutant is None else 'mutant'}-{number}")
                running[trial.reads] = trial
                selector.register(trial.reads, selectors.EVENT_READ)
            for key, _ in selector.select(timeout=1):
                trial = running[key.fd]
                part = os.read(key.fd, 65536)
                trial.reported += part
                if not part:
                    selector.unregister(key.fd)
                    yield trial.mutant, _end(running.pop(key.fd))
            for trial in running.values():
                if time.monotonic() - trial.started > _LONGEST_TRIAL:
                    os.kill(trial.pid, signal.SIGKILL)


def _start(mutant: Mutant | None, base: Path, folder: Path) -> _Running:
    sys.stdout.flush()
    reads, writes = os.pipe()
    pid = os.fork()
    if pid:
        os.close(writes)
        return _Running(pid, mutant, folder, reads, time.monotonic())
    try:
        os.close(reads)
        try:
            reported: dict[str, object] = {"verdict": asdict(try_mutant(mutant, base, folder))}
        except BaseException:  # noqa: BLE001 - reported to the parent, which stops
            reported = {"error": traceback.format_exc()}
        with os.fdopen(writes, "w", encoding="utf-8") as pipe:
            json.dump(reported, pipe)
    finally:
        # Nothing of what was inherited from the parent may run at the end of this process.
        os._exit(0)


def _end(trial: _Running) -> Verdict:
    os.close(trial.reads)
    os.waitpid(trial.pid, 0)
    shutil.rmtree(trial.folder, ignore_errors=True)
    if not trial.reported:
        return Verdict("the clock", f"no end after {_LONGEST_TRIAL:.0f} s")
    reported = json.loads(trial.reported)
    if "error" in reported:
        raise RuntimeError(f"the trial of {trial.mutant} failed itself:\n{reported['error']}")
    return Verdict(**reported["verdict"])


if __name__ == "__main__":
    sys.exit(main())
