"""What the resources of the tree of calls have in common: a client, and the name of their group."""

from __future__ import annotations

from types import FunctionType
from typing import ClassVar, Generic, TypeVar

C = TypeVar("C")


def name_as_called(cls: type, name: str) -> None:
    """Let a TypeError about the arguments of a class's functions say what people called, and not which class the function is from."""
    for attribute, function in vars(cls).items():
        if isinstance(function, FunctionType):
            function.__qualname__ = name if attribute == "__init__" else f"{name}.{attribute}"


class Resource(Generic[C]):
    """One node of the tree of calls, for one kind of client."""

    __slots__ = ("_client",)
    _client: C
    _group: ClassVar[str]

    def __init_subclass__(cls, *, group: str) -> None:
        """Take the name of the group, as people call it from the client on."""
        cls._group = group
        for base in cls.__mro__[: cls.__mro__.index(Resource)]:
            name_as_called(base, group)

    def __init__(self, client: C) -> None:
        self._client = client

    def __repr__(self) -> str:
        return f"<{self._group} of {self._client!r}>"
