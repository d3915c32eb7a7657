"""`python -m tests.contract.mutants`: makes every mutant in copies of this tree, and fails when no contract test notices one of them."""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
_NEEDED = (
    "openapi",
    "overlays",
    "generated",
    "codegen",
    "compare",
    "src",
    "tests",
    "generator-config.yaml",
    "pyproject.toml",
)


def main() -> int:
    """Copy the tree, and go on in the copy: nothing that is imported from then on changes under way."""
    parser = argparse.ArgumentParser(prog="python -m tests.contract.mutants", description=__doc__)
    parser.add_argument("--jobs", type=int, default=2, help="how many are tried at a time (default: 2)")
    parser.add_argument(
        "--seed", type=int, default=5, help="decides which are tried of kinds that are sampled (default: 5)"
    )
    parser.add_argument("--all", action="store_true", help="try all of every kind, which takes an hour and more")
    parser.add_argument("--only", default="", metavar="TEXT", help="try only those whose line holds this text")
    parser.add_argument("--list", action="store_true", help="print them without trying any")
    parser.add_argument("--verbose", action="store_true", help="print who noticed each, and what was said")
    parser.parse_args()
    if not hasattr(os, "fork"):
        print("error: this needs fork(), which this system does not have", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="mutants-") as scratch:
        base = Path(scratch) / "base"
        for name in _NEEDED:
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, base / name)
            else:
                shutil.copy2(source, base / name)
        paths = os.pathsep.join(str(base / name) for name in ("", "generated", "src"))
        command = [sys.executable, "-m", "tests.contract.mutants.run", scratch, *sys.argv[1:]]
        return subprocess.run(command, cwd=base, env={**os.environ, "PYTHONPATH": paths}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
