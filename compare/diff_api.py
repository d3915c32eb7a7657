"""`python -m compare.diff_api [REVISION]`: what has changed for callers since a revision, and whether CHANGELOG.md names what breaks.

Without a revision: the newest `v*` tag, else the point where this branch left `main`; with neither there is nothing that callers could rely
on. Exit code 1: a breaking change is not in the changelog, or something cannot be read.
"""

import argparse
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from codegen.errors import BuildError
from codegen.yaml_io import load_yaml, read_bytes
from compare.compatibility import document_changes, read_surface, signature_changes

ROOT = Path(__file__).resolve().parent.parent
DOCUMENT = "generated/aig_billing/openapi.yaml"
CHANGELOG = "CHANGELOG.md"


def main(arguments: list[str] | None = None) -> int:
    """Compare the working tree with a revision; give the exit code."""
    parser = argparse.ArgumentParser(prog="python -m compare.diff_api", description=__doc__)
    parser.add_argument("base", nargs="?", metavar="REVISION", help="a commit, branch or tag")
    parser.add_argument("--root", type=Path, default=ROOT, help="the working tree (default: this one)")
    chosen = parser.parse_args(arguments)
    root = chosen.root.resolve()
    try:
        revision = chosen.base or _git(root, "describe", "--tags", "--abbrev=0", "--match", "v*") or _branch_point(root)
        if revision is None:
            print("no v* tag, and no branch that left main: nothing was released that callers could rely on")
            return 0
        with tempfile.TemporaryDirectory() as folder:
            _check_out(root, revision, Path(folder))
            return _compare(root, Path(folder), revision)
    except BuildError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1


def _compare(root: Path, old: Path, revision: str) -> int:
    if not (old / DOCUMENT).exists():
        hint = "name a revision since the client was first generated"
        raise BuildError(None, revision, f"it has no {DOCUMENT}", hint)
    surfaces = [read_surface(load_yaml(tree / DOCUMENT)) for tree in (old, root)]
    found = list(dict.fromkeys([*document_changes(*surfaces), *signature_changes(old, root)]))
    breaking = [change for change in found if change.breaks]
    print(f"the API since {revision}: {_count(len(found), 'change')}, {len(breaking)} of them breaking")
    for change in sorted(found, key=lambda change: not change.breaks):
        print(f"  {'breaks' if change.breaks else 'fits  '}  {change}")
    known = _entries(old) if (old / CHANGELOG).exists() else []
    entries = [entry for entry in _entries(root) if entry not in known]
    named = {name for entry in entries for name in re.findall(r"`([^`]+)`", entry)}
    missing = [change for change in breaking if change.subject not in named]
    if missing:
        print(
            f"error: {CHANGELOG} does not name {_count(len(missing), 'breaking change')}; put under '## [Unreleased]', in the group "
            "that fits, and say what callers should do:",
            *(f"- **Breaking:** {change}." for change in missing),
            sep="\n  ",
            file=sys.stderr,
        )
    return 1 if missing else 0


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _entries(tree: Path) -> list[str]:
    """The entries of a tree's changelog that are marked as breaking, each on one line."""
    text = read_bytes(tree / CHANGELOG).decode("utf-8", errors="replace")
    return [" ".join(entry.split()) for entry in re.findall(r"^- \*\*Breaking:\*\* .*(?:\n  .*)*", text, re.MULTILINE)]


def _branch_point(root: Path) -> str | None:
    points = [_git(root, "merge-base", main_branch, "HEAD") for main_branch in ("origin/main", "main")]
    return next((point for point in points if point and point != _git(root, "rev-parse", "HEAD")), None)


def _check_out(root: Path, revision: str, folder: Path) -> None:
    commit = _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    if commit is None:
        hint = "name a commit, branch or tag; a shallow clone may lack it (git fetch)"
        raise BuildError(None, revision, "git does not know this revision", hint)
    with tempfile.NamedTemporaryFile(suffix=".tar") as archive:
        if _git(root, "archive", f"--output={archive.name}", commit) is None:
            raise BuildError(None, revision, "git cannot read its files", "a partial clone may lack them (git fetch)")
        with tarfile.open(archive.name) as files:
            files.extractall(folder, filter="data")


def _git(root: Path, *arguments: str) -> str | None:
    """What git says; None where it fails."""
    try:
        command = ["git", "-C", str(root), *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError as error:
        raise BuildError(None, "git", f"cannot be run: {error.strerror}", "install git") from error
    return done.stdout.strip() if done.returncode == 0 else None


if __name__ == "__main__":
    sys.exit(main())
