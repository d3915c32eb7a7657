"""From an answer to the documented result, or to the failure that says why there is none. Pure: nothing is sent, nothing is raised.

What is found is returned and raised by the flow, whose frames hold no body: a traceback that shows local variables shows no secret.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeAlias, TypeVar, cast

from .envelope import REFUSAL, Notice, envelope_type
from .errors import ErrorDetail
from .json_text import TOO_DEEP, Unreadable, read_json
from .named_tuple import NamedTuple
from .operation import Operation, Success
from .schema import MISMATCH, Json, Mismatch, Schema, find_mismatch, is_nested_too_deeply
from .steps import BodyTooLarge, RawResponse

T = TypeVar("T")


class Result(NamedTuple, Generic[T]):
    """A documented result."""

    value: T

    def __repr__(self) -> str:
        return "<Result>"


class Refused(NamedTuple):
    """The API said no."""

    details: tuple[ErrorDetail, ...] | None
    """The errors in the API's own envelope; None when the answer is not in it."""
    chain: tuple[ErrorDetail, ...] = ()
    """The reasons behind the errors (`error_chain`), the most specific one last."""


Reading: TypeAlias = Result[T] | Refused | Mismatch
"""What can be found in an answer; a mismatch where it is a success that is not what the documents promise."""


def read_answer(
    operation: Operation[T], answer: RawResponse, limit: int, mask: Callable[[str], str], *, compressed: bool
) -> tuple[Reading[T], bytes]:
    """Read an answer; give what is in it, and its body without compression, as far as that can be undone."""
    content: bytes | Unreadable = answer.content
    if isinstance(answer.broken, BodyTooLarge):
        content = Unreadable(f"it is larger than {limit:,} bytes")
    elif compressed:
        from .compression import unpack

        content = unpack(answer.content, answer.headers, limit)
    if isinstance(content, Unreadable):
        from .compression import unpack_prefix

        return _unreadable(answer, content), unpack_prefix(answer.content, answer.headers, limit)
    promised = operation.success(answer.status_code) if answer.is_success else None
    if answer.is_success and promised is None:
        known = " or ".join("-".join(map(str, sorted({*one.statuses}))) for one in operation.successes)
        return Mismatch("the status", known, str(answer.status_code)), content
    if promised is not None and not promised.is_json:
        return _read_other(promised, answer, content), content
    parsed = read_json(content)
    if isinstance(parsed, Unreadable):
        return _unreadable(answer, parsed), content
    if promised is None:
        return read_refusal(parsed) or Refused(None), content
    return _read_success(promised, parsed, mask), content


def _unreadable(answer: RawResponse, why: Unreadable) -> Refused | Mismatch:
    return Mismatch("$", "JSON", why.reason) if answer.is_success else Refused(None)


def _read_other(promised: Success[T], answer: RawResponse, content: bytes) -> Reading[Any]:
    """Read a 2xx answer that is not JSON: a text, bytes, or nothing."""
    declared: str = answer.headers.get("content-type", "")
    found = declared.partition(";")[0].strip().lower()
    if found == "application/json":
        parsed = read_json(content)
        refused = None if isinstance(parsed, Unreadable) else read_refusal(parsed)
        if refused is not None:
            return refused
    if not promised.media_type:
        return Result(None)
    expected = promised.media_type.partition(";")[0].strip().lower()
    if found and found != expected:
        return Mismatch("the content type", expected, found)
    if promised.type is bytes:
        return Result(content)
    charset = re.search(r"charset=\"?([\w.:-]+)", declared, re.IGNORECASE)
    try:
        return Result(content.decode(charset[1] if charset else "utf-8"))
    except (LookupError, UnicodeDecodeError):
        return Mismatch("the body", f"text in {charset[1] if charset else 'utf-8'}", "something else")


def _read_success(promised: Success[T], parsed: Json, mask: Callable[[str], str]) -> Reading[T]:
    """Read a 2xx answer in JSON; the API may refuse under it all the same."""
    place, result = "$", parsed
    if promised.envelope is not None:
        outer = envelope_type(promised.envelope, promised.declared)
        envelope = outer.decode(parsed)
        if envelope is MISMATCH or not envelope.success:
            refused = read_refusal(parsed)
            if refused is not None:
                return refused
        if envelope is MISMATCH:
            return _mismatch(parsed, outer.schema, "$", mask)
        if not envelope.success:
            return Mismatch("$.success", "true", "false, outside the envelope of an error")
        place, result = "$.result", envelope.result
        if promised.type is None and (result is None or "result" not in promised.envelope):
            return Result(cast("T", None))
    value = promised.json_type.decode(result)
    return _mismatch(result, promised.json_type.schema, place, mask) if value is MISMATCH else Result(value)


def _mismatch(value: Json, schema: Schema, place: str, mask: Callable[[str], str]) -> Mismatch:
    if is_nested_too_deeply(value):
        return Mismatch("$", "JSON", TOO_DEEP.reason)
    found = find_mismatch(value, schema, place, mask=mask)
    return found or Mismatch(
        place, "what the document says", "something else (please report this: two checks disagree)"
    )


def read_refusal(parsed: Json) -> Refused | None:
    """Read a refusal in the API's envelope; None for anything that is not exactly that."""
    found = REFUSAL.decode(parsed)
    if found is MISMATCH:
        return None
    chain = [reason for error in found.errors for reason in error.error_chain or ()]
    return Refused(_details(found.errors), _details(chain))


def _details(notices: Sequence[Notice]) -> tuple[ErrorDetail, ...]:
    return tuple(ErrorDetail(notice.code, notice.message) for notice in notices)
