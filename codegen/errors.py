"""The one error that stops a build: what is wrong, where, and what to do about it."""

import json
from pathlib import Path

from attrs import define, frozen

from codegen.paths import NodePath


@frozen
class Violation:
    """Something wrong with a document: where, what, and what to do."""

    path: NodePath
    reason: str
    hint: str


@define(eq=False)
class BuildError(Exception):
    """A build cannot go on; nothing has been written. Every function of this room that refuses something raises it."""

    file: Path | None
    """The file in which the fault lies, or None when it lies in no single file."""
    place: str
    """Where in it: a line, an action's number and target, or a JSON path. Empty for the file as a whole."""
    reason: str
    hint: str = ""
    """What the person reading should do. May be empty where the reason says it all."""

    def __str__(self) -> str:
        where = [part for part in (display_path(self.file) if self.file else "", self.place) if part]
        what = f"{self.reason}; {self.hint}" if self.hint else self.reason
        return ": ".join([*where, what])


def display_path(file: Path) -> str:
    """The file's name as a person in the working directory would type it."""
    try:
        return file.absolute().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return file.as_posix()


def shown(value: object) -> str:
    """A value of JSON as a message names it: an object or a list, or what it is."""
    if isinstance(value, (dict, list)):
        return "an object" if isinstance(value, dict) else "a list"
    return json.dumps(value, ensure_ascii=False)


def shorten(message: str, limit: int = 300) -> str:
    """A validator's message on one line, without the whole document that it may have quoted."""
    line = " ".join(message.split())
    return line if len(line) <= limit else f"{line[: limit // 2]} ... {line[-limit // 2 :]}"
