"""One flow, two methods: what is written once as a generator becomes a synchronous and an asynchronous method."""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Concatenate, ParamSpec, TypeVar

from .exchange import Flow

P = ParamSpec("P")
T = TypeVar("T")
S = TypeVar("S", bound="HasClient")


class HasClient:
    """A resource: it has a client."""

    __slots__ = ()
    _client: Any


def sync_method(flow: Callable[Concatenate[S, P], Flow[T]]) -> Callable[Concatenate[S, P], T]:
    """Make a method that runs the flow and gives its result."""

    @functools.wraps(flow)
    def method(self: S, /, *args: P.args, **kwargs: P.kwargs) -> T:
        result: T = self._client.run(flow(self, *args, **kwargs))  # pyright: ignore[reportPrivateUsage]  # the resource is ours
        return result

    return method


def async_method(flow: Callable[Concatenate[S, P], Flow[T]]) -> Callable[Concatenate[S, P], Coroutine[Any, Any, T]]:
    """Make a coroutine method that runs the flow and gives its result."""

    @functools.wraps(flow)
    async def method(self: S, /, *args: P.args, **kwargs: P.kwargs) -> T:
        running: Awaitable[T] = self._client.run(flow(self, *args, **kwargs))  # pyright: ignore[reportPrivateUsage]  # the resource is ours
        return await running

    return method
