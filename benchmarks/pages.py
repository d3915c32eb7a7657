"""Puts a run's tables and picture into the README and docs/: figures stand there only as a run has written them."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.chart import as_svg
from benchmarks.figures import Figure
from benchmarks.table import as_markdown, beside_the_sdk, divided


def publish(figures: Sequence[Figure], root: Path) -> None:
    """Write the picture, and the tables between their marks in the README and in the page on performance.

    Raises:
        ValueError: When a mark is missing there; nothing is written.
    """
    written = {
        root / name: _with_tables(root / name, tables)
        for name, tables in {
            "docs/performance.md": {"table": as_markdown(figures), "division": divided(figures)},
            "README.md": {"comparison": beside_the_sdk(figures)},
        }.items()
    }
    written[root / "docs/assets/comparison.svg"] = as_svg(figures)
    for path, text in written.items():
        path.write_text(text, encoding="utf-8")


def _with_tables(page: Path, tables: Mapping[str, str]) -> str:
    text = page.read_text(encoding="utf-8")
    for name, table in tables.items():
        begin, end = f"<!-- {name}: written by make bench-publish -->", f"<!-- end of {name} -->"
        head, begun, rest = text.partition(begin)
        _, ended, tail = rest.partition(end)
        if not begun or not ended:
            raise ValueError(f"{page.name} has no {begin} with {end} after it: put them where the table belongs")
        text = f"{head}{begin}\n{table}\n{end}{tail}"
    return text
