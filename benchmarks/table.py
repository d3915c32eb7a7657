"""The table of a run: for the terminal, for the page, and as JSON."""

import json
import platform
from collections.abc import Sequence
from importlib.metadata import version

import attrs

from benchmarks.figures import Figure
from benchmarks.peers import IN_WORDS

_COLUMNS = ("figure", "ours", "target", "", "peers")


def rows(figures: Sequence[Figure]) -> list[tuple[str, ...]]:
    """Make the cells of the table."""
    return [
        (
            figure.title,
            figure.show(figure.ours),
            figure.target_in_words,
            figure.verdict.value,
            "; ".join(f"{IN_WORDS.get(name, name)} {figure.show(value)}" for name, value in figure.peers.items()),
        )
        for figure in figures
    ]


def as_text(figures: Sequence[Figure]) -> str:
    """Write the table for a terminal; what the peers took stands below each figure."""
    cells = [_COLUMNS[:4], *(row[:4] for row in rows(figures))]
    widths = [max(len(row[column]) for row in cells) for column in range(4)]
    lines = []
    for row, figure in zip(cells, [None, *figures], strict=True):
        lines.append("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
        if figure is None:
            lines.append("  ".join("-" * width for width in widths))
            continue
        lines.extend(f"    {IN_WORDS.get(name, name)}: {figure.show(value)}" for name, value in figure.peers.items())
        if figure.remark:
            lines.append(f"    {figure.remark}")
    return "\n".join(lines)


def as_markdown(figures: Sequence[Figure]) -> str:
    """Write the table for a page."""
    lines = ["| figure | ours | target | met | beside it |", "|---|---|---|---|---|"]
    lines += ["| " + " | ".join(row) + " |" for row in rows(figures)]
    return "\n".join(lines)


def remarks(figures: Sequence[Figure]) -> str:
    """List what there is to say of the figures besides."""
    return "\n".join(f"- {figure.title}: {figure.remark}." for figure in figures if figure.remark)


def as_json(figures: Sequence[Figure]) -> str:
    """Write everything, with the versions that were measured."""
    return json.dumps(
        {
            "python": platform.python_version(),
            "machine": f"{platform.system()} {platform.machine()}",
            "httpx": version("httpx"),
            "figures": [
                {
                    "key": figure.key,
                    "title": figure.title,
                    "unit": figure.unit,
                    "remark": figure.remark,
                    "ours": figure.ours._asdict(),
                    "target": None if figure.target is None else attrs.asdict(figure.target),
                    "verdict": figure.verdict.value,
                    "peers": {name: value._asdict() for name, value in figure.peers.items()},
                }
                for figure in figures
            ],
        },
        indent=2,
    )
