"""The comparison as a picture for the README: an SVG of bars, readable on light and dark pages, written without a library."""

from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

from attrs import frozen

from benchmarks.figures import Figure
from benchmarks.peers import IN_WORDS

_WIDTH = 760
_NAMES_END = 250
_BARS_END = 680
_ROW = 22
_HEAD = 40
_GAP = 18
_STYLE = """
text { font: 13px system-ui, -apple-system, "Segoe UI", sans-serif; fill: #1f2328 }
.head { font-weight: 600 } .soft { fill: #59636e }
.ours { fill: #d9600b } .peer { fill: #9aa4af } .one { stroke: #59636e; stroke-dasharray: 3 3 }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 } .soft { fill: #9198a1 } .peer { fill: #59636e } .ours { fill: #f68b3c } .one { stroke: #9198a1 }
}
"""


@frozen
class _Panel:
    """One group of bars: a figure, or several that share their peers."""

    title: str
    note: str
    bars: Mapping[str, float]
    unit: str = ""
    one: bool = True
    """Whether a line stands at 1.00, bare httpx."""


def as_svg(figures: Sequence[Figure]) -> str:
    """Draw the figures that compare us with what a user would pick instead."""
    known = {figure.key: figure for figure in figures}
    panels = [
        _calls(known, "balance", "Reading the credit balance"),
        _calls(known, "invoices", "Reading 100 invoices"),
        _alone(known["first_answer"], "From the start of the process to the first answer", "time, bare httpx = 1"),
        _alone(known["memory"], "Memory of one invoice", "official SDK = 1", "cloudflare", one=False),
    ]
    top = 8
    parts = []
    for panel in panels:
        parts.append(_draw(panel, top))
        top += _HEAD + _ROW * len(panel.bars) + _GAP
    alt = "aig-billing beside bare httpx, the unmodified openapi-python-client output and the official cloudflare SDK"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {top}" width="{_WIDTH}" height="{top}" role="img" '
        f'aria-label="{alt}">\n<title>{alt}</title>\n<style>{_STYLE}</style>\n' + "\n".join(parts) + "\n</svg>\n"
    )


def _calls(known: Mapping[str, Figure], what: str, title: str) -> _Panel:
    plain, faster = known[f"{what}_stdlib"], known[f"{what}_orjson"]
    bars = {name: ratio.median for name, ratio in plain.peers.items() if name != "http.client"}
    return _Panel(
        title,
        "time, bare httpx = 1; shorter is better",
        {"ours": plain.ours.median, "ours+orjson": faster.ours.median, **bars},
    )


def _alone(figure: Figure, title: str, note: str, base: str = "httpx", *, one: bool = True) -> _Panel:
    peers = {name: ratio.median for name, ratio in figure.peers.items() if name in IN_WORDS and name != "ours+orjson"}
    return _Panel(title, note, {"ours": figure.ours.median, base: 1.0, **peers}, one=one)


def _draw(panel: _Panel, top: int) -> str:
    longest = max(panel.bars.values())
    scale = (_BARS_END - _NAMES_END) / longest
    parts = [
        f'<text class="head" x="12" y="{top + 18}">{escape(panel.title)}</text>',
        f'<text class="soft" x="{_WIDTH - 12}" y="{top + 18}" text-anchor="end">{escape(panel.note)}</text>',
    ]
    for index, (name, value) in enumerate(sorted(panel.bars.items(), key=lambda bar: bar[1])):
        y = top + _HEAD - 10 + index * _ROW
        kind = "ours" if name.startswith("ours") else "peer"
        length = max(2.0, value * scale)
        parts += [
            f'<text x="{_NAMES_END - 10}" y="{y + 13}" text-anchor="end">{escape(IN_WORDS.get(name, name))}</text>',
            f'<rect class="{kind}" x="{_NAMES_END}" y="{y + 2}" width="{length:.1f}" height="{_ROW - 7}" rx="2"/>',
            f'<text x="{_NAMES_END + length + 6:.1f}" y="{y + 13}">{value:.2f}{panel.unit}</text>',
        ]
    if panel.one:
        x = _NAMES_END + scale
        bottom = top + _HEAD - 10 + _ROW * len(panel.bars)
        parts.append(f'<line class="one" x1="{x:.1f}" x2="{x:.1f}" y1="{top + _HEAD - 12}" y2="{bottom}"/>')
    return "\n".join(parts)
