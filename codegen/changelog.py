"""Reads CHANGELOG.md, which has the form of keepachangelog.com: strictly, so that what is written there can be relied on."""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from codegen.errors import BuildError

GROUPS = ("Added", "Changed", "Deprecated", "Removed", "Fixed", "Security")
BREAKING = "**Breaking:**"
_RELEASE = re.compile(r"## \[(\d+)\.(\d+)\.(\d+)\] - (\d{4}-\d{2}-\d{2})(?: \[YANKED\])?")
_LINK = re.compile(r"\[[^\]]+\]: \S+")


@dataclass
class Section:
    """One version, or what is not released yet."""

    title: str
    line: int
    version: tuple[int, int, int] | None = None
    released: date | None = None
    groups: dict[str, list[str]] = field(default_factory=dict)

    @property
    def entries(self) -> list[str]:
        """The entries of all groups, each on one line."""
        return [entry for entries in self.groups.values() for entry in entries]


def read_changelog(text: str, path: Path) -> list[Section]:
    """Read the sections, the newest first.

    Raises:
        BuildError: The text has another form; the message names the line and says what belongs there.
    """
    sections = _Reading(path).read(text)
    _check_order(sections, path)
    return sections


def breaking_entries(sections: list[Section]) -> Iterator[str]:
    """The entries that are marked as breaking."""
    for section in sections:
        yield from (entry for entry in section.entries if entry.startswith(BREAKING))


class _Reading:
    def __init__(self, path: Path) -> None:
        self._path = path
        self._sections: list[Section] = []
        self._group: list[str] | None = None

    def read(self, text: str) -> list[Section]:
        lines = text.splitlines()
        if not lines or lines[0] != "# Changelog":
            raise self._error(1, "the file does not begin with '# Changelog'", "write it there")
        for number, line in enumerate(lines[1:], 2):
            self._take(number, line)
        for section in self._sections:
            empty = next((name for name, entries in section.groups.items() if not entries), None)
            if empty:
                raise self._error(section.line, f"{section.title}: '### {empty}' has no entries", "add one or drop it")
        return self._sections

    def _take(self, number: int, line: str) -> None:
        if line.startswith("## "):
            self._sections.append(self._section(number, line))
            self._group = None
        elif line.startswith("### "):
            self._group = self._new_group(number, line.removeprefix("### "))
        elif line.startswith("- "):
            if self._group is None:
                raise self._error(
                    number, "an entry stands outside a group", f"put it under '### ' and one of {', '.join(GROUPS)}"
                )
            self._group.append(line.removeprefix("- "))
        elif line.startswith("  ") and self._group:
            self._group[-1] += f" {line.strip()}"
        elif line.strip() and self._sections and not _LINK.fullmatch(line):
            raise self._error(
                number, "this is neither heading nor entry", "begin an entry with '- ', go on with two spaces"
            )

    def _section(self, number: int, line: str) -> Section:
        if line == "## [Unreleased]":
            if self._sections:
                raise self._error(number, "'[Unreleased]' stands first", "move it up")
            return Section("[Unreleased]", number)
        found = _RELEASE.fullmatch(line)
        if not found:
            raise self._error(number, f"{line!r} is no version", "write '## [Unreleased]' or '## [1.2.3] - 2026-11-20'")
        try:
            released = date.fromisoformat(found[4])
        except ValueError:
            raise self._error(number, f"{found[4]} is no date", "write year, month and day") from None
        version = (int(found[1]), int(found[2]), int(found[3]))
        return Section(line.removeprefix("## "), number, version, released)

    def _new_group(self, number: int, name: str) -> list[str]:
        if not self._sections:
            raise self._error(number, f"'### {name}' stands outside a version", "put it under '## [Unreleased]'")
        if name not in GROUPS:
            raise self._error(number, f"there is no group {name!r}", f"use one of {', '.join(GROUPS)}")
        groups = self._sections[-1].groups
        if name in groups:
            raise self._error(number, f"'### {name}' is there twice", "put their entries together")
        return groups.setdefault(name, [])

    def _error(self, line: int, reason: str, hint: str) -> BuildError:
        return BuildError(self._path, f"line {line}", reason, hint)


def _check_order(sections: list[Section], path: Path) -> None:
    if not sections or sections[0].version is not None:
        raise BuildError(path, "", "there is no '## [Unreleased]'", "put it over the versions, empty if need be")
    for newer, older in itertools.pairwise(sections[1:]):
        if (newer.version or ()) <= (older.version or ()) or (newer.released or date.max) < (
            older.released or date.min
        ):
            raise BuildError(path, f"line {older.line}", f"{older.title} stands under {newer.title}", "newest first")
