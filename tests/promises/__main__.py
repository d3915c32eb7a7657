"""`make promises`: breaks each promise in a copy of the tree, and fails when its test does not notice. Writes seen.json and the page."""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.promises.promises import PAGE, ROOT, SEEN, page, promises, seen

_SOME_FAILED = 1


def main() -> int:
    """Try every mutant, with `--new` only those that were never noticed; give the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.promises", description=__doc__)
    parser.add_argument("--new", action="store_true", help="try only those that were never noticed")
    known = seen() if parser.parse_args().new and SEEN.exists() else {}
    found = {one.digest: one.says for one in promises() if one.digest in known}
    tried = [one for one in promises() if one.digest not in known]
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder)
        _copy(tree)
        if tried and (done := _run(tree, *(promise.test for promise in tried))):
            print(f"error: as the code is, the tests do not pass (exit {done})", file=sys.stderr)
            return 1
        for promise in tried:
            original = (tree / promise.file).read_bytes()
            promise.mutate(tree)
            noticed = _run(tree, promise.test) == _SOME_FAILED
            (tree / promise.file).write_bytes(original)
            print(f"{'noticed    ' if noticed else 'NOT NOTICED'}  {promise.says}", flush=True)
            if noticed:
                found[promise.digest] = promise.says
    SEEN.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    PAGE.write_text(page(), encoding="utf-8")
    return 0 if len(found) == len(promises()) else 1


def _copy(tree: Path) -> None:
    """Copy the files of the project, those that are not committed yet too."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    for name in filter(None, names):
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tree / name)


def _run(tree: Path, *tests: str) -> int:
    """Run tests in the copy; give pytest's exit code."""
    paths = os.pathsep.join(str(tree / name) for name in ("generated", "src", "."))
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *tests]
    environ = os.environ | {"PYTHONPATH": paths, "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(command, cwd=tree, env=environ, capture_output=True, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
