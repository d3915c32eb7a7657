"""The picture of the terminal in the README: what the commands print, and nothing that a browser would fetch."""

import re

import pytest

from tests.docs.terminal_picture import COMMANDS, PICTURE, draw


def words(picture: str) -> str:
    return " ".join(re.sub(r"<style>.*?</style>|<[^>]+>", " ", picture, flags=re.DOTALL).replace("&#160;", " ").split())


@pytest.mark.slow
def test_the_picture_shows_what_the_commands_print_today() -> None:
    committed, drawn = words(PICTURE.read_text(encoding="utf-8")), words(draw())
    for command in COMMANDS:
        assert f"$ aig-billing {' '.join(command)}" in committed, "draw it again: make picture"
    # Days, amounts and the port are another day's; every word beside them is the same.
    changing = re.compile(r"\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun)\b|\b[A-Z][a-z]{2}\b|\bin_\w+|[\d.:]+|[█▏▎▍▌▋▊▉┼─$]+|\s+")
    assert changing.sub("", committed) == changing.sub("", drawn), "draw it again: make picture"


def test_the_picture_fetches_nothing() -> None:
    picture = PICTURE.read_text(encoding="utf-8")
    assert not re.findall(r"(?:href|src)=|url\((?!#)|@import|@font-face", picture)
