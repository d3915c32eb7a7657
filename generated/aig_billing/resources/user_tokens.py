# Made by `make gen`: do not edit. CONTRIBUTING.md says where a change belongs.
"""The calls of `user.tokens`: synchronous and asynchronous, each also with the raw answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aig_billing_runtime.resource import Resource as _Resource

if TYPE_CHECKING:
    from aig_billing_runtime.response import Response

    from ..client import AsyncClient, Client  # noqa: F401 - named in quotes
    from ..models.token_verify_response import TokenVerifyResponse


class UserTokensResource(_Resource["Client"], group="user.tokens"):
    """The calls of `user.tokens`."""

    __slots__ = ()

    @property
    def with_raw_response(self) -> UserTokensResourceWithRawResponse:
        """The same calls, giving status, headers and body with the result."""
        return UserTokensResourceWithRawResponse(self._client)

    def verify(self) -> TokenVerifyResponse:
        """Verify a user's token.

        Says whether the token that is used is accepted, if it belongs to a user. It needs no permission.

        Asks for `GET /user/tokens/verify`.

        Returns:
            TokenVerifyResponse.

        Raises:
            APIError: When no documented answer came; see `aig_billing.errors`.
            ValueError, TypeError: When an argument is invalid; nothing was sent.
        """
        from ..api.tokens import user_tokens_verify as _operation

        return self._client.send(_operation.call())


class UserTokensResourceWithRawResponse(_Resource["Client"], group="user.tokens"):
    """The calls of `user.tokens`, with the whole answer."""

    __slots__ = ()

    def verify(self) -> Response[TokenVerifyResponse]:
        """Like `user.tokens.verify`, with the whole answer."""
        from ..api.tokens import user_tokens_verify as _operation

        return self._client.send_detailed(_operation.call())


class AsyncUserTokensResource(_Resource["AsyncClient"], group="user.tokens"):
    """The calls of `user.tokens`, asynchronously."""

    __slots__ = ()

    @property
    def with_raw_response(self) -> AsyncUserTokensResourceWithRawResponse:
        """The same calls, giving status, headers and body with the result."""
        return AsyncUserTokensResourceWithRawResponse(self._client)

    async def verify(self) -> TokenVerifyResponse:
        """Verify a user's token.

        Says whether the token that is used is accepted, if it belongs to a user. It needs no permission.

        Asks for `GET /user/tokens/verify`.

        Returns:
            TokenVerifyResponse.

        Raises:
            APIError: When no documented answer came; see `aig_billing.errors`.
            ValueError, TypeError: When an argument is invalid; nothing was sent.
        """
        from ..api.tokens import user_tokens_verify as _operation

        return await self._client.send(_operation.call())


class AsyncUserTokensResourceWithRawResponse(_Resource["AsyncClient"], group="user.tokens"):
    """The calls of `user.tokens`, asynchronously, with the whole answer."""

    __slots__ = ()

    async def verify(self) -> Response[TokenVerifyResponse]:
        """Like `user.tokens.verify`, with the whole answer."""
        from ..api.tokens import user_tokens_verify as _operation

        return await self._client.send_detailed(_operation.call())
