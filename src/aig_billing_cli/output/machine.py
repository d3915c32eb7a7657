"""Output for programs: JSON, JSON lines and CSV, in UTF-8, with exact numbers."""

from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TextIO, TypeAlias

from aig_billing import Money

from .rows import Format, Report, Value, plain_row

Tree: TypeAlias = "Value | Mapping[str, Tree] | Sequence[Tree]"


def write(report: Report, form: Format, out: TextIO) -> None:
    """Write a report in a format for programs."""
    stream: object = out
    if isinstance(stream, io.TextIOWrapper):
        # What cannot be encoded (a lone surrogate) becomes an escape that JSON reads back.
        stream.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")
    rows = [plain_row(report.fields, row) for row in report.rows]
    if form is Format.CSV:
        _write_csv(report, rows, out)
    elif form is Format.JSONL or report.continued is not None:
        out.writelines(f"{_json(row)}\n" for row in rows)
    elif report.single:
        out.write(_json(rows[0], 0) + "\n")
    elif report.name:
        out.write(_json({**plain_row(report.summary_fields, report.summary), report.name: rows}, 0) + "\n")
    else:
        out.write(_json(rows, 0) + "\n")
    out.flush()


def _write_csv(report: Report, rows: list[dict[str, Value]], out: TextIO) -> None:
    if not report.continued:
        out.write(",".join(name for field in report.fields for name in field.names()) + "\n")
    out.writelines(",".join(map(_cell, row.values())) + "\n" for row in rows)


def _cell(value: Value) -> str:
    text = "" if value is None else value if isinstance(value, str) else _json(value).strip('"')
    # The csv module leaves a lone carriage return unquoted, and readers take it for the end of the row.
    return '"' + text.replace('"', '""') + '"' if any(char in text for char in '",\r\n') else text


def _json(value: Tree, depth: int | None = None) -> str:
    """Write JSON; the standard library would turn a Decimal into a float. `depth` is None for a single line."""
    if isinstance(value, Mapping):
        inner = [f"{json.dumps(name)}: {_json(item, _deeper(depth))}" for name, item in value.items()]
        return _wrapped("{", inner, "}", depth)
    if isinstance(value, Sequence) and not isinstance(value, (str, Money)):
        return _wrapped("[", [_json(item, _deeper(depth)) for item in value], "]", depth)
    if isinstance(value, Decimal):
        return _number(value)
    if isinstance(value, dt.datetime):
        return json.dumps(iso(value))
    return json.dumps(value, ensure_ascii=False)


def _deeper(depth: int | None) -> int | None:
    return None if depth is None else depth + 1


def _wrapped(start: str, inner: list[str], end: str, depth: int | None) -> str:
    if depth is None or not inner:
        return start + ", ".join(inner) + end
    indent = "\n" + "  " * depth
    return f"{start}{indent}  {f',{indent}  '.join(inner)}{indent}{end}"


def _number(value: Decimal) -> str:
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def iso(moment: dt.datetime) -> str:
    """Write a time as programs read it: ISO 8601 in UTC, as in `2026-11-21T09:30:00Z`."""
    return moment.astimezone(dt.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
