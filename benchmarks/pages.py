"""Shows a run's figures: as text, and in the README and docs/, where figures stand only as a run has written them."""

import platform
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

from benchmarks.measure import Figure, exactly
from benchmarks.peers import IN_WORDS

_README = (
    ("first_answer", "from process start to the first answer over TLS: time, where bare httpx takes 1"),
    ("balance_stdlib", "reading the balance: time, where bare httpx takes 1"),
    ("invoices_stdlib", "reading 100 invoices: time, where bare httpx takes 1"),
    ("async_20", "asyncio, 20 calls in flight: calls a second, where bare httpx makes 1"),
    ("memory", "memory of an invoice, where the SDK's takes 1"),
    ("installed_size", "installed size of its own Python files that need no extra"),
)


def as_text(figures: Sequence[Figure]) -> str:
    """Write the figures for a terminal."""
    lines = []
    for figure in figures:
        verdict = f"target {figure.target}: {figure.verdict}"
        lines.append(f"{figure.title}: {figure.show(figure.ours)}  {verdict}")
        lines += [f"    {IN_WORDS.get(name, name)}: {figure.show(value)}" for name, value in figure.peers.items()]
    return "\n".join(lines)


def as_markdown(figures: Sequence[Figure]) -> str:
    """Write the table for the page on performance."""
    lines = ["| figure | ours | target | met | beside it | what it means |", "|---|---|---|---|---|---|"]
    for figure in figures:
        peers = "; ".join(f"{IN_WORDS.get(name, name)} {figure.show(value)}" for name, value in figure.peers.items())
        ours, met = figure.show(figure.ours), figure.verdict
        cells = (figure.title, ours, figure.target, met, peers, figure.means)
        lines.append(f"| {' | '.join(cells)} |")
    machine = f"{platform.system()} {platform.machine()}"
    lines += ["", f"Python {platform.python_version()}, httpx {version('httpx')}, {machine}."]
    return "\n".join(lines)


def as_comparison(figures: Sequence[Figure]) -> str:
    """Write what a reader of the README compares: this client and the official SDK."""
    found = {figure.key: figure for figure in figures}
    lines = ["| measured by `make bench` | aig-billing | official `cloudflare` SDK |", "|---|---:|---:|"]
    for key, title in _README:
        figure = found[key]
        shown = [figure.show(exactly(value.median)) for value in (figure.ours, figure.peers["cloudflare"])]
        lines.append(f"| {title} | {shown[0]} | {shown[1]} |")
    return "\n".join(lines)


def publish(figures: Sequence[Figure], root: Path) -> None:
    """Write the tables between their marks in README and docs/; a ValueError where a mark is missing, and nothing is written."""
    pages = {
        "docs/performance.md": ("table", as_markdown(figures)),
        "README.md": ("comparison", as_comparison(figures)),
    }
    written: Mapping[Path, str] = {root / page: _with_table(root / page, *table) for page, table in pages.items()}
    for path, text in written.items():
        path.write_text(text, encoding="utf-8")


def _with_table(page: Path, name: str, table: str) -> str:
    begin, end = f"<!-- {name}: written by make bench-publish -->", f"<!-- end of {name} -->"
    head, begun, rest = page.read_text(encoding="utf-8").partition(begin)
    _, ended, tail = rest.partition(end)
    if not begun or not ended:
        raise ValueError(f"{page.name} has no {begin} with {end} after it: put them where the table belongs")
    return f"{head}{begin}\n{table}\n{end}{tail}"
