"""Reads CHANGELOG.md, which has the form of keepachangelog.com: strictly, so that what is written there can be relied on."""

import itertools
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from attrs import define, field

from codegen.errors import BuildError

GROUPS = ("Added", "Changed", "Deprecated", "Removed", "Fixed", "Security")
BREAKING = "**Breaking:**"
_RELEASE = re.compile(r"## \[(\d+)\.(\d+)\.(\d+)\] - (\d{4}-\d{2}-\d{2})(?: \[YANKED\])?")
_LINK = re.compile(r"\[[^\]]+\]: \S+")


@define
class Section:
    """One version, or what is not released yet; `groups` holds the entries under each heading, each on one line."""

    title: str
    line: int
    version: tuple[int, ...] | None = None
    released: date | None = None
    groups: dict[str, list[str]] = field(factory=dict)


def read_changelog(text: str, path: Path) -> list[Section]:
    """Read the sections, the newest first.

    Raises:
        BuildError: The text has another form; the message names the line and says what belongs there.
    """
    reader = _Reader(path)
    for number, line in enumerate(text.splitlines() or [""], 1):
        reader.take(number, line)
    reader.finish()
    return reader.sections


def breaking_entries(sections: list[Section]) -> Iterator[str]:
    """The entries that are marked as breaking."""
    for section in sections:
        for entries in section.groups.values():
            yield from (entry for entry in entries if entry.startswith(BREAKING))


class _Reader:
    def __init__(self, path: Path) -> None:
        self.sections: list[Section] = []
        self._path = path
        self._group: list[str] | None = None

    def take(self, number: int, line: str) -> None:
        if number == 1 and line != "# Changelog":
            raise self._error(1, "the file does not begin with '# Changelog'", "write it there")
        if line.startswith("## "):
            self._group = None
            self.sections.append(self._section(number, line))
        elif line.startswith("### "):
            self._group = self._new_group(number, line.removeprefix("### "))
        elif line.startswith("- "):
            if self._group is None:
                hint = f"put it under '### ' and one of {', '.join(GROUPS)}"
                raise self._error(number, "an entry stands outside a group", hint)
            self._group.append(line.removeprefix("- "))
        elif line.startswith("  ") and self._group:
            self._group[-1] += f" {line.strip()}"
        elif line.strip() and self.sections and not _LINK.fullmatch(line):
            hint = "begin an entry with '- ', go on with two spaces"
            raise self._error(number, "this is neither heading nor entry", hint)

    def _section(self, number: int, line: str) -> Section:
        if line == "## [Unreleased]":
            if self.sections:
                raise self._error(number, "'[Unreleased]' stands first", "move it up")
            return Section("[Unreleased]", number)
        found = _RELEASE.fullmatch(line)
        if not found:
            hint = "write '## [Unreleased]' or '## [1.2.3] - 2026-11-20'"
            raise self._error(number, f"{line!r} is not a version", hint)
        try:
            released = date.fromisoformat(found[4])
        except ValueError:
            raise self._error(number, f"{found[4]} is not a date", "write year, month and day") from None
        return Section(line.removeprefix("## "), number, tuple(map(int, found.group(1, 2, 3))), released)

    def _new_group(self, number: int, name: str) -> list[str]:
        if not self.sections:
            raise self._error(number, f"'### {name}' stands outside a version", "put it under '## [Unreleased]'")
        if name not in GROUPS:
            raise self._error(number, f"there is no group {name!r}", f"use one of {', '.join(GROUPS)}")
        if name in self.sections[-1].groups:
            raise self._error(number, f"'### {name}' is there twice", "put their entries together")
        return self.sections[-1].groups.setdefault(name, [])

    def finish(self) -> None:
        if not self.sections or self.sections[0].version is not None:
            raise self._error(0, "there is no '## [Unreleased]'", "put it over the versions, empty if need be")
        for section in self.sections:
            for name, entries in section.groups.items():
                if not entries:
                    raise self._error(
                        section.line, f"{section.title}: '### {name}' has no entries", "add one or drop it"
                    )
        for newer, older in itertools.pairwise(self.sections[1:]):
            ordered = (newer.version or ()) > (older.version or ())
            if not ordered or (newer.released or date.max) < (older.released or date.min):
                raise self._error(older.line, f"{older.title} stands under {newer.title}", "newest first")

    def _error(self, line: int, reason: str, hint: str) -> BuildError:
        return BuildError(self._path, f"line {line}" if line else "", reason, hint)
