"""The code blocks of a Markdown file, each with its language, its attributes and the line it starts at.

A comment right above a block tells the tests what to do with it, unseen by readers: `<!-- test: skip: REASON -->`,
`<!-- test: pytest -->` (a file of tests) or `<!-- test: serve -->` (a command that goes on until it is stopped).
"""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_DIRECTIVE = re.compile(r"^ *<!-- test: (?P<how>[a-z]+)(?:: (?P<reason>.+))? -->$")
_FENCE = re.compile(r"^(?P<indent> *)(?P<ticks>```+)(?P<info>[^`]*)$")


@dataclass(frozen=True)
class Block:
    """One fenced code block: ```` ```python title="x" ````."""

    file: Path
    line: int
    language: str
    attributes: dict[str, str]
    text: str
    how: str = "run"
    reason: str = ""

    def __str__(self) -> str:
        return f"{self.file.name}:{self.line}"


def blocks_of(file: Path) -> Iterator[Block]:
    """Every fenced block of a file, those inside lists and admonitions too."""
    lines = iter(enumerate(file.read_text(encoding="utf-8").splitlines(), 1))
    reported: re.Match[str] | None = None
    for number, line in lines:
        opening = _FENCE.match(line)
        if not opening:
            reported = _DIRECTIVE.match(line)
            continue
        inside: list[str] = []
        for _, inner in lines:
            if inner.strip() == opening["ticks"]:
                break
            inside.append(inner.removeprefix(opening["indent"]))
        else:
            raise ValueError(f"{file}:{number}: the code block is never closed")
        language, *rest = shlex.split(opening["info"]) or [""]
        attributes = {name: value for name, _, value in (part.partition("=") for part in rest)}
        how, reason = (reported["how"], reported["reason"] or "") if reported else ("run", "")
        yield Block(file, number, language, attributes, "\n".join(inside) + "\n", how, reason)
        reported = None
