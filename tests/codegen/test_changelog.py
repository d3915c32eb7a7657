"""CHANGELOG.md is read strictly, and its faults are reported by line."""

from pathlib import Path

import pytest

from codegen.changelog import breaking_entries, read_changelog
from codegen.errors import BuildError

CHANGELOG = Path(__file__).parents[2] / "CHANGELOG.md"
HEAD = "# Changelog\n\nWords.\n\n"
GOOD = f"""{HEAD}## [Unreleased]

### Removed

- **Breaking:** `Invoice.created` is gone;
  ask `Invoice.made` instead.
- Something small.

## [1.10.0] - 2026-11-20

### Added

- More.

## [1.9.3] - 2026-10-01 [YANKED]

[1.10.0]: https://example.com/1.10.0
"""


def test_the_changelog_of_this_project_has_the_form() -> None:
    sections = read_changelog(CHANGELOG.read_text(encoding="utf-8"), CHANGELOG)
    assert sections[0].title == "[Unreleased]"


def test_sections_groups_and_entries_are_read() -> None:
    sections = read_changelog(GOOD, CHANGELOG)
    assert [section.version for section in sections] == [None, (1, 10, 0), (1, 9, 3)]
    assert sections[0].groups == {
        "Removed": ["**Breaking:** `Invoice.created` is gone; ask `Invoice.made` instead.", "Something small."]
    }
    assert list(breaking_entries(sections)) == ["**Breaking:** `Invoice.created` is gone; ask `Invoice.made` instead."]


UNRELEASED = f"{HEAD}## [Unreleased]\n"
FAULTS = {
    "": "line 1: the file does not begin with '# Changelog'",
    "# Change log\n": "line 1: the file does not begin",
    HEAD: "there is no '## [Unreleased]'",
    f"{HEAD}## [1.0.0] - 2026-11-20\n": "there is no '## [Unreleased]'",
    f"{HEAD}## [1.0.0] - 2026-11-20\n## [Unreleased]\n": "line 6: '[Unreleased]' stands first; move it up",
    f"{UNRELEASED}## 1.0.0\n": "line 6: '## 1.0.0' is not a version; write '## [Unreleased]' or '## [1.2.3] - 2026-11-20'",
    f"{UNRELEASED}## [1.0.0] - 2026-11-31\n": "line 6: 2026-11-31 is not a date",
    f"{UNRELEASED}### New\n": "line 6: there is no group 'New'; use one of Added, Changed",
    f"{UNRELEASED}### Added\n- One.\n### Added\n- Two.\n": "line 8: '### Added' is there twice",
    f"{UNRELEASED}### Added\n\n### Fixed\n- One.\n": "line 5: [Unreleased]: '### Added' has no entries",
    f"{HEAD}### Added\n": "line 5: '### Added' stands outside a version",
    f"{UNRELEASED}- One.\n": "line 6: an entry stands outside a group; put it under '### '",
    f"{UNRELEASED}### Added\n- One.\nTwo.\n": "line 8: this is neither heading nor entry",
    f"{UNRELEASED}## [1.9.0] - 2026-11-20\n## [1.10.0] - 2026-11-21\n": "line 7: [1.10.0] - 2026-11-21 stands under [1.9.0]",
    f"{UNRELEASED}## [1.10.0] - 2026-11-20\n## [1.9.0] - 2026-11-21\n": "newest first",
    f"{UNRELEASED}## [1.10.0] - 2026-11-20\n## [1.10.0] - 2026-11-20\n": "newest first",
}


@pytest.mark.parametrize(("text", "reported"), FAULTS.items())
def test_a_fault_is_reported_with_its_line_and_cure(text: str, reported: str) -> None:
    with pytest.raises(BuildError) as caught:
        read_changelog(text, CHANGELOG)
    assert reported in str(caught.value)
    assert caught.value.hint
