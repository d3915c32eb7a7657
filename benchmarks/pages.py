"""Puts a run's table and picture into docs/: figures stand there only as a run has written them."""

import re
from collections.abc import Sequence
from pathlib import Path

from benchmarks.chart import as_svg
from benchmarks.figures import Figure
from benchmarks.table import as_markdown, divided


def publish(figures: Sequence[Figure], docs: Path) -> None:
    """Write the picture, and the tables between their marks in the page on performance.

    Raises:
        ValueError: When a mark is missing there; nothing is written.
    """
    page = docs / "performance.md"
    text = page.read_text(encoding="utf-8")
    for name, table in (("table", as_markdown(figures)), ("division", divided(figures))):
        text = _between_marks(text, name, table)
    (docs / "assets" / "comparison.svg").write_text(as_svg(figures), encoding="utf-8")
    page.write_text(text, encoding="utf-8")


def _between_marks(text: str, name: str, table: str) -> str:
    begin, end = f"<!-- {name}: written by make bench-publish -->", f"<!-- end of {name} -->"
    marked = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
    if not marked.search(text):
        raise ValueError(f"docs/performance.md has no {begin} with {end} after it: put them where the table belongs")
    return marked.sub(lambda _: f"{begin}\n{table}\n{end}", text)
