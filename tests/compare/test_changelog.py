"""CHANGELOG.md has the form of keepachangelog.com, in which `make diff-api` looks for what breaks callers."""

import re
from pathlib import Path

CHANGELOG = Path(__file__).parents[2] / "CHANGELOG.md"
GROUPS = ("Added", "Changed", "Deprecated", "Removed", "Fixed", "Security")
RELEASE = r"(\d+)\.(\d+)\.(\d+)\] - \d{4}-\d{2}-\d{2}\n"


def test_the_newest_section_is_what_is_not_released_and_the_others_are_versions_newest_first() -> None:
    head, *sections = CHANGELOG.read_text(encoding="utf-8").split("\n## [")
    assert head.startswith("# Changelog\n")
    assert sections[0].startswith("Unreleased]\n")
    versions = [re.match(RELEASE, section) for section in sections[1:]]
    assert all(versions), [section.partition("\n")[0] for section in sections]
    numbers = [tuple(map(int, version.groups())) for version in versions if version]
    assert numbers == sorted(set(numbers), reverse=True)


def test_a_section_has_each_group_once_and_each_group_has_entries_alone() -> None:
    for section in CHANGELOG.read_text(encoding="utf-8").split("\n## [")[1:]:
        groups = dict(part.split("\n", 1) for part in section.split("\n### ")[1:])
        assert len(groups) == section.count("\n### ")
        for name, entries in groups.items():
            assert name in GROUPS
            assert entries.strip(), f"{name} has no entries"
            for line in filter(None, entries.splitlines()):
                assert line.startswith(("- ", "  ")) or re.fullmatch(r"\[[^\]]+\]: \S+", line), line
