"""`python -m codegen.diff_api [REVISION]`: what has changed for callers since a revision, and whether CHANGELOG.md says what breaks.

Without a revision the newest `v*` tag is meant. Exit code 1: a breaking change is not in the changelog, or something cannot be read.
"""

import argparse
import re
import subprocess
import sys
from pathlib import Path

from codegen.changelog import BREAKING, breaking_entries, read_changelog
from codegen.compatibility import Change, changes
from codegen.errors import BuildError
from codegen.surface import Surface, read_surface
from codegen.yaml_io import parse_yaml, read_bytes

ROOT = Path(__file__).resolve().parent.parent
DOCUMENT = "generated/aig_billing/openapi.yaml"
CHANGELOG = "CHANGELOG.md"


def main(arguments: list[str] | None = None) -> int:
    """Compare the working tree with a revision; give the exit code."""
    parser = argparse.ArgumentParser(prog="python -m codegen.diff_api", description=__doc__)
    parser.add_argument(
        "base", nargs="?", metavar="REVISION", help="a commit, branch or tag (default: the newest v* tag)"
    )
    parser.add_argument("--root", type=Path, default=ROOT, help="the working tree (default: this one)")
    chosen = parser.parse_args(arguments)
    try:
        return _compare(chosen.root.resolve(), chosen.base)
    except BuildError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1


def _compare(root: Path, base: str | None) -> int:
    revision = base or _newest_tag(root)
    if revision is None:
        print("no v* tag: nothing has been released that callers could rely on (name a revision to compare with it)")
        return 0
    found = list(changes(_surface_at(root, revision), _surface(root)))
    breaking = [change for change in found if change.breaks]
    print(
        f"{DOCUMENT} since {revision}: {_counted(len(found), 'change')}, {_counted(len(breaking), 'of them breaking', '')}"
    )
    for change in sorted(found, key=lambda change: not change.breaks):
        print(f"  {'breaks' if change.breaks else 'fits  '}  {change}")
    missing = _not_mentioned(breaking, _new_entries(root, revision))
    if missing:
        print(
            f"error: {CHANGELOG} says nothing of {_counted(len(missing), 'breaking change')}; put under '## [Unreleased]', in the group "
            "that fits, and say what callers should do:",
            *(f"- {BREAKING} {change}." for change in missing),
            sep="\n  ",
            file=sys.stderr,
        )
        return 1
    return 0


def _counted(number: int, what: str, plural: str = "s") -> str:
    return f"{number} {what}{'' if number == 1 else plural}"


def _surface(root: Path) -> Surface:
    path = root / DOCUMENT
    return read_surface(parse_yaml(read_bytes(path), path))


def _surface_at(root: Path, revision: str) -> Surface:
    content = _shown(root, revision, DOCUMENT)
    if content is None:
        raise BuildError(
            None, revision, f"it has no {DOCUMENT}", "name a revision since the client was first generated"
        )
    return read_surface(parse_yaml(content, Path(f"{revision}:{DOCUMENT}")))


def _new_entries(root: Path, revision: str) -> list[str]:
    """The entries marked as breaking that were not in the changelog at the revision."""
    path = root / CHANGELOG
    now = breaking_entries(read_changelog(read_bytes(path).decode("utf-8"), path))
    then = (_shown(root, revision, CHANGELOG) or b"").decode("utf-8", "replace")
    # The old file is only searched: whatever form it had, an entry in it is no news.
    known = " ".join(then.split())
    return [entry for entry in now if entry not in known]


def _not_mentioned(breaking: list[Change], entries: list[str]) -> list[Change]:
    named = {name for entry in entries for name in re.findall(r"`([^`]+)`", entry)}
    return [change for change in breaking if change.subject not in named]


def _newest_tag(root: Path) -> str | None:
    done = _git(root, "describe", "--tags", "--abbrev=0", "--match", "v*")
    return done.stdout.decode().strip() or None if done.returncode == 0 else None


def _shown(root: Path, revision: str, name: str) -> bytes | None:
    """A file as it was at a revision; None when it was not there."""
    known = _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    if known.returncode:
        said = known.stderr.decode(errors="replace").strip()
        reason = f"git does not know this revision{f' ({said})' if said else ''}"
        raise BuildError(
            None, revision, reason, "name a commit, branch or tag; a shallow clone may lack it (git fetch)"
        )
    commit = known.stdout.decode().strip()
    done = _git(root, "show", f"{commit}:./{name}")
    return done.stdout if done.returncode == 0 else None


def _git(root: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    try:
        command = ["git", "-C", str(root), *arguments]
        return subprocess.run(command, capture_output=True, check=False)
    except OSError as error:
        raise BuildError(None, "git", f"cannot be run: {error.strerror}", "install git") from error


if __name__ == "__main__":
    sys.exit(main())
