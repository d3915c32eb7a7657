"""`make mutants-runtime`: lets mutmut change hand-written code in small ways, and lists the changes that no test notices.

mutmut works in a copy of the tree, with a test process that is forked for each mutant and runs the tests that reach it, those that
reach it in a process of their own included, the quick ones first. Every mutant of the retries is tried; of the others every Nth of each
function, always the same ones, so that a run takes at most half an hour on two cores (`--every 1` tries all). What is only said in a
message is not changed. A room that is not through when its share of the time is over says how many it has not tried.
"""

import argparse
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import tomllib
from collections import Counter
from pathlib import Path

from attrs import frozen

ROOT = Path(__file__).resolve().parents[2]
EQUIVALENT = Path(__file__).with_name("equivalent.toml")
LOG = ROOT / "build" / "mutants-runtime.log"
_COPIED = (
    "generated",
    "src",
    "tests",
    "codegen",
    "compare",
    "openapi",
    "overlays",
    "benchmarks",
    "examples",
    "docs",
    "README.md",
)
_FILES = ("pyproject.toml", "generator-config.yaml")
_SURVIVORS = {"survived", "no tests"}
_MEMORY = Path("/dev/shm")
_SAID = (
    r"^\s*raise [\w.]+\(.*\)( from \w+)?$",
    r'^\s*(return |return \w+\(|raise \w+\()?(f|r|rf)?"[^"]* ',
    r"^\s*_?log\.",
)
"""Lines that only say something: what exactly is a matter of taste, and of the tests that look for it."""


@frozen
class Room:
    """Some modules, and the tests that are to notice their mutants."""

    modules: tuple[str, ...]
    tests: tuple[str, ...]
    every: int = 1
    explained: bool = True
    """Whether each survivor must be listed in equivalent.toml, with the reason why a reader need not mind it."""
    without: str = "async"
    """Which of the tests are left out, as an expression of pytest: what is written once for both clients is tried with one."""


def _room(
    source: str,
    modules: str,
    folder: str,
    tests: str,
    every: int = 1,
    *,
    explained: bool = True,
    without: str = "async",
) -> Room:
    return Room(
        tuple(f"src/{source}/{name}.py" for name in modules.split()),
        tuple(f"tests/{folder}/test_{name}.py" for name in tests.split()),
        every,
        explained,
        without,
    )


# The larger ones last: what the others leave of the time is theirs.
ROOMS = {
    "retries": _room("aig_billing_runtime", "retries", "runtime", "retry_table waits_and_deadlines"),
    "money": _room("aig_billing_runtime", "money times", "runtime", "money_and_times long_numbers", 3),
    "masking": _room("aig_billing_runtime", "masking credentials", "runtime", "secrets errors environment", 2),
    "evidence": _room(
        "aig_billing_charges",
        "evidence record identity",
        "charges",
        "evidence journal_steps create_once ensure ways_round",
        4,
        without="async or postgresql",
    ),
    "runtime": _room(
        "aig_billing_runtime",
        "flow answers arguments failures urls",
        "runtime",
        "retry_table errors answers_nobody_promised arguments small_parts",
        30,
        explained=False,
    ),
    "front door": _room("aig_billing_sandbox/http", "auth rate_limit", "sandbox", "requests live_mode", 3),
    "bank": _room(
        "aig_billing_sandbox/bank", "*", "sandbox", "topups auto_topups usage spending_limits", 30, explained=False
    ),
    "database": _room(
        "aig_billing_charges",
        "database sqlite_file journal_url",
        "charges",
        "journal_steps journal_troubles processes_and_names kept_connection leases ways_round",
        20,
        without="async or may_only_be_read or a_full_disk",  # processes that may not write down what they reach
    ),
    "charges": _room(
        "aig_billing_charges",
        "once ensure settling reconcile waiting journal",
        "charges",
        "journal_steps create_once ensure leases reconcile waiting",
        15,
        without="async or postgresql",
    ),
    "topup": _room("aig_billing_cli/commands", "topup", "cli", "topup", 24, explained=False),
}


def main() -> int:
    """Try the mutants of the rooms; give the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants_runtime", description=__doc__)
    parser.add_argument("--every", type=int, help="try every Nth mutant of each function, in every room")
    parser.add_argument("--minutes", type=float, default=30, help="stop after so many minutes (default: 30)")
    parser.add_argument("--children", type=int, default=2, help="mutants at a time (default: 2)")
    parser.add_argument("--room", choices=ROOMS, action="append", help="one room; may be given several times")
    chosen = parser.parse_args()
    explained = tomllib.loads(EQUIVALENT.read_text(encoding="utf-8"))
    begun, total, unexplained = time.monotonic(), Counter[str](), 0
    names = chosen.room or list(ROOMS)
    for number, name in enumerate(names):
        room = ROOMS[name]
        started = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="mutants-runtime-") as folder:
            tree = Path(folder)
            _copy(tree, room)
            seconds = max(60.0, (chosen.minutes * 60 - (started - begun)) / (len(names) - number))
            results = _mutate(tree, chosen.every or room.every, chosen.children, seconds)
            counts = Counter(results.values())
            if not counts or set(counts) == {"not checked"}:
                print(f"error: mutmut tried nothing in {name}: {LOG.relative_to(ROOT)} says why", file=sys.stderr)
                total["not checked"] += 1
                continue
            print(f"{name}: {_in_words(counts)}, in {time.monotonic() - started:.0f} s", flush=True)
            for mutant in (mutant for mutant, state in results.items() if state in _SURVIVORS):
                function = mutant.partition("__mutmut_")[0]
                line, change = _change(tree, mutant)
                reason = explained.get(function, {}).get(change)
                total["equivalent"] += reason is not None
                unexplained += room.explained and reason is None
                print(f"  {results[mutant]}: {_where(function, line)}: {change}", flush=True)
                print(
                    f"    {f'equivalent: {reason}' if reason else f'[{json.dumps(function, ensure_ascii=False)}]'}",
                    flush=True,
                )
        total += counts
    print(f"all: {_in_words(total)}, in {time.monotonic() - begun:.0f} s")
    print(f"{unexplained} that survive in charges, retries, masking, money or the front door are not explained")
    return 1 if unexplained or total["not checked"] else 0


def _in_words(counts: Counter[str]) -> str:
    return ", ".join(f"{count} {state}" for state, count in counts.most_common())


def _copy(tree: Path, room: Room) -> None:
    for name in _COPIED + _FILES:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, tree / name, ignore=shutil.ignore_patterns("__pycache__", "node_modules"))
        else:
            shutil.copy(source, tree)
    options = ["-x", "-q", "-p", "no:cacheprovider", "-p", "sitecustomize", "-o", "addopts=--import-mode=importlib"]
    settings = {
        "source_paths": ["src"],
        "only_mutate": room.modules,
        "also_copy": [name for name in _COPIED if name not in {"src", "tests"}],
        "do_not_mutate_patterns": _SAID,
        "pytest_add_cli_args": [*options, "-k", f"not ({room.without})"],
        "pytest_add_cli_args_test_selection": room.tests,
        "use_git_change_detection": False,
        "track_dependencies": False,
        "process_isolation": "forkserver",
        "timeout_constant": 4.0,  # a minute at least: that the machine is busy does not mean that a test noticed
        "debug": True,  # a failure of the tests themselves is then in the log
    }
    lines = [f"{name} = {json.dumps(value)}" for name, value in settings.items()]  # TOML writes these as JSON does
    with (tree / "pyproject.toml").open("a", encoding="utf-8") as file:
        file.write("\n[tool.mutmut]\n" + "\n".join(lines) + "\n")
    shutil.copy(Path(__file__).with_name("reached.py"), tree / "src" / "sitecustomize.py")
    # A folder that is not there when Python starts is not looked into later.
    (tree / "mutants" / "src").mkdir(parents=True)


def _mutate(tree: Path, every: int, children: int, seconds: float) -> dict[str, str]:
    names = [f"*__mutmut_{number}" for number in range(1, 400, every)]
    _mutmut(tree, "run", "--max-children", str(children), *names, seconds=seconds)
    wanted = re.compile(r"\s+(\S+__mutmut_(\d+)): (.+)")
    lines = _mutmut(tree, "results", "--all", "true").splitlines()
    found = [match.groups() for line in lines if (match := wanted.fullmatch(line))]
    return {name: state for name, number, state in found if (int(number) - 1) % every == 0}


def _change(tree: Path, name: str) -> tuple[str, str]:
    """The line that a mutant changed, as it was, and the change as `old -> new`."""
    lines = _mutmut(tree, "show", name).splitlines()
    old, new = (
        [line[1:].strip() for line in lines if line.startswith(sign) and not line.startswith(sign * 3)] for sign in "-+"
    )
    return old[0] if old else "", f"{' '.join(old)} -> {' '.join(new)}"


def _where(function: str, line: str) -> str:
    """The file and, where it stands there once, the number of a line."""
    module = function.rpartition(".")[0].replace(".", "/")
    path = f"src/{module}.py"
    lines = [text.strip() for text in (ROOT / path).read_text(encoding="utf-8").splitlines()]
    return f"{path}:{lines.index(line) + 1}" if lines.count(line) == 1 else f"{path} ({function.rpartition('.')[2]})"


def _mutmut(tree: Path, *arguments: str, seconds: float | None = None) -> str:
    paths = os.pathsep.join(str(tree / "mutants" / name) for name in ("src", "generated"))
    command = [sys.executable, "-m", "mutmut", *arguments]
    environ = os.environ | {"PYTHONPATH": paths} | ({"TMPDIR": str(_MEMORY)} if _MEMORY.is_dir() else {})
    LOG.parent.mkdir(exist_ok=True)
    with LOG.open("a", encoding="utf-8") as log:
        process = subprocess.Popen(
            command,
            cwd=tree,
            env=environ,
            stdout=subprocess.PIPE if seconds is None else log,
            stderr=log,
            text=True,
            start_new_session=True,
        )
        try:
            output, _ = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            # The processes that it forked, too.
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            return ""
    return output or ""


if __name__ == "__main__":
    sys.exit(main())
