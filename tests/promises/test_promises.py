"""Each promise of the pages has a test that exists, runs, and was seen to fail."""

import subprocess
import sys

import pytest

from tests.promises.promises import PAGE, ROOT, page, promises, seen

# Collects the tests that are named and prints those that are marked to be skipped or to fail.
_COLLECT = """
import sys, pytest
class Marks:
    def pytest_collection_finish(self, session):
        for item in session.items:
            for mark in item.iter_markers():
                if mark.name in ("skip", "xfail") or (mark.name == "skipif" and any(mark.args)):
                    print("MARKED", item.nodeid, mark)
sys.exit(pytest.main(["--collect-only", "-qq", "-p", "no:cacheprovider", *sys.argv[1:]], plugins=[Marks()]))
"""


@pytest.mark.slow
def test_every_test_exists_and_is_not_skipped() -> None:
    tests = sorted({promise.test for promise in promises()})
    command = [sys.executable, "-c", _COLLECT, *tests]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "MARKED" not in done.stdout, done.stdout


def test_every_test_was_seen_to_fail_and_its_mutant_still_applies() -> None:
    noticed = seen()
    for promise in promises():
        text = (ROOT / promise.file).read_text(encoding="utf-8")
        assert text.count(promise.before) == 1, f"{promise.says}: {promise.file} has changed; write another mutant"
        assert promise.digest in noticed, f"{promise.says}: run `make promises`, which sees its test fail"


def test_the_page_shows_them_and_names_pages_that_are_there() -> None:
    assert PAGE.read_text(encoding="utf-8") == page()
    for promise in promises():
        for name in promise.pages:
            assert (ROOT / name).is_file(), name
