"""Changes to single lines of generated Python: another operator, constant, name or order, or the statement gone."""

import ast
import functools
import re
from collections.abc import Callable, Iterator

Change = tuple[str, Callable[[], str]]
"""Line and change in words, and what makes the file with it."""

_COMPARED = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.LtE: ast.Gt,
    ast.Lt: ast.GtE,
    ast.GtE: ast.Lt,
    ast.Gt: ast.LtE,
}


def code_changes(text: str, *, wording: bool = True) -> Iterator[Change]:
    """Every change to one expression or statement, in the order of the lines; on request none to docstrings and messages."""
    lines = text.splitlines(keepends=True)
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if wording or not (isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value):
            for part, new in _changes(node):
                yield _replaced(lines, part, new)


def unit_changes(text: str) -> Iterator[Change]:
    """Docstrings that say a second unit, or another one."""
    lines = text.splitlines(keepends=True)
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            for old, new in (("cents", "cents and in dollars"), ("cents", "dollars"), ("seconds", "milliseconds")):
                word = re.compile(rf"\b{old}\b")
                if word.search(node.value):
                    reported = word.sub(new, node.value, count=1)
                    yield _replaced(lines, node, f'"""{reported}"""')


def _changes(node: ast.AST) -> Iterator[tuple[ast.expr | ast.stmt, str]]:
    """Parts of the file, each with the code that takes its place."""
    match node:
        case ast.Constant(value=bool(value)):
            yield node, repr(not value)
        case ast.Constant(value=int(value)):
            yield node, repr(value + 1)
        case ast.Constant(value=str(value)) if value and "\n" not in value:
            yield node, repr(f"{value}Z")
        case ast.Compare(left=left, ops=[operator], comparators=[right]) if type(operator) in _COMPARED:
            other = ast.Compare(left, [_COMPARED[type(operator)]()], [right])
            yield node, ast.unparse(other)
        case ast.BoolOp(op=operator, values=values):
            other_operator = ast.Or() if isinstance(operator, ast.And) else ast.And()
            yield node, f"({ast.unparse(ast.BoolOp(other_operator, values))})"
        case ast.Attribute(attr="send", value=owner):
            yield node, f"{ast.unparse(owner)}.send_detailed"
        case ast.Attribute(attr="send_detailed", value=owner):
            yield node, f"{ast.unparse(owner)}.send"
        case ast.Call(func=function, args=arguments, keywords=keywords) if len(keywords) > 0:
            fewer = ast.Call(function, arguments, keywords[:-1])
            yield node, ast.unparse(fewer)
        case ast.Call(func=function, args=[first, second, *rest], keywords=keywords):
            yield node, ast.unparse(ast.Call(function, [second, first, *rest], keywords))
        case ast.Return(value=ast.expr() as value) if not (isinstance(value, ast.Constant) and value.value is None):
            yield node, "return None"
        case ast.Assign() | ast.AugAssign() | ast.Raise():
            yield node, "pass"
        case _:
            pass


def _replaced(lines: list[str], part: ast.expr | ast.stmt, new: str) -> Change:
    old = "".join(lines[part.lineno - 1 : part.end_lineno]).strip()
    return f"line {part.lineno}: {old[:60]!r}: {new[:80]}", functools.partial(_with, lines, part, new)


def _with(lines: list[str], part: ast.expr | ast.stmt, new: str) -> str:
    end_line, end_column = part.end_lineno or part.lineno, part.end_col_offset or part.col_offset
    before = "".join(lines[: part.lineno - 1]) + _cut(lines[part.lineno - 1], None, part.col_offset)
    after = _cut(lines[end_line - 1], end_column, None) + "".join(lines[end_line:])
    return before + new + after


def _cut(line: str, start: int | None, end: int | None) -> str:
    """A part of a line by the offsets of `ast`, which count bytes."""
    return line.encode()[start:end].decode()
