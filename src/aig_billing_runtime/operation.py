"""What the generated code says of each operation, and one call of one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, NamedTuple, Protocol, TypeAlias, TypeVar

from attrs import field, frozen

from .arguments import path_segment
from .errors import ErrorDetail
from .retries import RetryClass
from .shapes import Mismatched, Shape

T = TypeVar("T")
Decoder: TypeAlias = Callable[[Any], T | Mismatched]

_ANYTHING = Shape()


class EnvelopeLike(Protocol):
    """What the generated `Envelope` has that sending looks at."""

    @property
    def success(self) -> bool:
        """Whether the API did what it was asked for."""
        ...

    @property
    def result(self) -> object:
        """The result, not decoded yet."""
        ...


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


@frozen(eq=False, kw_only=True)
class Operation(Generic[T]):
    """One operation of the document, as far as sending it and reading its answer need."""

    call: str
    """As it is called: `ai_gateway.billing.topup.create`."""
    method: str
    path: str
    """The path, with its parameters in braces."""
    parameters: tuple[str, ...]
    """The names of the path's parameters, in their order."""
    retry: RetryClass
    permissions: tuple[str, ...] = ()
    """What a token needs: any one of them."""
    deprecated: str = ""
    """Why it is deprecated, if it is."""
    error_hints: tuple[ErrorHint, ...] = ()
    payment_field: str = ""
    """The field of a charge's result that names the payment."""
    decode: Decoder[T]
    shape: Shape = _ANYTHING
    envelope: Decoder[EnvelopeLike] | None = None
    """How the envelope around the result is read; None where the body is the result."""
    envelope_shape: Shape = _ANYTHING

    def fill(self, arguments: tuple[str, ...]) -> str:
        """Put arguments into the path, refusing what would lead elsewhere."""
        path = self.path
        for name, argument in zip(self.parameters, arguments, strict=True):
            path = path.replace("{" + name + "}", path_segment(name, argument))
        return path


@frozen(eq=False)
class Call(Generic[T]):
    """One operation with its arguments, checked; nothing has been sent."""

    operation: Operation[T]
    arguments: tuple[str | None, ...] = ()
    """The path's arguments; None is the client's account."""
    query: str = ""
    body: bytes | None = field(default=None, repr=False)
    amount: int | None = None
    """What a charge costs, in cents."""
