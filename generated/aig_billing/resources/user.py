# Made by `make gen`: do not edit. CONTRIBUTING.md says where a change belongs.
"""The calls of `user`: synchronous and asynchronous, each also with the raw answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aig_billing_runtime.resource import Resource as _Resource

if TYPE_CHECKING:
    from ..client import AsyncClient, Client  # noqa: F401 - named in quotes
    from .user_tokens import (
        AsyncUserTokensResource,
        AsyncUserTokensResourceWithRawResponse,
        UserTokensResource,
        UserTokensResourceWithRawResponse,
    )


class UserResource(_Resource["Client"], group="user"):
    """The calls of `user`."""

    __slots__ = ()

    @property
    def with_raw_response(self) -> UserResourceWithRawResponse:
        """The same calls, giving status, headers and body with the result."""
        return UserResourceWithRawResponse(self._client)

    @property
    def tokens(self) -> UserTokensResource:
        """The calls below `tokens`."""
        from .user_tokens import UserTokensResource

        return UserTokensResource(self._client)


class UserResourceWithRawResponse(_Resource["Client"], group="user"):
    """The calls of `user`, with the whole answer."""

    __slots__ = ()

    @property
    def tokens(self) -> UserTokensResourceWithRawResponse:
        """The calls below `tokens`."""
        from .user_tokens import UserTokensResourceWithRawResponse

        return UserTokensResourceWithRawResponse(self._client)


class AsyncUserResource(_Resource["AsyncClient"], group="user"):
    """The calls of `user`, asynchronously."""

    __slots__ = ()

    @property
    def with_raw_response(self) -> AsyncUserResourceWithRawResponse:
        """The same calls, giving status, headers and body with the result."""
        return AsyncUserResourceWithRawResponse(self._client)

    @property
    def tokens(self) -> AsyncUserTokensResource:
        """The calls below `tokens`."""
        from .user_tokens import AsyncUserTokensResource

        return AsyncUserTokensResource(self._client)


class AsyncUserResourceWithRawResponse(_Resource["AsyncClient"], group="user"):
    """The calls of `user`, asynchronously, with the whole answer."""

    __slots__ = ()

    @property
    def tokens(self) -> AsyncUserTokensResourceWithRawResponse:
        """The calls below `tokens`."""
        from .user_tokens import AsyncUserTokensResourceWithRawResponse

        return AsyncUserTokensResourceWithRawResponse(self._client)
