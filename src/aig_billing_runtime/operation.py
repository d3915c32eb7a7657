"""What the generated code says of each operation, and one call of one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, Protocol, TypeAlias, TypeVar

from attrs import field, frozen

from .arguments import path_segment
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
