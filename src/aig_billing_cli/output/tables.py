"""Tables for people, at any width: columns that matter less give way before anything is broken over lines."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeAlias

from aig_billing import Money
from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderableType
from rich.text import Text

from . import formatting
from .rows import Field, Value, Words

GAP = 2
_LONGEST_BAR = 100
_LEAST_LAST = 20
_LEAST_AXIS = 12
_TICK_ROOM = 12
"""How many cells a mark on an axis has at least."""
SHRUNK = 16
"""How narrow a column that may be cut short gets before others go."""
Part: TypeAlias = "RenderableType | Words | Mapping[str, Words]"
_STATES = {
    **dict.fromkeys(("paid", "completed"), "green"),
    **dict.fromkeys(("open", "pending", "draft", "sent", "sending", "intent"), "yellow"),
    **dict.fromkeys(("uncollectible", "refused", "not_found"), "red"),
    "unknown": "bold red",
    "void": "dim",
}


def lay_out(part: Part) -> RenderableType:
    """Lay out a part of an answer: words, or names and values beneath each other; what is laid out already stays."""
    if isinstance(part, (str, tuple, list)):
        return words(part)
    if not isinstance(part, Mapping):
        return part
    rows: list[tuple[Words, Words]] = []
    for name, value in part.items():
        escaped = (formatting.safe(value), _STATES.get(value, "")) if isinstance(value, str) else value
        rows.append(((name, "bold"), escaped))
    return Hanging(rows)


def words(parts: Words) -> Text:
    """Lay words out: plain ones, styled ones, or pieces of both."""
    return Text.assemble(*parts) if isinstance(parts, list) else Text.assemble(parts)


def rows_table(fields: Sequence[Field[Any]], rows: Sequence[object], width: int) -> Text:
    """Lay rows out in columns; `width` is what the terminal has."""
    titled = [field for field in fields if field.title]
    kept = [field for field in titled if not field.drop or any(field.value(row) is not None for row in rows)]
    columns = {field.name: _column(field, rows) for field in kept}
    needs = {name: max(map(cell_len, cells)) for name, cells in columns.items()}

    def needed() -> int:
        least = (min(needs[field.name], SHRUNK) if field.shrink else needs[field.name] for field in kept)
        return sum(least) + GAP * (len(kept) - 1)

    # The columns that matter least go first.
    while needed() > width and any(field.drop for field in kept):
        kept.remove(max(kept, key=lambda field: field.drop))
    spare = width - sum(needs[field.name] for field in kept if not field.shrink) - GAP * (len(kept) - 1)
    grid: list[list[Text]] = []
    for field in kept:
        heading, *cells = columns[field.name]
        column = [Text(heading, "bold"), *(Text(cell, _STATES.get(cell, "")) for cell in cells)]
        for cell in column if field.shrink else ():
            cell.truncate(max(spare, 1), overflow="ellipsis")
        grid.append(column)
    return _aligned(list(zip(*grid, strict=True)), [field.money or field.right for field in kept])


@dataclass(frozen=True)  # what is a tuple is taken for a text with its style
class Hanging:
    """Rows whose last cell goes on below itself when the terminal is too narrow for it."""

    rows: Sequence[Sequence[Words]]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Text]:
        """Lay it out for the width at hand."""
        rows = [[*map(words, row)] for row in self.rows]
        widths = [max(cell.cell_len for cell in column) for column in list(zip(*rows, strict=True))[:-1]]
        left = options.max_width - sum(widths) - GAP * len(widths)
        beneath = left < _LEAST_LAST
        left = options.max_width - GAP if beneath else left
        for *cells, last in rows:
            if beneath:
                # Too narrow for both side by side.
                yield Text(" ").join(cells)
            for number, part in enumerate(last.wrap(console, max(left, 1), overflow="fold")):
                line = Text(" " * GAP if beneath else "")
                for cell, width in () if beneath else zip(cells, widths, strict=True):
                    shown_cell = cell if number == 0 else Text()
                    line.append_text(shown_cell).append(" " * (width - shown_cell.cell_len + GAP))
                line.append_text(part).rstrip()
                line.no_wrap, line.overflow = True, "crop"
                yield line


def chart(bars: Sequence[tuple[str, Money]], width: int, *, unicode: bool) -> Text:
    """Draw a bar for each labelled amount, the longest as wide as there is room."""
    fine = formatting.is_fine([amount for _, amount in bars])
    amounts = [formatting.money(amount, fine=fine) for _, amount in bars]
    most = max((amount for _, amount in bars), key=lambda amount: amount.amount)
    room = width - max(len(label) for label, _ in bars) - max(map(len, amounts)) - 2 * GAP
    grid: list[list[Text]] = []
    for (label, amount), written in zip(bars, amounts, strict=True):
        style = "" if amount.amount else "dim"
        drawn = bar(amount, most, min(room, _LONGEST_BAR), unicode=unicode)
        grid.append([Text(label, style), Text(written, style), Text(drawn, "cyan")])
    grid += [[Text(), Text(), Text(line, "dim")] for line in _axis(most, min(room, _LONGEST_BAR), unicode=unicode)]
    return _aligned(grid, [False, True, False])


def _axis(most: Money, width: int, *, unicode: bool) -> list[str]:
    """Draw a line with round amounts beneath the bars; none where there is no room or nothing to measure."""
    if most.amount <= 0 or width < _LEAST_AXIS:
        return []
    rough = most.amount / max(width // _TICK_ROOM, 1)
    unit = Decimal(10) ** rough.adjusted()
    step = next(factor * unit for factor in (1, 2, 5, 10) if factor * unit >= rough)
    ticks = [step * number for number in range(int(most.amount / step) + 1)]
    places = [min(int(tick * width / most.amount), width - 1) for tick in ticks]
    line, labels = ["─" if unicode else "-"] * width, ""
    for tick, place in zip(ticks, places, strict=True):
        line[place] = "┼" if unicode else "+"
        label = f"{'$' if most.currency == 'USD' else ''}{tick.normalize():f}"
        labels = labels.ljust(place) + label if place >= len(labels) and place + len(label) <= width else labels
    return ["".join(line), labels]


def bar(part: Money, whole: Money, width: int, *, unicode: bool) -> str:
    """Draw a bar of up to `width` cells, exact to an eighth of a cell; the smallest amount still shows."""
    if whole.amount <= 0 or part.amount <= 0:
        return ""
    eighths = max(1, int(part.amount * width * 8 / whole.amount))
    if not unicode:
        return "#" * max(1, eighths // 8)
    full, rest = divmod(eighths, 8)
    return "█" * full + " ▏▎▍▌▋▊▉"[rest].strip()


def _column(field: Field[Any], rows: Sequence[object]) -> list[str]:
    """Return the heading, with the zone where there are times, and the cells."""
    values = [field.value(row) for row in rows]
    fine = formatting.is_fine([value for value in values if isinstance(value, Money)])
    zone = " (UTC)" if any(isinstance(value, dt.datetime) for value in values) else ""
    return [f"{field.title}{zone}", *(_cell(value, fine=fine) for value in values)]


def _cell(value: Value, *, fine: bool) -> str:
    if isinstance(value, Money):
        return formatting.money(value, fine=fine)
    return formatting.moment(value) if isinstance(value, dt.datetime) else formatting.text(value)


def _aligned(grid: Sequence[Sequence[Text]], to_the_right: Sequence[bool]) -> Text:
    """Put cells side by side, without a trace of space at the ends of lines."""
    widths = [max(cell.cell_len for cell in column) for column in zip(*grid, strict=True)]
    lines: list[Text] = []
    for cells in grid:
        line = Text()
        for cell, width, right in zip(cells, widths, to_the_right, strict=True):
            space = " " * (width - cell.cell_len)
            line.append_text(Text.assemble(space, cell) if right else Text.assemble(cell, space))
            line.append(" " * GAP)
        line.rstrip()
        lines.append(line)
    return Text("\n", no_wrap=True, overflow="crop").join(lines)
