"""Reads the promises, writes the page that shows them, and says which mutant showed that a test can fail."""

import hashlib
import json
import tomllib
from pathlib import Path

from attrs import frozen

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "promises.md"
SEEN = Path(__file__).with_name("seen.json")


@frozen
class Promise:
    """One promise of the pages."""

    says: str
    pages: list[str]
    test: str
    file: str
    before: str
    after: str

    @property
    def digest(self) -> str:
        """What stands for this test and this mutant."""
        return hashlib.sha256(f"{self.test}\n{self.file}\n{self.before}\n{self.after}".encode()).hexdigest()[:16]

    def mutate(self, tree: Path) -> None:
        """Break the promise in a copy of the tree."""
        path = tree / self.file
        text = path.read_text(encoding="utf-8")
        assert text.count(self.before) == 1, (
            f"{self.file} has {self.before!r} {text.count(self.before)} times, not once"
        )
        path.write_text(text.replace(self.before, self.after), encoding="utf-8")


def promises() -> list[Promise]:
    """All promises, in their order."""
    content = tomllib.loads(Path(__file__).with_name("promises.toml").read_text(encoding="utf-8"))
    return [Promise(**entry) for entry in content["promise"]]


def seen() -> dict[str, str]:
    """By the digest of each mutant that a test noticed, the promise."""
    found: dict[str, str] = json.loads(SEEN.read_text(encoding="utf-8"))
    return found


def page() -> str:
    """The page with the table."""
    rows = [
        f"| {one.says} | {', '.join(_link(name) for name in one.pages)} | `{one.test}` | `{one.file}` |"
        for one in promises()
    ]
    return (
        "# Promises, and the tests that keep them\n\n"
        "What the README, the page on security and the page on charges promise, and some of what other pages do. Each test was seen to "
        "fail: `make promises` breaks the file in the last column in one small way, and the test notices. What is promised of speed is "
        "measured instead, by `make bench-check`.\n\n"
        "| promise | made in | test | broken in |\n|---|---|---|---|\n" + "\n".join(rows) + "\n"
    )


def _link(name: str) -> str:
    return f"[{Path(name).stem}]({name.removeprefix('docs/')})" if name.startswith("docs/") else name
