"""What the resources of the tree of calls have in common: a client, and the name of their group."""

from __future__ import annotations

from typing import ClassVar, Generic, TypeVar

C = TypeVar("C")


class Resource(Generic[C]):
    """One node of the tree of calls, for one kind of client."""

    __slots__ = ("_client",)
    _client: C
    _group: ClassVar[str]

    def __init_subclass__(cls, *, group: str) -> None:
        """Take the name of the group, as people call it from the client on."""
        cls._group = group

    def __init__(self, client: C) -> None:
        self._client = client

    def __repr__(self) -> str:
        return f"<{self._group} of {self._client!r}>"
