"""Changes to the templates that the client is made with: a condition turned round, a line or a name lost, two words swapped."""

import re
from collections.abc import Callable, Iterator

Change = tuple[str, Callable[[], str]]
"""Line and change in words, and what makes the template with it."""

_CONDITION = re.compile(r"\{%-? (?:el)?if (?P<condition>.+?) -?%\}")
_CHOICE = re.compile(r"\{\{-? ?(?P<whole>[^{}]*? if [^{}]*? else [^{}]*?) ?-?\}\}")
_FILTER = re.compile(r"\{%-? for .+? in .+? if (?P<condition>.+?) -?%\}")
_SWAPPED = (
    ("send_detailed", "send"),
    ("not in", "in"),
    ("MISMATCH", "None"),
    ("required", "closed"),
    ("literal", "upper | literal"),
    ("from_unix_s", "from_unix_ms"),
    ("asyncio_detailed", "asyncio_whole"),
    ("with_raw_response", "with_response"),
    ("await ", ""),
    ("KeyError", "IndexError"),
    ("sorted", "reversed"),
    ("kw_only=True", "kw_only=False"),
    (" is not None", " is None"),
    ("repr=masked", "repr=True"),
    ("SyncClient", "AsyncioClient"),
    ("unit.", "unit"),
)


def turn_a_condition(text: str) -> Iterator[Change]:
    for found in (*_CONDITION.finditer(text), *_FILTER.finditer(text)):
        start, end = found.span("condition")
        yield _changed(text, start, end, f"not ({found['condition']})")


def turn_a_choice(text: str) -> Iterator[Change]:
    """`{{ a if b else c }}` as `{{ c if b else a }}`."""
    for found in _CHOICE.finditer(text):
        first, _, rest = found["whole"].partition(" if ")
        condition, _, second = rest.rpartition(" else ")
        if " if " not in condition and first.count("(") == first.count(")"):
            start, end = found.span("whole")
            yield _changed(text, start, end, f"({second}) if {condition} else ({first})")


def drop_a_line(text: str) -> Iterator[Change]:
    """Each line that puts something into the client; those that only steer the template stay."""
    lines = text.splitlines(keepends=True)
    start = 0
    for line in lines:
        bare = line.strip()
        steers = bare.startswith(("{%", "{#")) and bare.endswith(("%}", "#}")) and "{{" not in bare
        if bare and not steers and not bare.startswith("#"):
            yield _changed(text, start, start + len(line), "")
        start += len(line)


def swap_a_word(text: str) -> Iterator[Change]:
    for old, new in _SWAPPED:
        for found in re.finditer(re.escape(old), text):
            line = text[text.rfind("\n", 0, found.start()) + 1 :].lstrip()
            if not line.startswith(('"""', "#")):
                yield _changed(text, *found.span(), new)


KINDS = (turn_a_condition, turn_a_choice, drop_a_line, swap_a_word)


def _changed(text: str, start: int, end: int, new: str) -> Change:
    line = text.count("\n", 0, start) + 1
    what = f"line {line}: {text[start:end].strip()[:90]!r} becomes {new.strip()[:90]!r}"
    return what, lambda: text[:start] + new + text[end:]
