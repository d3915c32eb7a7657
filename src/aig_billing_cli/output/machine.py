"""Output for programs: JSON, JSON lines and CSV, in UTF-8, with exact numbers."""

from __future__ import annotations

import datetime as dt
import importlib
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal, TextIO, TypeAlias

from aig_billing import Money

from ..errors import UsageError
from .formatting import safe
from .rows import Fields, Format, Value

if TYPE_CHECKING:
    from collections.abc import Callable

Shape: TypeAlias = Literal["list", "record", "part"]
"""Any number of rows, the only row, or some of the rows of an answer that goes on: JSON then has a line a row."""
Tree: TypeAlias = "Value | Mapping[str, Tree] | Sequence[Tree]"

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\N{FULLWIDTH EQUALS SIGN}", "\N{FULLWIDTH PLUS SIGN}",
            "\N{FULLWIDTH HYPHEN-MINUS}", "\N{FULLWIDTH COMMERCIAL AT}")  # fmt: skip
"""What a cell begins with that a spreadsheet takes for a formula (OWASP, "CSV injection")."""


class Writer:
    """Writes rows of these fields in one format: `only` some of the fields, or their JSON as a `jq` expression filters it."""

    def __init__(
        self, form: Format, only: Sequence[str] | None, jq: str | None, fields: Fields, summary_fields: Fields = ()
    ) -> None:
        """Raise a UsageError for an unknown field, an invalid expression, or a format that is not JSON."""
        if (only is not None or jq is not None) and form not in {Format.JSON, Format.JSONL}:
            raise UsageError(f"--json and --jq print JSON; they cannot be combined with -o {form}.")
        known = [name for field in (*fields, *summary_fields) for name in field.names()]
        unknown = [name for name in only or () if name not in known]
        if unknown:
            raise UsageError(
                f"There is no field {unknown[0]!r} in this answer.", f"Fields: {', '.join(known)}." if known else ""
            )
        self._form, self._only, self._fields, self._summary_fields = form, only, fields, summary_fields
        self._filter = None if jq is None else _compile(jq)
        self._begun = False

    def write(
        self, out: TextIO, rows: Sequence[object], *, shape: Shape = "list", name: str = "", summary: object = None
    ) -> None:
        """Write an answer, or a part of it; with a `name`, JSON is an object of the summary and, under this name, the rows."""
        stream: object = out
        if isinstance(stream, io.TextIOWrapper):
            # What cannot be encoded (a lone surrogate) becomes an escape that JSON reads back.
            stream.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")
        plain = [self._plain(self._fields, row) for row in rows]
        if self._form is Format.CSV:
            if not self._begun:
                out.write(",".join(name for field in self._fields for name in field.names()) + "\n")
            self._begun = True
            out.writelines(",".join(map(_cell, row.values())) + "\n" for row in plain)
            return
        trees: Sequence[Tree] = [plain[0] if shape == "record" else plain]
        newline: str | None = "\n"
        if self._form is Format.JSONL or shape == "part":
            trees, newline = plain, None
        elif name:
            beside = self._plain(self._summary_fields, summary)
            trees = [{**beside, name: plain} if self._only is None or any(plain) else beside]
        if self._filter is None:
            out.writelines(f"{_json(tree, newline)}\n" for tree in trees)
        else:
            out.writelines(f"{line}\n" for tree in trees for line in _filtered(self._filter(_json(tree))))

    def _plain(self, fields: Fields, row: object) -> dict[str, Value]:
        plain = {name: value for field in fields for name, value in zip(field.names(), field.values(row), strict=True)}
        return plain if self._only is None else {name: plain[name] for name in self._only if name in plain}


def _compile(expression: str) -> Callable[[str], Iterable[object]]:
    try:
        jq: Any = importlib.import_module("jq")
    except ModuleNotFoundError:
        raise UsageError("--jq needs the package jq.", 'Run: pip install "aig-billing[jq]"') from None
    try:
        run: Callable[[str], Iterable[object]] = jq.compile(expression).input_text
    except ValueError as error:
        raise UsageError(f"Invalid jq expression: {str(error).splitlines()[0].rstrip(' :')}.") from None
    return run


def _filtered(results: Iterable[object]) -> Iterable[str]:
    """Write results as `jq -r` does: strings as they are."""
    try:
        for result in results:
            yield safe(result, "\n\t") if isinstance(result, str) else json.dumps(result)
    except ValueError as error:
        raise UsageError(f"The jq expression failed: {error}") from None


def _cell(value: Value) -> str:
    if isinstance(value, str):
        # Line breaks are escaped too, so that a row is a line, and none of them begins like a formula.
        # A spreadsheet skips blanks, and `safe` puts blanks in the place of what cannot be seen.
        begins = (value, safe(value).lstrip())
        text = safe(f"'{value}" if any(beginning.startswith(_FORMULA) for beginning in begins) else value)
    else:
        text = "" if value is None else _json(value).strip('"')
    return '"' + text.replace('"', '""') + '"' if any(char in text for char in '",') else text


def _json(value: Tree, newline: str | None = None) -> str:
    """Write JSON; the standard library would turn a Decimal into a float. Without a `newline`, all of it stands on one line."""
    deeper = None if newline is None else f"{newline}  "
    if isinstance(value, Mapping):
        inner = [f"{json.dumps(name)}: {_json(item, deeper)}" for name, item in value.items()]
        return _wrapped("{", inner, "}", newline)
    if isinstance(value, Sequence) and not isinstance(value, (str, Money)):
        return _wrapped("[", [_json(item, deeper) for item in value], "]", newline)
    if isinstance(value, Decimal):
        digits = f"{value:f}"
        return digits.rstrip("0").rstrip(".") if "." in digits else digits
    if isinstance(value, dt.datetime):
        return json.dumps(value.astimezone(dt.UTC).isoformat(timespec="seconds").replace("+00:00", "Z"))
    text = json.dumps(value, ensure_ascii=False)
    # Escaped where a terminal could obey it; JSON reads the escape back as the same character.
    return text if text.isprintable() else "".join(c if c.isprintable() else json.dumps(c)[1:-1] for c in text)


def _wrapped(start: str, inner: list[str], end: str, newline: str | None) -> str:
    if newline is None or not inner:
        return start + ", ".join(inner) + end
    return f"{start}{newline}  {f',{newline}  '.join(inner)}{newline}{end}"
