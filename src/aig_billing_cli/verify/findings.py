"""What verifying finds: one sentence each, without anything of the account in it."""

from __future__ import annotations

import re
from typing import Literal, TypeAlias

from attrs import frozen

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | float | bool | None"
Verdict: TypeAlias = Literal["agrees", "differs", "not seen"]
_WORD = re.compile(r"[a-zA-Z][a-zA-Z_]{0,29}")


@frozen
class Finding:
    """One thing that was looked at."""

    verdict: Verdict
    where: str
    """The operation, and the place in its answer."""
    what: str


def agreeing(seen: object) -> Verdict:
    """The verdict where something was seen."""
    return "agrees" if seen else "differs"


def show_word(value: object) -> str:
    """A value of an answer as it may be shown: words of a vocabulary as they are, everything else by its kind."""
    if isinstance(value, str):
        return repr(value) if _WORD.fullmatch(value) else f"a text of {len(value)} characters"
    return f"a value of type {type_name(value)}"


def type_name(value: object) -> str:
    """The JSON type of a value; 3.0 is an integer."""
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, (int, float)):
        return "integer" if float(value).is_integer() else "number"
    for kind, name in ((str, "string"), (list, "array"), (dict, "object")):
        if isinstance(value, kind):
            return name
    return "null"


def as_object(value: Json) -> dict[str, Json]:
    """A JSON object; an empty one where there is none."""
    return value if isinstance(value, dict) else {}


def as_objects(value: Json) -> list[dict[str, Json]]:
    """The objects of a JSON list; none where there is none."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
