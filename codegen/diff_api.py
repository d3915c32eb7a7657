"""`python -m codegen.diff_api [REVISION]`: what has changed for callers since a revision, and whether CHANGELOG.md names what breaks.

Without a revision: the newest `v*` tag, else the point where this branch left `main`; with neither there is nothing that callers could rely
on. Exit code 1: a breaking change is not in the changelog, or something cannot be read.
"""

import argparse
import io
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from codegen.changelog import BREAKING, breaking_entries, read_changelog
from codegen.compatibility import ApiChange, document_changes, signature_changes
from codegen.errors import BuildError
from codegen.surface import read_surface
from codegen.yaml_io import load_yaml, read_bytes

ROOT = Path(__file__).resolve().parent.parent
DOCUMENT = "generated/aig_billing/openapi.yaml"
CHANGELOG = "CHANGELOG.md"


def main(arguments: list[str] | None = None) -> int:
    """Compare the working tree with a revision; give the exit code."""
    parser = argparse.ArgumentParser(prog="python -m codegen.diff_api", description=__doc__)
    parser.add_argument("base", nargs="?", metavar="REVISION", help="a commit, branch or tag")
    parser.add_argument("--root", type=Path, default=ROOT, help="the working tree (default: this one)")
    chosen = parser.parse_args(arguments)
    root = chosen.root.resolve()
    try:
        revision = chosen.base or _newest_tag(root) or _branch_point(root)
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
    found = [*document_changes(*surfaces), *signature_changes(old, root)]
    breaking = [change for change in found if change.breaks]
    print(f"the API since {revision}: {_count(len(found), 'change')}, {len(breaking)} of them breaking")
    for change in sorted(found, key=lambda change: not change.breaks):
        print(f"  {'breaks' if change.breaks else 'fits  '}  {change}")
    missing = _unnamed(breaking, _new_entries(root, old))
    if missing:
        print(
            f"error: {CHANGELOG} does not name {_count(len(missing), 'breaking change')}; put under '## [Unreleased]', in the group "
            "that fits, and say what callers should do:",
            *(f"- {BREAKING} {change}." for change in missing),
            sep="\n  ",
            file=sys.stderr,
        )
    return 1 if missing else 0


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _new_entries(root: Path, old: Path) -> list[str]:
    """The entries marked as breaking that were not in the changelog at the revision."""
    path = root / CHANGELOG
    now = breaking_entries(read_changelog(read_bytes(path).decode("utf-8"), path))
    # The old file is only searched, so its form does not matter.
    then = (old / CHANGELOG).read_text(encoding="utf-8", errors="replace") if (old / CHANGELOG).exists() else ""
    return [entry for entry in now if entry not in " ".join(then.split())]


def _unnamed(breaking: list[ApiChange], entries: list[str]) -> list[ApiChange]:
    named = {name for entry in entries for name in re.findall(r"`([^`]+)`", entry)}
    return [change for change in breaking if change.subject not in named]


def _newest_tag(root: Path) -> str | None:
    return _output(_git(root, "describe", "--tags", "--abbrev=0", "--match", "v*"))


def _branch_point(root: Path) -> str | None:
    for main_branch in ("origin/main", "main"):
        point = _output(_git(root, "merge-base", main_branch, "HEAD"))
        if point and point != _output(_git(root, "rev-parse", "HEAD")):
            return point
    return None


def _check_out(root: Path, revision: str, folder: Path) -> None:
    commit = _output(_git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}"))
    if commit is None:
        hint = "name a commit, branch or tag; a shallow clone may lack it (git fetch)"
        raise BuildError(None, revision, "git does not know this revision", hint)
    done = _git(root, "archive", "--format=tar", commit)
    if done.returncode:
        raise BuildError(None, revision, f"git cannot read it: {done.stderr.decode(errors='replace').strip()}")
    with tarfile.open(fileobj=io.BytesIO(done.stdout)) as archive:
        archive.extractall(folder, filter="data")


def _output(done: subprocess.CompletedProcess[bytes]) -> str | None:
    return done.stdout.decode().strip() or None if done.returncode == 0 else None


def _git(root: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    try:
        command = ["git", "-C", str(root), *arguments]
        return subprocess.run(command, capture_output=True, check=False)
    except OSError as error:
        raise BuildError(None, "git", f"cannot be run: {error.strerror}", "install git") from error


if __name__ == "__main__":
    sys.exit(main())
