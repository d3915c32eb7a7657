"""`make mutants-runtime`: lets mutmut change hand-written code in small ways, and lists the changes that no test notices.

mutmut works in a copy of the tree, with a test process that is forked for each mutant and runs the tests that reach it. Only every Nth
mutant of a function is tried (`--every`), so that a run takes at most half an hour on two cores; N=1 tries all. Tests that start the code
in another process do not count for mutmut as reaching it, which is why the command line is not among the rooms.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
EQUIVALENT = Path(__file__).with_name("equivalent.toml")
LOG = ROOT / "build" / "mutants-runtime.log"
_COPIED = ("generated", "src", "tests", "codegen", "openapi", "overlays", "benchmarks", "examples", "docs", "README.md")
_FILES = ("pyproject.toml", "generator-config.yaml")
ROOMS = {
    "charges": (
        ["src/aig_billing_charges/*"],
        [f"tests/charges/test_{name}.py" for name in ("create_once", "ensure", "evidence", "leases", "reconcile", "waiting")],
    ),
    "runtime": (
        [
            f"src/aig_billing_runtime/{name}.py"
            for name in ("retries", "masking", "money", "times", "credentials", "urls", "flow", "answers", "arguments", "failures")
        ],
        [
            f"tests/runtime/test_{name}.py"
            for name in ("retry_table", "secrets", "money_and_times", "errors", "answers_nobody_promised", "arguments", "small_parts")
        ],
    ),
    "topup": (
        ["src/aig_billing_cli/commands/topup.py"],
        ["tests/cli/test_topup.py"],
    ),
    "bank": (
        ["src/aig_billing_sandbox/bank/*", "src/aig_billing_sandbox/http/auth.py", "src/aig_billing_sandbox/http/rate_limit.py"],
        [f"tests/sandbox/test_{name}.py" for name in ("topups", "auto_topups", "usage", "database", "requests", "spending_limits")],
    ),
}  # fmt: skip
# A mutant that survives here must be listed in equivalent.toml with the reason why a reader need not mind it.
_NO_UNEXPLAINED = ("aig_billing_charges.", "retries.", "masking.", "money.", "http.auth.")


def main() -> int:
    """Try a sample of the mutants of the rooms; give the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants_runtime", description=__doc__)
    parser.add_argument("--every", type=int, default=6, help="try every Nth mutant of each function (default: 6)")
    parser.add_argument("--minutes", type=float, default=30, help="stop after so many minutes (default: 30)")
    parser.add_argument("--room", choices=ROOMS, action="append", help="one room; may be given several times")
    chosen = parser.parse_args()
    rooms = chosen.room or list(ROOMS)
    explained = tomllib.loads(EQUIVALENT.read_text(encoding="utf-8"))
    unexplained = []
    for room in rooms:
        with tempfile.TemporaryDirectory(prefix="mutants-runtime-") as folder:
            tree = Path(folder)
            _copy(tree, *ROOMS[room])
            results = _mutate(tree, chosen.every, chosen.minutes * 60 / len(rooms))
            counts = Counter(results.values())
            if not counts or set(counts) == {"not checked"}:
                print(f"error: mutmut tried nothing in {room}: {LOG.relative_to(ROOT)} says why", file=sys.stderr)
                return 1
            print(f"{room}: {', '.join(f'{count} {state}' for state, count in counts.most_common())}", flush=True)
            for name in (name for name, state in results.items() if state in {"survived", "no tests"}):
                change = _change(tree, name)
                reason = explained.get(name.partition("__mutmut_")[0].replace("x_", ""), {}).get(change)
                print(f"  {results[name]}: {name}: {change}{f' ({reason})' if reason else ''}")
                if not reason and any(part in name for part in _NO_UNEXPLAINED):
                    unexplained.append(name)
    print(f"{len(unexplained)} that survive in charges, retries, masking, money or the front door are not explained")
    return 1 if unexplained else 0


def _copy(tree: Path, mutated: list[str], tests: list[str]) -> None:
    for name in _COPIED + _FILES:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, tree / name, ignore=shutil.ignore_patterns("__pycache__", "node_modules"))
        else:
            shutil.copy(source, tree)
    settings = {
        "source_paths": ["src"],
        "only_mutate": mutated,
        "also_copy": [name for name in _COPIED if name not in {"src", "tests"}],
        "pytest_add_cli_args": [
            "-x",
            "-q",
            "-p",
            "no:cacheprovider",
            "-p",
            "sitecustomize",
            "-o",
            "addopts=--import-mode=importlib",
        ],
        "pytest_add_cli_args_test_selection": tests,
        "use_git_change_detection": False,
        "track_dependencies": False,
        "process_isolation": "forkserver",
        "debug": True,  # a failure of the tests themselves is then in the log
    }
    lines = [f"{name} = {json.dumps(value)}" for name, value in settings.items()]  # TOML writes these as JSON does
    with (tree / "pyproject.toml").open("a", encoding="utf-8") as file:
        file.write("\n[tool.mutmut]\n" + "\n".join(lines) + "\n")
    shutil.copy(Path(__file__).with_name("reached.py"), tree / "src" / "sitecustomize.py")
    # A folder that is not there when Python starts is not looked into later.
    (tree / "mutants" / "src").mkdir(parents=True)


def _mutate(tree: Path, every: int, seconds: float) -> dict[str, str]:
    names = [f"*__mutmut_{number}" for number in range(1, 400, every)]
    _mutmut(tree, "run", "--max-children", "1", *names, seconds=seconds)
    wanted = re.compile(r"\s+(\S+__mutmut_(\d+)): (.+)")
    lines = _mutmut(tree, "results", "--all", "true").splitlines()
    found = [match.groups() for line in lines if (match := wanted.fullmatch(line))]
    return {name: state for name, number, state in found if (int(number) - 1) % every == 0}


def _change(tree: Path, name: str) -> str:
    """The line that a mutant changed, as `old -> new`."""
    lines = _mutmut(tree, "show", name).splitlines()
    parts = [
        " ".join(line[1:].strip() for line in lines if line.startswith(sign) and not line.startswith(sign * 3))
        for sign in "-+"
    ]
    return " -> ".join(parts)


def _mutmut(tree: Path, *arguments: str, seconds: float | None = None) -> str:
    paths = os.pathsep.join(str(tree / "mutants" / name) for name in ("src", "generated"))
    command = [sys.executable, "-m", "mutmut", *arguments]
    environ = os.environ | {"PYTHONPATH": paths}
    LOG.parent.mkdir(exist_ok=True)
    with LOG.open("a", encoding="utf-8") as log:
        process = subprocess.Popen(
            command, cwd=tree, env=environ, stdout=subprocess.PIPE if seconds is None else log, stderr=log, text=True
        )
        try:
            output, _ = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            process.terminate()
            process.communicate()
            return ""
    return output or ""


if __name__ == "__main__":
    sys.exit(main())
