"""What the generated code says of each operation, and one call of one.

These are named tuples, as all values that a first call needs: with attrs, the client takes more than twice as long to import.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from .errors import ErrorDetail
from .model import JsonType
from .named_tuple import NamedTuple
from .urls import path_segment

if TYPE_CHECKING:
    from .retries import RetryClass

T = TypeVar("T")
JSON = "application/json"
ENVELOPE = ("errors", "messages", "result", "success")
"""The properties of the API's envelope that most answers must have."""


class Success(NamedTuple, Generic[T]):
    """One successful answer that the document promises."""

    type: Any
    """What its body is read as: a model, `list[Invoice]`, `str` of a text, `bytes`, or None."""
    statuses: tuple[int, int] = (200, 299)
    """The first and the last status that it may have."""
    media_type: str = JSON
    """Of its body; empty where it has none."""
    envelope: tuple[str, ...] | None = None
    """The properties that the API's envelope around the result has; None where the body is the result."""
    declared: tuple[tuple[str, Any], ...] = ()
    """Properties of the envelope to which the document gives other types than the API does, such as `result_info`."""
    discriminator: tuple[str, Mapping[str, Any]] | None = None
    """The property that says which model of a union an object is, and the model for each value."""

    def __eq__(self, other: object) -> bool:
        return self is other

    def __hash__(self) -> int:
        return id(self)

    @property
    def json_type(self) -> JsonType[T]:
        """What decodes the result."""
        return _json_type_of(self)

    @property
    def is_json(self) -> bool:
        """Whether its body is JSON."""
        name = self.media_type.partition(";")[0].strip().lower()
        return name == JSON or name.endswith("+json")


@cache
def _json_type_of(success: Success[T]) -> JsonType[T]:
    return JsonType(success.type, discriminator=success.discriminator)


class ErrorHint(NamedTuple):
    """What to do about an error of an operation, as the document says it (`x-error-hints`). All that is given must apply."""

    text: str
    status: int | None = None
    code: float | None = None
    """One of the API's own error codes."""
    contains: str = ""
    """What the message of one of the API's errors contains."""
    uncertain: bool = False
    """True for a hint about calls of which it is not known whether they took effect, and only about those."""

    def applies(self, status: int, details: tuple[ErrorDetail, ...]) -> bool:
        """Say whether this is about an answer with this status and these errors."""
        return (
            not self.uncertain
            and self.status in {None, status}
            and (self.code is None or any(self.code == detail.code for detail in details))
            and (not self.contains or any(self.contains in detail.message for detail in details))
        )


class Operation(NamedTuple, Generic[T]):
    """One operation of the document, as far as sending it and reading its answer need."""

    call: str
    """As it is called: `ai_gateway.billing.topup.create`."""
    method: str
    path: str
    """The path, with its parameters in braces."""
    retry: RetryClass
    successes: tuple[Success[T], ...]
    permissions: tuple[str, ...] = ()
    """What a token needs: any one of them."""
    deprecated: str = ""
    """Why it is deprecated, if it is."""
    error_hints: tuple[ErrorHint, ...] = ()
    payment_field: str = ""
    """The field of a charge's result that names the payment."""
    server: str = ""
    """The address that it is sent to, if that is not the client's."""
    credentials: tuple[str, ...] | None = None
    """The kinds of credentials that it takes, where the document says other than for all operations; `` is none at all."""
    content_type: str = JSON
    """Of the body that is sent."""

    def __eq__(self, other: object) -> bool:
        return self is other

    def __hash__(self) -> int:
        return id(self)

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names of the path's parameters, in their order."""
        return _in_braces(self.path)

    def fill(self, arguments: tuple[str, ...]) -> str:
        """Put arguments into the path, refusing what would lead elsewhere."""
        path = self.path
        for name, argument in zip(self.parameters, arguments, strict=True):
            path = path.replace("{" + name + "}", path_segment(name, argument))
        return path

    def success(self, status: int) -> Success[T] | None:
        """Find what is promised for a status; the only answer that is promised counts for every success."""
        if len(self.successes) == 1:
            return self.successes[0]
        return next((one for one in self.successes if one.statuses[0] <= status <= one.statuses[1]), None)

    @property
    def accept(self) -> str:
        """The media types of its answers."""
        return ", ".join(dict.fromkeys([one.media_type for one in self.successes if one.media_type] + [JSON]))


@cache
def _in_braces(path: str) -> tuple[str, ...]:
    return tuple(part.partition("}")[0] for part in path.split("{")[1:])


class Call(NamedTuple, Generic[T]):
    """One operation with its arguments, checked; nothing has been sent."""

    operation: Operation[T]
    arguments: tuple[str | None, ...] = ()
    """The path's arguments; None is the client's account."""
    query: str = ""
    body: bytes | None = None
    amount: int | None = None
    """What a charge costs, in cents."""
    headers: tuple[tuple[str, str], ...] = ()
    """Headers that are arguments of the operation."""

    def __repr__(self) -> str:
        return f"<Call of {self.operation.call}>"
