"""`make diff-api`: real repositories, compared with real revisions."""

import shutil
import subprocess
from pathlib import Path

import pytest

from compare.diff_api import CHANGELOG, DOCUMENT, main

ROOT = Path(__file__).parents[2]
UNRELEASED = "# Changelog\n\n## [Unreleased]\n"


class Repository:
    """A repository with nothing but the document and the changelog, tagged v1.0.0."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.document = folder / DOCUMENT
        self.document.parent.mkdir(parents=True)
        self.document.write_bytes((ROOT / DOCUMENT).read_bytes())
        self.changelog = folder / CHANGELOG
        self.changelog.write_text(UNRELEASED, encoding="utf-8")
        self.start(folder)

    def start(self, top: Path) -> None:
        self.git("init", "--quiet", str(top))
        self.commit()
        self.git("tag", "v1.0.0")

    def git(self, *arguments: str) -> None:
        settings = ["-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"]
        command = ["git", "-C", str(self.folder), *settings, *arguments]
        subprocess.run(command, check=True, capture_output=True)

    def commit(self) -> None:
        self.git("add", ".")
        self.git("commit", "--quiet", "--message", "Change something")

    def edit(self, before: str, after: str) -> None:
        text = self.document.read_text(encoding="utf-8")
        assert before in text
        self.document.write_text(text.replace(before, after, 1), encoding="utf-8")

    def note(self, entry: str) -> None:
        self.changelog.write_text(f"{UNRELEASED}\n### Changed\n\n- {entry}\n", encoding="utf-8")

    def compare(self, *revision: str) -> int:
        return main([*revision, "--root", str(self.folder)])


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path)


def raise_the_minimum(repository: Repository) -> None:
    repository.edit("minimum: 1000", "minimum: 2000")


SUBJECT = "`ai_gateway.billing.topup.create(amount)`"
EXPECTED_LINE = f"{SUBJECT} has the minimum 2000, and had 1000"


def test_an_unchanged_document_passes(repository: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    assert repository.compare() == 0
    assert capsys.readouterr().out == "the API since v1.0.0: 0 changes, 0 of them breaking\n"


def test_a_breaking_change_must_be_in_the_changelog(repository: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    raise_the_minimum(repository)
    assert repository.compare("v1.0.0") == 1
    reported = capsys.readouterr()
    assert "1 change, 1 of them breaking" in reported.out
    assert f"breaks  {EXPECTED_LINE}" in reported.out
    assert "CHANGELOG.md does not name 1 breaking change" in reported.err
    assert f"- **Breaking:** {EXPECTED_LINE}." in reported.err
    repository.note(f"**Breaking:** {EXPECTED_LINE}.")
    assert repository.compare("v1.0.0") == 0


@pytest.mark.parametrize(
    "entry",
    [
        f"{EXPECTED_LINE}.",
        "**Breaking:** the minimum of top-ups has risen.",
        "**Breaking:** `ai_gateway.billing.topup.create` is dearer.",
    ],
    ids=["not marked", "names nothing", "names another thing"],
)
def test_an_entry_that_does_not_name_what_breaks_is_not_enough(repository: Repository, entry: str) -> None:
    raise_the_minimum(repository)
    repository.note(entry)
    assert repository.compare("v1.0.0") == 1


def test_an_entry_of_an_earlier_release_is_not_enough(repository: Repository) -> None:
    raise_the_minimum(repository)
    repository.note(f"**Breaking:** {EXPECTED_LINE}.")
    repository.commit()
    repository.git("tag", "v2.0.0")
    repository.edit("minimum: 2000", "minimum: 3000")
    assert repository.compare() == 1
    assert repository.compare("v1.0.0") == 0


def test_a_change_that_fits_needs_no_entry(repository: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    repository.edit("minimum: 1000", "minimum: 500")
    assert repository.compare() == 0
    assert f"fits    {SUBJECT} has the minimum 500, and had 1000" in capsys.readouterr().out


def test_without_a_release_there_is_nothing_to_break(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    repository.git("tag", "--delete", "v1.0.0")
    raise_the_minimum(repository)
    assert repository.compare() == 0
    assert "nothing was released" in capsys.readouterr().out


def test_without_a_release_a_branch_is_compared_with_the_point_where_it_left_main(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    repository.git("tag", "--delete", "v1.0.0")
    repository.git("branch", "--move", "main")
    repository.git("checkout", "--quiet", "-b", "feature")
    raise_the_minimum(repository)
    repository.commit()
    assert repository.compare() == 1
    assert f"breaks  {EXPECTED_LINE}" in capsys.readouterr().out


HAND_WRITTEN = """
class Client:
    def __init__(self, *, timeout: float = 30) -> None: ...
    def close(self) -> None: ...
"""


@pytest.mark.parametrize(
    ("after", "subject"),
    [
        (HAND_WRITTEN.replace("timeout: float = 30", "wait: float = 30"), "Client.__init__(timeout)"),
        (HAND_WRITTEN.replace("timeout: float = 30", "timeout: float"), "Client.__init__(timeout)"),
        (HAND_WRITTEN.replace("def close", "def shut"), "Client.close"),
        ("class Other: ...", "aig_billing.Client"),
    ],
)
def test_a_hand_written_signature_that_breaks_callers_is_reported(
    repository: Repository, capsys: pytest.CaptureFixture[str], after: str, subject: str
) -> None:
    runtime = repository.folder / "src" / "aig_billing_runtime"
    runtime.mkdir(parents=True)
    (runtime / "__init__.py").write_text('"""The runtime."""\n')
    (runtime / "client.py").write_text(HAND_WRITTEN)
    package = repository.folder / "generated" / "aig_billing" / "__init__.py"
    package.write_text("from aig_billing_runtime.client import Client as Client\n__all__ = ['Client']\n")
    repository.commit()
    (runtime / "client.py").write_text(after)
    if subject == "aig_billing.Client":
        package.write_text("__all__ = []\n")
    assert repository.compare("HEAD") == 1
    assert f"breaks  `{subject}` breaks callers: " in capsys.readouterr().out
    repository.note(f"**Breaking:** `{subject}` is another.")
    assert repository.compare("HEAD") == 0


def test_what_cannot_be_compared_is_reported(
    repository: Repository, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert repository.compare("v9.9.9") == 1
    assert "v9.9.9: git does not know this revision; name a commit" in capsys.readouterr().err
    repository.git("rm", "--quiet", DOCUMENT)
    repository.git("commit", "--quiet", "--message", "Drop the client")
    repository.document.parent.mkdir(parents=True, exist_ok=True)
    repository.document.write_bytes((ROOT / DOCUMENT).read_bytes())
    assert repository.compare("HEAD") == 1
    assert f"HEAD: it has no {DOCUMENT}; name a revision since" in capsys.readouterr().err
    repository.changelog.unlink()
    assert repository.compare("v1.0.0") == 1
    assert "CHANGELOG.md: cannot be read" in capsys.readouterr().err


def test_a_folder_inside_a_repository_is_compared_with_itself(tmp_path: Path) -> None:
    """The package may lie in a larger repository."""
    repository = Repository(tmp_path / "inner")
    shutil.rmtree(repository.folder / ".git")
    repository.start(tmp_path)
    assert repository.compare("v1.0.0") == 0
    raise_the_minimum(repository)
    assert repository.compare("v1.0.0") == 1
