"""The table of a run: for the terminal, for the page, and as JSON."""

import json
import platform
from collections.abc import Sequence
from importlib.metadata import version

import attrs

from benchmarks.figures import Figure, exactly
from benchmarks.peers import IN_WORDS

_COLUMNS = ("figure", "ours", "target", "")


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
    cells = [_COLUMNS, *(row[:4] for row in rows(figures))]
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
    """Write the table for a page, and below it what there is to say of single figures."""
    judged = [figure for figure in figures if figure.target is not None]
    lines = ["| figure | ours | target | met | beside it |", "|---|---|---|---|---|"]
    lines += ["| " + " | ".join(row) + " |" for row in rows(judged)]
    said = [f"- {figure.title}: {figure.remark}." for figure in judged if figure.remark]
    return "\n".join([*lines, "", "What was seen on the way:", "", *said])


_BESIDE = (
    ("balance_stdlib", "reading the balance: time, where a bare httpx call takes 1"),
    ("invoices_stdlib", "reading 100 invoices: the same"),
    ("async_20", "asyncio, 20 calls in flight: calls a second, where bare httpx makes 1"),
    ("first_answer", "from process start to the first answer: time, where bare httpx takes 1"),
    ("memory", "memory of an invoice, where the SDK's takes 1"),
    ("installed_size", "installed size of its own Python files that need no extra"),
)


def beside_the_sdk(figures: Sequence[Figure]) -> str:
    """Write what a reader of the README compares: this client and the official SDK."""
    found = {figure.key: figure for figure in figures}
    lines = ["| measured by `make bench` | aig-billing | official `cloudflare` SDK |", "|---|---:|---:|"]
    for key, title in _BESIDE:
        figure = found[key]
        theirs = figure.peers.get("cloudflare", exactly(1))
        shown = [figure.show(exactly(value.median)) for value in (figure.ours, theirs)]
        lines.append(f"| {title} | {shown[0]} | {shown[1]} |")
    return "\n".join(lines)


def divided(figures: Sequence[Figure]) -> str:
    """Write how the cost of a call divides, for a page."""
    shown = [figure for figure in figures if figure.target is None and figure.key.startswith("division_")]
    parts = list(shown[0].peers) if shown else []
    head = [figure.title.partition(": ")[2].partition(",")[0] for figure in shown]
    lines = ["| of one call | " + " | ".join(head) + " |", "|---|" + "---|" * len(shown)]
    lines += [
        f"| {part} | " + " | ".join(figure.show(figure.peers[part]) for figure in shown) + " |" for part in parts[:-1]
    ]
    lines.append("| **together** | " + " | ".join(figure.show(figure.ours) for figure in shown) + " |")
    lines += [
        f"| {part} | " + " | ".join(figure.show(figure.peers[part]) for figure in shown) + " |" for part in parts[-1:]
    ]
    return "\n".join(lines)


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
