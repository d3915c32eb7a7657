# Made by `make gen`: do not edit. CONTRIBUTING.md says where a change belongs.
"""The calls of `user`: synchronous and asynchronous, each also with the raw answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..client import AsyncClient, Client
    from .user_tokens import (
        AsyncUserTokensResource,
        AsyncUserTokensResourceWithRawResponse,
        UserTokensResource,
        UserTokensResourceWithRawResponse,
    )


class UserResource:
    """The calls of `user`."""

    __slots__ = ("_client",)

    def __init__(self, client: Client) -> None:
        self._client = client

    def __repr__(self) -> str:
        return f"<user of {self._client!r}>"

    @property
    def with_raw_response(self) -> UserResourceWithRawResponse:
        """The same calls, giving status, headers and body with the result."""
        return UserResourceWithRawResponse(self._client)

    @property
    def tokens(self) -> UserTokensResource:
        """The calls below `tokens`."""
        from .user_tokens import UserTokensResource

        return UserTokensResource(self._client)


class UserResourceWithRawResponse:
    """The calls of `user`, with the whole answer."""

    __slots__ = ("_client",)

    def __init__(self, client: Client) -> None:
        self._client = client

    def __repr__(self) -> str:
        return f"<user of {self._client!r}>"

    @property
    def tokens(self) -> UserTokensResourceWithRawResponse:
        """The calls below `tokens`."""
        from .user_tokens import UserTokensResourceWithRawResponse

        return UserTokensResourceWithRawResponse(self._client)


class AsyncUserResource:
    """The calls of `user`, asynchronously."""

    __slots__ = ("_client",)

    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    def __repr__(self) -> str:
        return f"<user of {self._client!r}>"

    @property
    def with_raw_response(self) -> AsyncUserResourceWithRawResponse:
        """The same calls, giving status, headers and body with the result."""
        return AsyncUserResourceWithRawResponse(self._client)

    @property
    def tokens(self) -> AsyncUserTokensResource:
        """The calls below `tokens`."""
        from .user_tokens import AsyncUserTokensResource

        return AsyncUserTokensResource(self._client)


class AsyncUserResourceWithRawResponse:
    """The calls of `user`, asynchronously, with the whole answer."""

    __slots__ = ("_client",)

    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    def __repr__(self) -> str:
        return f"<user of {self._client!r}>"

    @property
    def tokens(self) -> AsyncUserTokensResourceWithRawResponse:
        """The calls below `tokens`."""
        from .user_tokens import AsyncUserTokensResourceWithRawResponse

        return AsyncUserTokensResourceWithRawResponse(self._client)
